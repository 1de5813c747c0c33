package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"sonata.ai/sonata/internal/app"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/demo"
)

func serve(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	cfg, err := config.Load(args, environ, stdout)
	if err != nil {
		return err
	}
	log := cfg.Log.Logger(stderr)
	slog.SetDefault(log) // libraries that write to the standard logger get the same form
	a, err := app.New(ctx, cfg, log)
	if err != nil {
		return err
	}
	welcome(stdout, a, cfg)
	err = a.Run(ctx)
	return errors.Join(err, a.Close())
}

// welcome says where everything is.
func welcome(w io.Writer, a *app.App, cfg *config.Config) {
	where := cfg.Database.Path()
	if abs, err := filepath.Abs(where); err == nil {
		where = abs
	}
	var live []string
	demoThere := false
	for _, l := range a.Overview() {
		demoThere = demoThere || l.Frontend == demo.Slug
		if l.Release > 0 {
			live = append(live, fmt.Sprintf("%s/%s release %d", l.Frontend, l.Environment, l.Release))
		}
	}
	if len(live) == 0 {
		live = []string{"nothing yet"}
	}
	lines := []string{
		"Sonata is running.", "",
		"  Start here   " + a.URL() + "/",
		"  Demo         " + a.URL() + "/demo/          (as an older build: /demo/?build=1.0)",
		"  GraphiQL     " + a.URL() + "/graphiql",
		"  GraphQL      " + a.URL() + "/graphql",
		"  Health       " + a.URL() + "/readyz         (also /livez, /metrics)",
		"  Database     " + where,
		"  Live         " + strings.Join(live, ", "),
		"  Access       open: whoever reaches this address can change everything", "",
		"Stop it with Ctrl-C.",
	}
	if !demoThere {
		lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "/demo/") })
	}
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}
