package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
)

const subgraphUsage = `usage: sonata subgraph check    --service catalog --schema catalog.graphql
       sonata subgraph publish  --service catalog --schema catalog.graphql --url https://catalog.example/graphql
       sonata subgraph rollback --service catalog --to 3
       sonata subgraph withdraw --service catalog
run ` + "`sonata subgraph help`" + ` for all flags`

const subgraphHelp = `sonata subgraph - what services contribute to the graph

  sonata subgraph check    --service catalog --schema catalog.graphql    # says what publishing it would do; changes nothing
  sonata subgraph publish  --service catalog --schema catalog.graphql --url https://catalog.example/graphql
  sonata subgraph rollback --service catalog --to 3                      # makes an older version the live one again
  sonata subgraph withdraw --service catalog                             # takes the service out of the graph

  --service          name of the service: 2 to 64 lower-case letters, digits and dashes, beginning with a letter
  --schema           file with the schema, with the directives of Federation 2 (check, publish)
  --introspect       ask the service at --url for its schema instead (check, publish)
  --url              where the service answers GraphQL requests, as Sonata reaches it (publish; check with --introspect)
  --owner, --description, --contact, --repository, --docs-url
                     what people should know of the service; what is left out stays as it is (publish)
  --node-prefix      what the service's ids begin with, as prd of prd_17: node(id) with it is sent there (publish)
  --to               number of the version (rollback)
  --allow-breaking   do it although clients break (publish, rollback, withdraw)
  --server           address of the server, without /graphql (http://127.0.0.1:8080)

SONATA_API_KEY is the API key to send; check needs services:read for the service, the others services:write. A development
server on this machine takes none. A key that may read the documents of a frontend is told the names of those that break.

What does not compose with the schemas of the other services is refused, and so is what would break clients. The exit code is
0 when it is done (check: when it could be), 1 when it is refused or did not work, 2 when the command is not understood.
Publishing the same again changes nothing. A change is served a moment later, without a restart.`

// subgraphCommand is `sonata subgraph …` as it was typed.
type subgraphCommand struct {
	verb          string
	server        remote
	service       string
	schema, url   string
	introspect    bool
	to            int
	allowBreaking bool
	details       map[string]any // fields of SubgraphPublishInput that were given
}

func subgraph(ctx context.Context, args, environ []string, stdout io.Writer) error {
	c, err := parseSubgraph(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, subgraphHelp)
		return nil
	}
	if err != nil {
		return err
	}
	c.server.key = variable(environ, keyVariable)
	switch c.verb {
	case "check":
		return c.check(ctx, stdout)
	case "publish":
		return c.publish(ctx, stdout)
	case "rollback":
		return c.rollBack(ctx, stdout)
	default:
		return c.withdraw(ctx, stdout)
	}
}

func parseSubgraph(args []string) (*subgraphCommand, error) {
	c := &subgraphCommand{details: map[string]any{}}
	if len(args) > 0 {
		c.verb = args[0]
	}
	if slices.Contains([]string{"help", "--help", "-h"}, c.verb) {
		return nil, flag.ErrHelp
	}
	flags := flag.NewFlagSet("sonata subgraph", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.server.url, "server", "http://127.0.0.1:8080", "")
	flags.StringVar(&c.service, "service", "", "")
	switch c.verb {
	case "check", "publish":
		flags.StringVar(&c.schema, "schema", "", "")
		flags.BoolVar(&c.introspect, "introspect", false, "")
		flags.StringVar(&c.url, "url", "", "")
	case "rollback":
		flags.IntVar(&c.to, "to", 0, "")
	case "withdraw":
	default:
		return nil, usagef("%s", subgraphUsage)
	}
	if c.verb != "check" {
		flags.BoolVar(&c.allowBreaking, "allow-breaking", false, "")
	}
	if c.verb == "publish" {
		for name, field := range map[string]string{"owner": "owner", "description": "description", "contact": "contact", "repository": "repository", "docs-url": "docsUrl", "node-prefix": "nodePrefix"} {
			flags.Func(name, "", func(value string) error {
				c.details[field] = value
				return nil
			})
		}
	}
	err := flags.Parse(args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, usagef("%s\n%s", err, subgraphUsage)
	case flags.NArg() > 0:
		return nil, usagef("%q is not a flag\n%s", flags.Arg(0), subgraphUsage)
	}
	return c, c.complete()
}

// complete says what is missing.
func (c *subgraphCommand) complete() error {
	takesSchema := c.verb == "check" || c.verb == "publish"
	missing := ""
	switch {
	case c.service == "":
		missing = "--service is missing"
	case takesSchema && c.schema == "" && !c.introspect:
		missing = "say where the schema is: --schema and a file, or --introspect"
	case takesSchema && c.schema != "" && c.introspect:
		missing = "--schema and --introspect are two places for one schema: give one of them"
	case c.url == "" && c.introspect:
		missing = "--introspect asks the service: say at which --url"
	case c.url == "" && c.verb == "publish":
		missing = "--url is missing"
	case c.verb == "rollback" && c.to < 1:
		missing = "--to is missing: the number of a version, from 1"
	default:
		return nil
	}
	return usagef("%s\n%s", missing, subgraphUsage)
}

// sdl is the schema, from the file or from the service.
func (c *subgraphCommand) sdl(ctx context.Context) (string, error) {
	if c.introspect {
		return schemaOf(ctx, c.url)
	}
	raw, err := os.ReadFile(c.schema)
	if err != nil {
		return "", usagef("cannot read the schema: %s", err)
	}
	return string(raw), nil
}

func (c *subgraphCommand) check(ctx context.Context, stdout io.Writer) error {
	sdl, err := c.sdl(ctx)
	if err != nil {
		return err
	}
	var answer struct {
		SubgraphCheck *struct {
			Check      *subgraphCheck
			UserErrors []serviceError
		}
	}
	input := map[string]any{"service": c.service, "sdl": sdl}
	if err := c.server.ask(ctx, document.CheckSubgraph, map[string]any{"input": input}, &answer); err != nil {
		return err
	}
	got := answer.SubgraphCheck
	switch {
	case got == nil || got.Check == nil && len(got.UserErrors) == 0:
		return fault.Unavailablef("the server gave no answer")
	case got.Check == nil:
		return c.refused("the schema cannot be checked", got.UserErrors)
	case !got.Check.OK:
		return c.broken(c.service+" would be refused", *got.Check)
	}
	fmt.Fprintf(stdout, "%s can be published: %s\n", c.service, got.Check.summary())
	for _, line := range c.listed(*got.Check) {
		fmt.Fprintf(stdout, "  - %s\n", line)
	}
	return nil
}

func (c *subgraphCommand) publish(ctx context.Context, stdout io.Writer) error {
	sdl, err := c.sdl(ctx)
	if err != nil {
		return err
	}
	input := map[string]any{"service": c.service, "sdl": sdl, "url": c.url, "allowBreaking": c.allowBreaking}
	for field, value := range c.details {
		input[field] = value
	}
	var answer struct{ SubgraphPublish *changedService }
	if err := c.server.ask(ctx, document.PublishSubgraph, map[string]any{"input": input}, &answer); err != nil {
		return err
	}
	return c.changed("published %s", "nothing was published", answer.SubgraphPublish, stdout)
}

func (c *subgraphCommand) rollBack(ctx context.Context, stdout io.Writer) error {
	var answer struct{ SubgraphRollBack *changedService }
	input := map[string]any{"service": c.service, "toNumber": c.to, "allowBreaking": c.allowBreaking}
	if err := c.server.ask(ctx, document.RollBackSubgraph, map[string]any{"input": input}, &answer); err != nil {
		return err
	}
	return c.changed("rolled %s back", "nothing was rolled back", answer.SubgraphRollBack, stdout)
}

func (c *subgraphCommand) changed(done, refused string, got *changedService, stdout io.Writer) error {
	switch {
	case got != nil && len(got.UserErrors) > 0:
		return c.refused(refused, got.UserErrors)
	case got == nil || got.Service == nil || got.Service.Live == nil || got.Supergraph == nil:
		return fault.Unavailablef("the server gave no answer")
	}
	fmt.Fprintf(stdout, done+": version %d of its schema is in version %d of the graph\n", c.service, got.Service.Live.Number, got.Supergraph.Number)
	return nil
}

func (c *subgraphCommand) withdraw(ctx context.Context, stdout io.Writer) error {
	var answer struct {
		ServiceWithdraw *struct {
			Withdrawn  string
			Supergraph *struct{ Number int }
			UserErrors []serviceError
		}
	}
	input := map[string]any{"service": c.service, "allowBreaking": c.allowBreaking}
	if err := c.server.ask(ctx, document.WithdrawService, map[string]any{"input": input}, &answer); err != nil {
		return err
	}
	got := answer.ServiceWithdraw
	switch {
	case got != nil && len(got.UserErrors) > 0:
		return c.refused("nothing was withdrawn", got.UserErrors)
	case got == nil || got.Supergraph == nil:
		return fault.Unavailablef("the server gave no answer")
	}
	fmt.Fprintf(stdout, "withdrew %s: version %d of the graph is without it\n", strings.TrimSpace(got.Withdrawn), got.Supergraph.Number)
	return nil
}
