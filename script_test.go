package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sonata.ai/sonata/internal/testkit/postgres"
)

// The scripts in testdata/script drive the real program from outside: over HTTP, websockets and signals, never through
// its packages. Each file is one rule; its name says which. Besides testscript's own commands and `sonata`, which is the
// program itself in a process of its own, a script has these:
//
//	serve [flag…]            starts the server on $DATABASE and a free port, and waits for /readyz; --demo is off. Sets
//	                         $URL. Called again it starts the server anew. $DATABASE is $WORK/data/sonata.db, or one on
//	                         the PostgreSQL that TEST_POSTGRES names.
//	newdatabase              makes $DATABASE an empty one; nothing runs
//	shutdown                 SIGTERM; the server must exit with 0
//	crash                    SIGKILL
//	at NAME                  requests go to the address that the console gives for NAME, for instance Operators
//	shop                     registers the frontend `shop`, a build and the drafts in shared/shop.json through the API and
//	                         publishes nothing. Sets $SHOP, $BUILD (manifest), $HOME_ID, $ABOUT_ID and $FOOTER_ID.
//
//	graphql DOC [NAME=VALUE…]   sends an operation. DOC is a document, a file of the script, or a name in shared/. VALUE is
//	                         JSON, else text, or @FILE for the JSON in a file; NAME may have dots. When the document declares
//	                         $input, names are fields of it. It must be answered without errors and userErrors; with `!`
//	                         it must be refused by either.
//	as developer|nobody|KEY  who sends what follows with graphql and subscribe
//	key NAME SCOPE[,SCOPE…] [NAME=VALUE…]   makes an API key as the developer; sets $NAME to it and $NAME_ID
//	http METHOD PATH ['Header: value'…] [@FILE | BODY]   sends anything; `status` says what must come back
//	picture FILE WIDTH HEIGHT [SEED]   paints a .png, a .jpg or an animated .gif; a name that begins with clear has transparency
//	put PATH FILE ['Header: value'…]   sends the bytes of a file
//	certificate NAME HOST [DURATION]   writes NAME.crt and NAME.key, valid for an hour, or for DURATION, which may be negative
//	status PATTERN           the status of the last answer
//	header NAME PATTERN      a header of the last answer; with `!` it has none that matches
//
//	subscribe [-sse] [-origin O] [-with STREAM] NAME DOC [NAME=VALUE…]   opens a stream, over a websocket
//	                         (graphql-transport-ws) of its own or the one that STREAM has, or by server-sent events; with
//	                         `!` it must be refused, and the refusal is the answer. A websocket ends with its first stream
//	event NAME               waits five seconds at most for the stream's next event, which becomes the answer
//	silent NAME              nothing comes for 300 ms
//	ended NAME               the stream completes; an error that it ends with becomes the answer
//	cut NAME                 the connection of the stream is ended by the server, five seconds from now at most
//	unsubscribe NAME         closes the stream
//
//	expect PATH VALUE        the answer has the value there. VALUE is text, JSON, @FILE, or ~REGEXP. With `!` it has another.
//	absent PATH              null, or for a name without dots nothing at all
//	capture NAME PATH        keeps a value as $NAME
//	pick NAME FILE PATTERN   keeps what the group of the pattern matched last in a file, or in stdout, as $NAME
//	until PATH VALUE         sends the last `graphql` again until the answer has the value, ten seconds at most
//	clock NAME DURATION      sets $NAME to the time that long from now, for instance for a schedule
//	repeat NAME FROM-TO TEXT sets $NAME to the text for each of the numbers; a # in it is the number
//
// A PATH such as blocks[key=hero].props.title leads into the answer, else into its data, else into the only field of its
// data. [0] takes an item, [key=hero] the first that has the value, [*] all of them; .length is how many there are.
// ${NAME} is filled in documents, values and files; $NAME where testscript does it.
//
// What holds for every answer of every script is not repeated in them: it shows nothing from inside (SQL, paths, Go types,
// stacks), each error has an extensions.code, and the log of the server has no panic and no internal error.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup:               setUpScript,
		Condition:           conditionOf,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serveCommand, "newdatabase": newDatabaseCommand, "shutdown": shutdownCommand, "crash": crashCommand, "child": childCommand, "shop": shopCommand,
			"as": asCommand, "key": keyCommand, "cut": cutCommand,
			"graphql": graphqlCommand, "http": httpCommand, "picture": pictureCommand, "put": putCommand, "certificate": certificateCommand, "at": atCommand, "status": statusCommand, "header": headerCommand,
			"subscribe": subscribeCommand, "event": eventCommand, "silent": silentCommand, "ended": endedCommand,
			"unsubscribe": unsubscribeCommand,
			"expect":      expectCommand, "absent": absentCommand, "capture": captureCommand, "pick": pickCommand, "until": untilCommand,
			"clock": clockCommand, "repeat": repeatCommand,
		},
	})
}

// TestMain makes this test binary the program when it is called by that name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sonata": main})
}

type scriptKey struct{}

// script is what the commands of one script share.
type script struct {
	shared  string        // absolute path of testdata/script/shared
	fresh   func() string // makes an empty database and returns its address
	server  *serverProcess
	last    answer
	again   func() answer // sends the last graphql once more
	streams map[string]*stream
	as      http.Header // of who asks; nil for the developer
}

// conditionOf answers [sqlite]: whether the server keeps things in a file.
func conditionOf(name string) (bool, error) {
	if name != "sqlite" {
		return false, fmt.Errorf("there is no condition %q", name)
	}
	return os.Getenv("TEST_POSTGRES") == "", nil
}

func setUpScript(env *testscript.Env) error {
	shared, err := filepath.Abs("testdata/script/shared")
	if err != nil {
		return err
	}
	s := &script{shared: shared, streams: map[string]*stream{}}
	env.Values[scriptKey{}] = s
	log := filepath.Join(env.WorkDir, logName)
	tb, ok := env.T().(testing.TB)
	if !ok {
		return fmt.Errorf("testscript no longer passes a testing.TB")
	}
	s.fresh = func() string {
		folder := filepath.Join(env.WorkDir, "data") // the pictures are there, too
		if err := os.RemoveAll(folder); err != nil {
			tb.Fatal(err)
		}
		if database := postgres.Fresh(tb); database != "" {
			return database
		}
		return "sqlite:" + filepath.Join(folder, "sonata.db")
	}
	env.Setenv("DATABASE", s.fresh())
	tb.Cleanup(func() {
		if s.server != nil {
			s.server.kill()
		}
	})
	env.Defer(func() {
		for _, x := range s.streams {
			x.close()
		}
		if s.server != nil {
			s.server.kill()
		}
		for _, line := range suspicious(log) {
			tb.Errorf("the log of the server says: %s", line)
		}
	})
	return nil
}

// suspicious returns the lines of a log that no script may cause.
func suspicious(log string) (found []string) {
	raw, err := os.ReadFile(log)
	if err != nil {
		return nil // nothing was served
	}
	for line := range strings.Lines(string(raw)) {
		for _, bad := range []string{`"internal error"`, `"panic"`, "will be tried again", "goroutine "} {
			if strings.Contains(line, bad) {
				found = append(found, line)
				break
			}
		}
	}
	return found
}

func of(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

// never says that a command has no negated form.
func never(ts *testscript.TestScript, neg bool, args []string, atLeast int, usage string) {
	if neg || len(args) < atLeast {
		ts.Fatalf("usage: %s", usage)
	}
}

func expectCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] expect PATH VALUE")
	}
	got, err := of(ts).last.at(args[0])
	ts.Check(err)
	if same, err := matches(got, wanted(ts, args[1])); err != nil || same == neg {
		ts.Fatalf("%s is %s (%v) in\n%s", args[0], show(got), err, of(ts).last.body)
	}
}

func absentCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "absent PATH")
	got, err := of(ts).last.at(args[0])
	if len(stepsOf(args[0])) > 1 { // what is selected is there, so that a typing mistake does not pass for nothing
		ts.Check(err)
	}
	if err == nil && got != nil {
		ts.Fatalf("%s is %s in\n%s", args[0], show(got), of(ts).last.body)
	}
}

func captureCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 2, "capture NAME PATH")
	got, err := of(ts).last.at(args[1])
	ts.Check(err)
	ts.Setenv(args[0], show(got))
}

func pickCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 3, "pick NAME FILE PATTERN")
	re, err := regexp.Compile(args[2])
	ts.Check(err)
	found := re.FindAllStringSubmatch(ts.ReadFile(args[1]), -1)
	if len(found) == 0 {
		ts.Fatalf("%s has nothing that matches %s", args[1], args[2])
	}
	ts.Setenv(args[0], found[len(found)-1][1])
}

func statusCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "status PATTERN")
	if got := fmt.Sprint(of(ts).last.status); !pattern(ts, args[0]).MatchString(got) {
		ts.Fatalf("the status is %s:\n%s", got, of(ts).last.body)
	}
}

func headerCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] header NAME PATTERN")
	}
	matched := false
	for _, value := range of(ts).last.header.Values(args[0]) {
		matched = matched || pattern(ts, args[1]).MatchString(value)
	}
	if matched == neg {
		ts.Fatalf("the header %s is %q", args[0], of(ts).last.header.Values(args[0]))
	}
}
