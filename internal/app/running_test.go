package app_test

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"

	"sonata.ai/sonata/internal/app"
	"sonata.ai/sonata/internal/config"
)

// running is a server on a free port of loopback that runs until the test ends; log gets everything that it says.
func running(t testing.TB, path string, log io.Writer, environ []string, flags ...string) *app.App {
	t.Helper()
	a, stop := runningUntil(t, path, log, environ, flags...)
	t.Cleanup(stop)
	return a
}

// runningUntil is running until stop is called, which may be more than once.
func runningUntil(t testing.TB, path string, log io.Writer, environ []string, flags ...string) (a *app.App, stop func()) {
	t.Helper()
	cfg, err := config.Load(append([]string{"--listen", "127.0.0.1:0", "--database", "sqlite:" + path}, flags...), environ, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = app.New(t.Context(), cfg, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	return a, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
}
