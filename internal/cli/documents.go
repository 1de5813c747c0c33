package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
)

const documentsUsage = `usage: sonata documents push --frontend shop [--server http://127.0.0.1:8080] manifest.json`

const documentsHelp = documentsUsage + `

  --frontend   slug of the frontend
  --server     address of the server, without /graphql

SONATA_API_KEY is the API key to send; it needs documents:write for the frontend. A development server on this machine
takes none.

manifest.json is what the client's tools write: Apollo's generate-persisted-query-manifest, relay-compiler (persistConfig),
graphql-codegen's client preset (persistedDocuments), gql.tada, or any map of ids to documents. All documents are
registered or, when one cannot run, none; pushing the same again changes nothing.`

// documents registers the operations of a manifest and says what is wrong with those that cannot run.
func documents(ctx context.Context, args, environ []string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "push" {
		return usagef("%s", documentsUsage)
	}
	flags := flag.NewFlagSet("sonata documents push", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	server := flags.String("server", "http://127.0.0.1:8080", "")
	frontend := flags.String("frontend", "", "")
	err := flags.Parse(args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, documentsHelp)
		return nil
	}
	switch {
	case err != nil:
		return usagef("%s\n%s", err, documentsUsage)
	case flags.NArg() > 1 && strings.HasPrefix(flags.Arg(1), "-"):
		return usagef("flags come before the file\n%s", documentsUsage)
	case *frontend == "":
		return usagef("--frontend is missing\n%s", documentsUsage)
	case flags.NArg() != 1:
		return usagef("name one manifest; these are %d\n%s", flags.NArg(), documentsUsage)
	}
	raw, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return usagef("cannot read the manifest: %s", err)
	}
	if _, err := document.ParseManifest(raw); err != nil { // said without asking anybody
		return err
	}
	return pushDocuments(ctx, remote{url: *server, key: variable(environ, keyVariable)}, *frontend, raw, stdout)
}

type pushAnswer struct {
	DocumentsRegister *struct {
		Added      int        `json:"added"`
		Documents  []struct{} `json:"documents"`
		UserErrors []struct {
			Message string   `json:"message"`
			Path    []string `json:"path"`
			Name    string   `json:"name"`
			Line    int      `json:"line"`
			Column  int      `json:"column"`
		} `json:"userErrors"`
	} `json:"documentsRegister"`
}

func pushDocuments(ctx context.Context, server remote, frontend string, manifest json.RawMessage, stdout io.Writer) error {
	var answer pushAnswer
	input := map[string]any{"frontend": frontend, "manifest": manifest}
	if err := server.ask(ctx, document.PushDocuments, map[string]any{"input": input}, &answer); err != nil {
		return err
	}
	got := answer.DocumentsRegister
	if got == nil {
		return fault.Unavailablef("the server gave no answer")
	}
	if len(got.UserErrors) == 0 {
		report(stdout, got.Added, len(got.Documents), frontend)
		return nil
	}
	var all []string
	for _, e := range got.UserErrors {
		where := e.Name
		if where == "" && len(e.Path) > 0 {
			where = e.Path[len(e.Path)-1]
		}
		if e.Line > 0 {
			where += fmt.Sprintf(":%d:%d", e.Line, e.Column)
		}
		all = append(all, strings.TrimPrefix(where+": ", ": ")+e.Message)
	}
	return fault.Invalidf("nothing was registered:\n  - %s", strings.Join(all, "\n  - "))
}

func report(stdout io.Writer, added, all int, frontend string) {
	plural := "s"
	if all == 1 {
		plural = ""
	}
	if added == all {
		fmt.Fprintf(stdout, "registered %d document%s of %s\n", added, plural, frontend)
		return
	}
	fmt.Fprintf(stdout, "registered %d of %d document%s of %s; the others were registered before\n", added, all, plural, frontend)
}
