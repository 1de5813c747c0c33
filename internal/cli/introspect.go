package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// The limits of what a service may say when it is asked for its schema.
const (
	introspectWithin = 10 * time.Second
	introspectBytes  = 8 << 20 // a schema of 1 MB, however it is escaped
)

const noFederation = "a service without support for Federation cannot be asked: give its schema with --schema"

// schemaOf asks a service for its schema, as Federation lets it be asked.
func schemaOf(ctx context.Context, address string) (string, error) {
	if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", usagef("--url %q is not a URL: write http:// or https:// before the host", address)
	}
	ctx, cancel := context.WithTimeout(ctx, introspectWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(`{"query":"{ _service { sdl } }"}`))
	if err != nil {
		return "", usagef("--url %q is not a URL", address)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json, application/json;q=0.9")
	// Sonata follows no redirect of a service either.
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return "", unanswered(address, err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 && response.StatusCode < 400 {
		return "", fault.Unavailablef("%s answers with a redirect, which Sonata does not follow: name the address behind it", address)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, introspectBytes+1))
	switch {
	case err != nil:
		return "", unanswered(address, err)
	case len(body) > introspectBytes:
		return "", fault.Invalidf("%s answers with more than %d MB: a schema holds at most 1 MB", address, introspectBytes>>20)
	}
	return sdlIn(body, address, response.StatusCode)
}

func unanswered(address string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err) {
		return fault.Unavailablef("%s did not answer within %s", address, introspectWithin).Because(err)
	}
	return fault.Unavailablef("cannot reach %s: is the service running there?", address).Because(err)
}

// sdlIn reads the schema out of an answer.
func sdlIn(body []byte, address string, status int) (string, error) {
	var answer struct {
		Data *struct {
			Service *struct{ SDL string } `json:"_service"`
		}
		Errors []struct{ Message string }
	}
	switch err := json.Unmarshal(body, &answer); {
	case err != nil || answer.Data == nil && len(answer.Errors) == 0:
		return "", fault.Unavailablef("%s does not answer GraphQL (status %d)", address, status)
	case len(answer.Errors) > 0:
		return "", fault.Invalidf("%s does not tell its schema: it says %.300q", address, answer.Errors[0].Message).WithHint(noFederation)
	case answer.Data.Service == nil || strings.TrimSpace(answer.Data.Service.SDL) == "":
		return "", fault.Invalidf("%s does not tell its schema: the answer has none", address).WithHint(noFederation)
	}
	return answer.Data.Service.SDL, nil
}
