package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
)

const buildUsage = `usage: sonata build register --frontend shop --name 2.0 [--server http://127.0.0.1:8080] manifest.json`

const buildHelp = buildUsage + `

  --frontend   slug of the frontend
  --name       name of the build, for instance its version
  --server     address of the server, without /graphql

SONATA_API_KEY is the API key to send; it needs components:write for the frontend. A development server on this machine
takes none.

manifest.json lists what the build can render, with the fields of ComponentSupportInput:
  {"components": [{"key": "page", "version": "1.0", "slots": ["children"]},
                  {"key": "text", "version": "1.0", "propsSchema": {"type": "object", "properties": {"text": {"type": "string"}}}}]}`

// build registers what a bundle can render and says what broke.
func build(ctx context.Context, args, environ []string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "register" {
		return usagef("%s", buildUsage)
	}
	flags := flag.NewFlagSet("sonata build register", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	server := flags.String("server", "http://127.0.0.1:8080", "")
	frontend := flags.String("frontend", "", "")
	name := flags.String("name", "", "")
	err := flags.Parse(args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, buildHelp)
		return nil
	}
	if err != nil || *frontend == "" || *name == "" || flags.NArg() != 1 {
		return usagef("%s", buildUsage)
	}
	raw, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return usagef("cannot read the manifest: %s", err)
	}
	file, err := component.ReadFile(raw)
	if err != nil {
		return err
	}
	return registerBuild(ctx, remote{url: *server, key: variable(environ, keyVariable)}, map[string]any{"frontend": *frontend, "name": *name, "components": file.Components}, stdout)
}

type registerAnswer struct {
	BuildRegister *struct {
		Manifest        string   `json:"manifest"`
		BreakingChanges []string `json:"breakingChanges"`
		UserErrors      []struct {
			Message string   `json:"message"`
			Path    []string `json:"path"`
		} `json:"userErrors"`
	} `json:"buildRegister"`
}

func registerBuild(ctx context.Context, server remote, input map[string]any, stdout io.Writer) error {
	var answer registerAnswer
	if err := server.ask(ctx, document.RegisterBuild, map[string]any{"input": input}, &answer); err != nil {
		return err
	}
	got := answer.BuildRegister
	if got == nil {
		return fault.Unavailablef("the server gave no answer")
	}
	if len(got.BreakingChanges) > 0 {
		return fault.Invalidf("refused:\n  - %s\nMake what breaks a new major version of the component; what only adds, a new minor",
			strings.Join(got.BreakingChanges, "\n  - "))
	}
	if len(got.UserErrors) > 0 {
		var all []string
		for _, e := range got.UserErrors {
			all = append(all, fmt.Sprintf("%s (%s)", e.Message, strings.Join(e.Path, ".")))
		}
		return fault.Invalidf("refused: %s", strings.Join(all, "\n         "))
	}
	fmt.Fprintf(stdout, "registered %s of %s\nmanifest %s\n", input["name"], input["frontend"], got.Manifest)
	return nil
}
