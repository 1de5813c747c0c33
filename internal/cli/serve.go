package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
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
	a, err := app.New(ctx, cfg, log, app.HashWith(hasher))
	if err != nil {
		return err
	}
	welcome(ctx, stdout, a, cfg)
	err = a.Run(ctx)
	return errors.Join(err, a.Close())
}

// welcome says where everything is.
func welcome(ctx context.Context, w io.Writer, a *app.App, cfg *config.Config) {
	where := cfg.Database.Address().String()
	if abs, err := filepath.Abs(where); err == nil && !cfg.Database.Address().IsPostgres() {
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
	lines := []string{"Sonata is running.", ""}
	say := func(name, address, hint string) {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("  %-12s %-*s %s", name, len(a.URL())+len("/graphiql"), address, hint), " "))
	}
	if demoThere {
		say("Welcome", a.URL()+"/welcome", "start here: change a headline, publish it, take it back")
	}
	say("Studio", a.URL()+"/studio", "")
	if demoThere {
		say("Demo", a.URL()+"/demo/", "as an older build: /demo/?build=1.0")
	}
	say("GraphiQL", a.URL()+"/graphiql", "")
	say("GraphQL", a.URL()+"/graphql", "")
	if a.Mode() == config.Development {
		say("Health", a.URL()+"/readyz", "also /livez, /metrics")
	} else {
		say("Health", a.URL()+"/readyz", "also /livez")
	}
	if a.AdminURL() != "" {
		say("Operators", a.AdminURL()+"/metrics", "also /debug/pprof/, /livez, /readyz")
	}
	if a.Address() != a.URL() {
		say("Listening", a.Address(), "")
	}
	say("Database", where, "")
	say("Live", strings.Join(live, ", "), "")
	say("Mode", modeInWords(a.Mode(), a.MembersExist(ctx)), "")
	if link := a.SetUpLink(); link != "" {
		why := "Nobody can sign in yet. Open this link to create the first member"
		if a.MembersExist(ctx) {
			why = "Nobody who can sign in is an admin. Open this link to become one"
		}
		lines = append(lines, "", why+"; it works once, until the server stops:", "", "  "+link)
	}
	lines = append(lines, "", "Stop it with Ctrl-C.")
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}

// modeInWords says who may do what without signing in.
func modeInWords(mode config.Mode, membersExist bool) string {
	switch {
	case mode == config.Production:
		return "production: members sign in, programs send an API key"
	case membersExist:
		return "development: members sign in, since there are some"
	}
	return "development: whoever is on this machine is signed in as the developer"
}
