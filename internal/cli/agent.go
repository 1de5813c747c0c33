package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"sonata.ai/sonata/internal/agent"
	"sonata.ai/sonata/internal/fault"
)

const agentUsage = `usage: sonata agent --service catalog [--replicas 2] [flags] -- ./catalog --listen 127.0.0.1:{port}
run ` + "`sonata agent --help`" + ` for all flags`

const agentHelp = `sonata agent - makes a program an instance of a service: as many as you like, each watched and measured

  sonata agent --service catalog --replicas 2 -- ./catalog --listen 127.0.0.1:{port}

  --service          name of the service
  --replicas         how many run, 1 to 200, unless somebody sets another number in Sonata (1)
  --name             name of this agent; its instances are <name>-1, <name>-2 and so on (the name of this machine)
  --host             host that Sonata reaches the instances at (127.0.0.1)
  --path             path of their GraphQL endpoint (/graphql)
  --health           path that answers GET with 2xx when an instance is well; without it the GraphQL endpoint is asked
  --start-timeout    how long an instance may take until it is well (1m)
  --drain-timeout    how long the requests of an instance that is to stop are waited for (30s)
  --ttl              after so long without a heartbeat an instance counts as gone, 2s to 5m; half of it is between two (10s)
  --version          version of the program, to be seen in Sonata
  --capacity         how many requests an instance can work on at a time
  --cores            CPU cores that an instance may use (1)
  --weight           share of traffic relative to its siblings, up to 100 (1)
  --state            folder for what the next agent of this name goes on with (sonata/agent in your cache folder)
  --server           address of the server, without /graphql (http://127.0.0.1:8080)

What follows -- is the command. In its arguments {port} is the port that the instance is to listen at and {instance} its
name; both are in its environment, too, as PORT and SONATA_INSTANCE. It writes where the agent writes.

SONATA_API_KEY is the API key to send, with instances:write for the service; the instances do not get to see it. A
development server on this machine takes none.

Instances that end or do not answer three health checks in a row are started again. Ctrl-C, SIGTERM and SIGHUP let them
finish what they work on and stop them, and then the agent; a second signal stops all at once. Instances outlive an agent
that was killed, and the next one of the same name goes on with them: with another command or --version it replaces them
one by one. The exit code is 0 when all stopped in order, 1 when not or when it could not begin, 2 when the command is not
understood.`

// runAgent is `sonata agent`.
func runAgent(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	c, err := parseAgent(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, agentHelp)
		return nil
	}
	if err != nil {
		return err
	}
	c.Key, c.Environ = variable(environ, keyVariable), environ
	c.Stdout, _ = stdout.(*os.File) // what is no file would need the agent to be read
	c.Stderr, _ = stderr.(*os.File)
	c.Tell = tell(slog.New(slog.NewTextHandler(stderr, nil)).With("service", c.Service))
	a, err := agent.New(*c)
	if f := fault.As(err); f != nil {
		return f.WithCode(codeUsage)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	atOnce := make(chan struct{})
	defer onSignals(cancel, func() { close(atOnce) })()
	return a.Run(ctx, atOnce)
}

// onSignals calls one function at the first signal that asks to stop and another one at the second, until it is undone.
// That a terminal is closed is such a signal, unless whoever started us wants it not to be.
func onSignals(first, second func()) (undo func()) {
	which := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		which = append(which, syscall.SIGHUP)
	}
	signals, over := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, which...)
	go func() {
		for _, do := range []func(){first, second} {
			select {
			case <-signals:
				do()
			case <-over:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
	}
}

// tell writes what happens to the log.
func tell(log *slog.Logger) func(agent.Event) {
	return func(e agent.Event) {
		level, fields := slog.LevelInfo, []any{}
		if e.Trouble {
			level = slog.LevelWarn
		}
		for _, text := range [][2]string{{"instance", e.Instance}, {"reason", e.Reason}, {"hint", e.Hint}} {
			if text[1] != "" {
				fields = append(fields, text[0], text[1])
			}
		}
		if e.Port != 0 {
			fields = append(fields, "port", e.Port)
		}
		if e.PID != 0 {
			fields = append(fields, "pid", e.PID)
		}
		log.Log(context.Background(), level, e.What, fields...)
	}
}

func parseAgent(args []string) (*agent.Config, error) {
	c := &agent.Config{}
	flags := flag.NewFlagSet("sonata agent", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.Server, "server", "http://127.0.0.1:8080", "")
	flags.StringVar(&c.Service, "service", "", "")
	flags.StringVar(&c.Name, "name", "", "")
	flags.IntVar(&c.Replicas, "replicas", 1, "")
	flags.StringVar(&c.Host, "host", "127.0.0.1", "")
	flags.StringVar(&c.Path, "path", "/graphql", "")
	flags.StringVar(&c.Health, "health", "", "")
	flags.DurationVar(&c.Start, "start-timeout", time.Minute, "")
	flags.DurationVar(&c.Drain, "drain-timeout", 30*time.Second, "")
	flags.DurationVar(&c.TTL, "ttl", 10*time.Second, "")
	flags.StringVar(&c.Version, "version", "", "")
	flags.IntVar(&c.Capacity, "capacity", 0, "")
	flags.Float64Var(&c.Cores, "cores", 1, "")
	flags.Float64Var(&c.Weight, "weight", 1, "")
	flags.StringVar(&c.State, "state", "", "")
	if len(args) > 0 && args[0] == "help" {
		return nil, flag.ErrHelp
	}
	err := flags.Parse(args)
	c.Command = flags.Args()
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, usagef("%s\n%s", err, agentUsage)
	case c.Service == "":
		return nil, usagef("--service is missing\n%s", agentUsage)
	case len(c.Command) == 0:
		return nil, usagef("the command is missing: it follows --\n%s", agentUsage)
	}
	if c.Name == "" {
		if c.Name, err = machineName(); err != nil {
			return nil, usagef("this machine has no name: give the agent one with --name")
		}
	}
	if c.State == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, usagef("there is no cache folder (%s): name a folder with --state", err)
		}
		c.State = filepath.Join(cache, "sonata", "agent")
	}
	return c, nil
}

// machineName is the name of this machine, as far as it can be that of an agent.
func machineName() (string, error) {
	name, err := os.Hostname()
	name = strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '.' || r == '-' || r == '_') {
			return r
		}
		return '-'
	}, name)
	return name[:min(len(name), agent.LongestName)], err
}
