package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// beat is the heartbeat of one instance, with the fields of InstanceHeartbeatInput.
type beat struct {
	Service     string   `json:"service"`
	Instance    string   `json:"instance"`
	URL         string   `json:"url"`
	Version     string   `json:"version,omitempty"`
	Agent       string   `json:"agent"`
	Weight      float64  `json:"weight"`
	Capacity    int      `json:"capacity,omitempty"`
	CPU         *float64 `json:"cpu,omitempty"`
	Cores       float64  `json:"cores"`
	Memory      *float64 `json:"memory,omitempty"`
	Descriptors *int     `json:"descriptors,omitempty"`
	Restarts    int      `json:"restarts"`
	Draining    bool     `json:"draining"`
	TTLSeconds  int      `json:"ttlSeconds"`
}

// verdict is the answer to one.
type verdict struct {
	Command         string
	DesiredReplicas *int
	UserErrors      []struct{ Message string }
}

// mostBeats is how many heartbeats are in one request: the server takes 50 root fields unless its settings say otherwise.
const mostBeats = 40

// Heartbeats is the document that carries so many heartbeats, in the variables b0, b1 …; its text depends on nothing
// else, so that it can be registered. It asks for nothing that needs more rights than the heartbeat itself.
func Heartbeats(n int) string {
	var variables, fields strings.Builder
	for i := range n {
		fmt.Fprintf(&variables, "$b%d: InstanceHeartbeatInput!, ", i)
		fmt.Fprintf(&fields, "  b%d: instanceHeartbeat(input: $b%[1]d) { command desiredReplicas userErrors { message } }\n", i)
	}
	return "mutation InstanceHeartbeats(" + strings.TrimSuffix(variables.String(), ", ") + ") {\n" + fields.String() + "}"
}

// client sends heartbeats to Sonata.
type client struct {
	endpoint, key string
	http          *http.Client
}

func newClient(server, key string) (*client, error) {
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fault.Invalidf("--server %q is not a URL: write http:// or https:// before the host", server)
	}
	return &client{
		endpoint: strings.TrimSuffix(strings.TrimSuffix(server, "/"), "/graphql") + "/graphql", key: key,
		http: &http.Client{
			Timeout:       5 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the key is the server's alone
		},
	}, nil
}

// send says how instances do, and returns what the server says of each, nil where it says nothing. The kind of its
// faults tells what is the matter: Unavailable may pass by itself, others are a refusal.
func (c *client) send(ctx context.Context, beats []beat) ([]*verdict, error) {
	variables := map[string]beat{}
	for i, b := range beats {
		variables[fmt.Sprintf("b%d", i)] = b
	}
	body, err := json.Marshal(map[string]any{"query": Heartbeats(len(beats)), "variables": variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json") // what is refused comes with its status and as GraphQL all the same
	request.Header.Set("GraphQL-Client-Name", "sonata-agent")
	if c.key != "" {
		request.Header.Set("Authorization", "Bearer "+c.key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fault.Unavailablef("cannot reach %s: %s", c.endpoint, unwrapped(err)).Because(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, fault.Unavailablef("%s broke off its answer", c.endpoint).Because(err)
	}
	var answer answer
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, c.refused(response.StatusCode, "", fmt.Sprintf("%s does not answer GraphQL (status %d)", c.endpoint, response.StatusCode))
	}
	verdicts, said := make([]*verdict, len(beats)), false
	for i := range beats {
		verdicts[i] = answer.Data[fmt.Sprintf("b%d", i)]
		said = said || verdicts[i] != nil
	}
	switch {
	case said:
		return verdicts, nil
	case len(answer.Errors) > 0:
		return nil, c.refused(response.StatusCode, answer.Errors[0].Extensions.Code, "the server says: "+answer.Errors[0].Message)
	}
	return nil, c.refused(response.StatusCode, "", fmt.Sprintf("%s gave no answer (status %d)", c.endpoint, response.StatusCode))
}

type answer struct {
	Data   map[string]*verdict
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

// refused is the fault of a request that was answered with nothing to go by.
func (c *client) refused(status int, code, message string) error {
	switch {
	case status == http.StatusUnauthorized || code == "UNAUTHENTICATED":
		return fault.Unauthenticatedf("%s", message).WithHint("SONATA_API_KEY has to be a key that is valid still: make one with the scope instances:write for the service")
	case (status == http.StatusForbidden || code == "FORBIDDEN") && c.key == "":
		return fault.Forbiddenf("%s", message).WithHint("put an API key with the scope instances:write for the service into SONATA_API_KEY")
	case status == http.StatusForbidden || code == "FORBIDDEN":
		return fault.Forbiddenf("%s", message).WithHint("the API key in SONATA_API_KEY needs the scope instances:write for the service")
	case code == "GRAPHQL_VALIDATION_FAILED" || code == "GRAPHQL_PARSE_FAILED":
		return fault.Invalidf("%s", message).WithHint("the server does not know these heartbeats: is it older than this agent?")
	}
	return fault.Unavailablef("%s", message)
}

// unwrapped is the error without the request, which the message names already.
func unwrapped(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// undelivered reports whether the server surely heard nothing of the request.
func undelivered(err error) bool {
	var e *net.OpError
	return errors.As(err, &e) && e.Op == "dial"
}
