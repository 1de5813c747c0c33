package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// stream is one subscription over server-sent events.
type stream struct {
	c      *caller
	events chan string // as they come; closed at the end
	stop   context.CancelFunc
}

// follow begins a subscription.
func (m *matrix) follow(c *caller, document string, variables map[string]any) *stream {
	m.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		m.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	m.t.Cleanup(stop)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	for _, line := range c.header {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		m.t.Fatal(err)
	}
	s := &stream{c: c, events: make(chan string, 100), stop: stop}
	go func() {
		defer response.Body.Close()
		defer close(s.events)
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "" {
				s.events <- data
			}
		}
	}()
	return s
}

// next is the next event; "" at the end, or when none comes in time; at once for 0.
func (s *stream) next(within time.Duration) string {
	if within == 0 {
		select {
		case event := <-s.events:
			return event
		default:
			return ""
		}
	}
	select {
	case event := <-s.events:
		return event
	case <-time.After(within):
		return ""
	}
}

const present = `subscription($screen: ID!, $client: String!) { presence(screen: $screen, client: $client, name: "Somebody") { people { id } } }`

// present makes a client present on the home screen, and returns its secret.
func (m *matrix) present(at site) string {
	client := m.fresh("a secret client")
	s := m.follow(m.named(adminOfAll), present, map[string]any{"screen": at.ids["home"], "client": client})
	if s.next(5*time.Second) == "" {
		m.t.Fatal(fmt.Sprint("nobody is present in ", at.slug))
	}
	return client
}
