// Package cli is the command line: `sonata serve` and the commands that talk to a running server.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
)

const help = `sonata - screens, releases and live updates for frontends, through one GraphQL endpoint

  sonata [serve] [flags]        start the server; this is also what sonata does without a command
  sonata build register …       register what a build of a frontend can render (for CI)
  sonata documents push …       register the operations that a frontend sends (for CI)
  sonata subgraph check|publish|rollback|withdraw …
                                what a service contributes to the graph (for CI)
  sonata agent …                run a program as instances of a service: watched, measured, scaled
  sonata audit verify           check that nobody altered the audit log
  sonata member list|link       who can sign in, and a link for somebody who cannot
  sonata version                which version this is
  sonata help                   this text and all settings
`

// codeUsage marks the fault of a command that was not understood, so that CI can tell it from a refusal.
const codeUsage = "USAGE"

func usagef(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeUsage)
}

// Run does what the arguments say and returns the exit code: 0 for success, 1 for a failure that it explains on
// stderr, 2 for a command that was not understood. It ends early when ctx does.
func Run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	err := run(ctx, args, environ, stdout, stderr)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(stderr, "sonata:", err)
	f := fault.As(err)
	if f != nil && f.Hint != "" {
		fmt.Fprintln(stderr, "       ", f.Hint)
	}
	if f != nil && f.Code == codeUsage {
		return 2
	}
	return 1
}

func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	command := "serve"
	switch {
	case len(args) > 0 && args[0] == "--version":
		command = "version"
	case len(args) > 0 && args[0] != "" && args[0][0] != '-':
		command, args = args[0], args[1:]
	}
	switch command {
	case "serve":
		return serve(ctx, args, environ, stdout, stderr)
	case "build":
		return build(ctx, args, environ, stdout)
	case "documents":
		return documents(ctx, args, environ, stdout)
	case "subgraph":
		return subgraph(ctx, args, environ, stdout)
	case "agent":
		return runAgent(ctx, args, environ, stdout, stderr)
	case "audit":
		return audit(ctx, args, environ, stdout)
	case "member":
		return member(ctx, args, environ, stdout)
	case hashCommand:
		return access.ServeHashes(os.Stdin, stdout)
	case "version":
		fmt.Fprintln(stdout, version())
		return nil
	case "help":
		fmt.Fprint(stdout, help+"\n")
		return serve(ctx, []string{"--help"}, nil, stdout, stderr)
	default:
		return usagef("%q is not a command: run `sonata help`", command)
	}
}
