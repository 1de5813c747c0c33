package config

import (
	"flag"
	"io"
	"log/slog"

	"sonata.ai/sonata/internal/fault"
)

// Log is how the log is written. It goes to standard error.
type Log struct{ Format, Level string }

func (l *Log) register(f *flag.FlagSet) {
	f.StringVar(&l.Format, "log-format", "text", "Form of the log: text or json.")
	f.StringVar(&l.Level, "log-level", "info", "Least level that is logged: debug (each request), info, warn or error.")
}

func (l *Log) check() error {
	if l.Format != "text" && l.Format != "json" {
		return fault.Invalidf("--log-format %q: choose text or json", l.Format)
	}
	switch l.Level {
	case "debug", "info", "warn", "error":
		return nil
	}
	return fault.Invalidf("--log-level %q: choose debug, info, warn or error", l.Level)
}

// Logger returns the logger that the settings describe.
func (l *Log) Logger(w io.Writer) *slog.Logger {
	level := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}[l.Level]
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
