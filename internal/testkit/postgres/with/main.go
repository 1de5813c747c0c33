// Command with runs a command beside a PostgreSQL of its own, whose address it finds in TEST_POSTGRES. With -pooler the
// address is that of a PgBouncer in front of it. Usage:
// go run ./internal/testkit/postgres/with [-pooler] go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"sonata.ai/sonata/internal/testkit/postgres"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	pooled := len(args) > 0 && args[0] == "-pooler"
	if pooled {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("usage: with [-pooler] COMMAND ARGUMENTS…")
	}
	s, err := postgres.New(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	address := s.URL("postgres")
	if pooled {
		p, err := s.Pooler(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.Close()) }()
		address = p.URL("postgres")
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "TEST_POSTGRES="+address)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	return cmd.Run()
}
