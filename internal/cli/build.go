package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
)

const buildUsage = `usage: sonata build register --frontend shop --name 2.0 [--server http://127.0.0.1:8080] manifest.json`

const buildHelp = buildUsage + `

  --frontend   slug of the frontend
  --name       name of the build, for instance its version
  --server     address of the server, without /graphql

manifest.json lists what the build can render, with the fields of ComponentSupportInput:
  {"components": [{"key": "page", "version": "1.0", "slots": ["children"]},
                  {"key": "text", "version": "1.0", "propsSchema": {"type": "object", "properties": {"text": {"type": "string"}}}}]}`

// build registers what a bundle can render and says what broke.
func build(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) == 0 || args[0] != "register" {
		return fault.Invalidf("%s", buildUsage)
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
		return fault.Invalidf("%s", buildUsage)
	}
	raw, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return fault.Invalidf("cannot read the manifest: %s", err)
	}
	file, err := component.ReadFile(raw)
	if err != nil {
		return err
	}
	return registerBuild(ctx, *server, map[string]any{"frontend": *frontend, "name": *name, "components": file.Components}, stdout)
}

const registerDocument = `mutation BuildRegister($input: BuildRegisterInput!) {
  buildRegister(input: $input) {
    manifest
    breakingChanges
    userErrors { message path }
  }
}`

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

func registerBuild(ctx context.Context, server string, input map[string]any, stdout io.Writer) error {
	var answer registerAnswer
	if err := ask(ctx, server, registerDocument, map[string]any{"input": input}, &answer); err != nil {
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

// ask sends one operation to a server and reads its data.
func ask(ctx context.Context, server, document string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(strings.TrimSuffix(server, "/"), "/graphql")+"/graphql", bytes.NewReader(body))
	if err != nil {
		return fault.Invalidf("--server %q is not a URL", server)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fault.Unavailablef("cannot reach %s: is the server running there?", server).Because(err)
	}
	defer response.Body.Close()
	answer := struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}{}
	if err := json.NewDecoder(io.LimitReader(response.Body, 16<<20)).Decode(&answer); err != nil {
		return fault.Unavailablef("%s does not answer GraphQL (status %d)", server, response.StatusCode)
	}
	if len(answer.Errors) > 0 {
		return fault.Invalidf("the server says: %s", answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, data)
}
