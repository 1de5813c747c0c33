package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// checker asks instances how they do, each time by a connection of its own: one that stays open would say nothing about
// whether the instance still takes new ones.
type checker struct {
	client *http.Client
	health string // path of the health check; empty asks the endpoint
	path   string // path of the GraphQL endpoint
}

func newChecker(c Config) *checker {
	return &checker{health: c.Health, path: c.Path, client: &http.Client{
		Timeout:       c.Pace.CheckWithin,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// check returns why the instance at a port is not healthy, or nil.
func (c *checker) check(ctx context.Context, port int) error {
	method, path, body := http.MethodGet, c.health, ""
	if path == "" {
		method, path, body = http.MethodPost, c.path, `{"query":"{__typename}"}`
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://127.0.0.1:"+strconv.Itoa(port)+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	switch {
	case err != nil:
		return err
	case response.StatusCode/100 != 2:
		return fmt.Errorf("%s %s answers with status %d", method, path, response.StatusCode)
	case body != "" && (!json.Valid(answer) || !bytes.HasPrefix(bytes.TrimSpace(answer), []byte("{"))):
		return fmt.Errorf("%s %s does not answer GraphQL", method, path)
	}
	return nil
}

// checked hands on the outcome of one check, unless nobody waits for it any more.
func (c *checker) checked(ctx context.Context, port int, after time.Duration, outcome chan<- error) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(after):
	}
	err := c.check(ctx, port)
	select {
	case <-ctx.Done():
	case outcome <- err:
	}
}
