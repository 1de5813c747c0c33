// Command sonata is the server and its command line: `sonata help` lists what it does.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"sonata.ai/sonata/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
