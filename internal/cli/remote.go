package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// keyVariable is the environment variable with the API key that commands send. It has no flag, since the arguments of a
// process can be seen by everybody.
const keyVariable = "SONATA_API_KEY"

func variable(environ []string, name string) string {
	for _, pair := range environ {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// remote is a running server.
type remote struct{ url, key string }

// ask sends one operation and reads its data.
func (r remote) ask(ctx context.Context, document string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	if u, err := url.Parse(r.url); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return usagef("--server %q is not a URL: write http:// or https:// before the host", r.url)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(strings.TrimSuffix(r.url, "/"), "/graphql")+"/graphql", bytes.NewReader(body))
	if err != nil {
		return usagef("--server %q is not a URL", r.url)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("GraphQL-Client-Name", "sonata-cli")
	if r.key != "" {
		request.Header.Set("Authorization", "Bearer "+r.key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fault.Unavailablef("cannot reach %s: is the server running there?", r.url).Because(err)
	}
	defer response.Body.Close()
	answer := struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}{}
	if err := json.NewDecoder(io.LimitReader(response.Body, 16<<20)).Decode(&answer); err != nil {
		return fault.Unavailablef("%s does not answer GraphQL (status %d)", r.url, response.StatusCode)
	}
	if len(answer.Errors) == 0 {
		return json.Unmarshal(answer.Data, data)
	}
	said := fault.Invalidf("the server says: %s", answer.Errors[0].Message)
	switch code := answer.Errors[0].Extensions.Code; {
	case code == "FORBIDDEN" && r.key == "":
		return said.WithHint("put an API key that may do this into " + keyVariable)
	case code == "FORBIDDEN" || code == "UNAUTHENTICATED":
		return said.WithHint("the API key is the one in " + keyVariable)
	}
	return said
}
