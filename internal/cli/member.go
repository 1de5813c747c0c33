package cli

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

const memberHelp = `sonata member - who can sign in, for operators who cannot

  sonata member list                     # email, name, roles, when they last signed in and were invited
  sonata member link ada@example.com     # makes a one-time link that sets a new password

  --database     as for sonata serve
  --public-url   as for sonata serve; it begins the link
  --listen       as for sonata serve; without --public-url the link is for this machine and the port of it

They work on the database, beside the running server or without one, and need the rights to write it: whoever has
those may do everything anyway. The link works for a day (three for an invitation that was not accepted), ends the links
before, and is recorded in the audit log as made on the console.
`

// memberCommand is `sonata member …` as it was typed.
type memberCommand struct {
	verb, email                 string
	database, publicURL, listen string
}

func member(ctx context.Context, args, environ []string, stdout io.Writer) error {
	c, err := parseMember(args, environ)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, memberHelp)
		return nil
	}
	if err != nil {
		return err
	}
	database, err := store.ParseAddress(c.database)
	if err != nil {
		return err
	}
	address := ""
	if c.verb == "link" {
		if address, err = config.Address(c.publicURL, c.listen); err != nil {
			return err
		}
	}
	s, err := store.Join(ctx, database)
	if err != nil {
		return err
	}
	members, err := access.NewMembers(s, access.NewPasswords(nil), nil, func() string { return address })
	if err == nil {
		ctx = principal.With(ctx, principal.Acting(principal.Actor{ID: "console", Kind: principal.System, Name: "Console"}))
		if c.verb == "list" {
			err = listMembers(ctx, s, members, stdout)
		} else {
			err = linkMember(ctx, members, c.email, stdout)
		}
	}
	return errors.Join(err, s.Close())
}

func parseMember(args, environ []string) (c memberCommand, err error) {
	if len(args) == 0 {
		return c, usagef("say what to do: sonata member list, or sonata member link and an email address")
	}
	if args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		return c, flag.ErrHelp
	}
	flags := flag.NewFlagSet("sonata member", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.database, "database", databaseSetting(environ), "")
	flags.StringVar(&c.publicURL, "public-url", variable(environ, "SONATA_PUBLIC_URL"), "")
	flags.StringVar(&c.listen, "listen", cmp.Or(variable(environ, "SONATA_LISTEN"), "127.0.0.1:8080"), "")
	c.verb = args[0]
	var words []string
	for rest := args[1:]; len(rest) > 0; { // flags may stand before and behind the address
		if err := flags.Parse(rest); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return c, err
			}
			return c, usagef("%s: run `sonata member help`", err)
		}
		if rest = flags.Args(); len(rest) > 0 {
			words, rest = append(words, rest[0]), rest[1:]
		}
	}
	switch {
	case c.verb == "list" && len(words) == 0:
	case c.verb == "link" && len(words) == 1:
		c.email = words[0]
	case c.verb == "link":
		return c, usagef("name one email address: sonata member link ada@example.com")
	default:
		return c, usagef("%q is not what can be done: run `sonata member help`", strings.Join(append([]string{c.verb}, words...), " "))
	}
	return c, nil
}

func listMembers(ctx context.Context, s *store.Store, members *access.Members, stdout io.Writer) error {
	rows, total, err := members.List(ctx, "", 1<<20)
	if err != nil {
		return err
	}
	if total == 0 {
		fmt.Fprintln(stdout, "There is no member. A production server shows a link on its console that makes the first one.")
		return nil
	}
	slugs := map[string]string{}
	frontends, err := s.Reader(ctx).Frontend.Query().All(ctx)
	if err != nil {
		return fmt.Errorf("read frontends: %w", err)
	}
	for _, f := range frontends {
		slugs[f.ID] = f.Slug
	}
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "EMAIL\tNAME\tROLES\tLAST SIGNED IN\tINVITED")
	for _, row := range rows {
		signedIn := "never"
		switch {
		case row.LastSignedInAt != nil:
			signedIn = onConsole(*row.LastSignedInAt)
		case row.PasswordHash == "":
			signedIn = "not accepted yet"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", row.Email, oneLine(row.Name), roles(row, slugs), signedIn, onConsole(row.CreatedAt))
	}
	return table.Flush()
}

// roles says what a member may do: ADMIN, or DESIGNER of shop (staging).
func roles(row *ent.Member, slugs map[string]string) string {
	var all []string
	for _, g := range principal.DecodeGrants(row.Grants) {
		text := string(g.Role)
		if g.Frontend != "" {
			text += " of " + cmp.Or(slugs[g.Frontend], "a frontend that is gone")
		}
		if len(g.Environments) > 0 {
			text += " (" + strings.Join(g.Environments, ", ") + ")"
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func linkMember(ctx context.Context, members *access.Members, email string, stdout io.Writer) error {
	row, err := members.Find(ctx, email)
	if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
		return f.WithHint("`sonata member list` shows who there is")
	}
	if err != nil {
		return err
	}
	row, link, err := members.CreateLink(ctx, row.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "With this link %s (%s) sets a new password, once, until %s:\n\n  %s\n\n", oneLine(row.Name), row.Email, onConsole(link.Expires), link.URL)
	fmt.Fprint(stdout, "Hand it over safely: whoever opens it signs in as that member. Links from before have ended; sessions end when it is used.\n")
	return nil
}

func onConsole(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// oneLine keeps a name that somebody chose on its line.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }
