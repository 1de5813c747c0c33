package app_test

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// readEvent reads one event of a stream that begins again with lastEvent, as an EventSource would.
func (s *safelisted) readEvent(document, lastEvent string) (id, data string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+"/graphql?query="+url.QueryEscape(document), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+s.explorer)
	if lastEvent != "" {
		r.Header.Set("Last-Event-ID", lastEvent)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			id = value
		}
		if value, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			return id, value
		}
	}
	s.t.Fatalf("no event of %s: %v", document, lines.Err())
	return "", ""
}

// An EventSource that comes again says which event it had last, and is sent what happened since, although its document
// asks for no cursor and passes none.
func TestServerSentEventsResume(t *testing.T) {
	s := newSafelisted(t)
	screen := s.screenID()
	edit := func(version int, title string) {
		s.do("screenUpdate", message{"id": screen, "expectedVersion": version, "title": title}, "")
	}
	release := `subscription { release(frontend: "shop") { kind previous { number } release { number } } }`
	picture := `subscription { screen(at: {key: "home"}, context: {frontend: "shop"}) { cause snapshot { title } } }`
	draft := `subscription { draft(screen: "` + screen + `", since: 1) { fromVersion } }`
	at, first := s.readEvent(release, "")
	pictured, _ := s.readEvent(picture, "")
	if !strings.Contains(first, "INITIAL") || at == "" || pictured == "" {
		t.Fatalf("the first event of a stream: %q %s, %q", at, first, pictured)
	}
	edit(1, "Second")
	edited, _ := s.readEvent(draft, "")
	edit(2, "Third")
	s.do("releasePublish", message{"frontend": "shop", "title": "Second"}, "")
	for name, c := range map[string]struct{ document, last, want string }{
		"what was published since":              {release, at, `"kind":"PUBLISH","previous":{"number":1},"release":{"number":2}`},
		"the picture since":                     {picture, pictured, `"cause":"PUBLISH","snapshot":{"title":"Third"}`},
		"the edits since":                       {strings.Replace(draft, ", since: 1", "", 1), edited, `"fromVersion":2`},
		"an id of another stream says nothing":  {release, pictured, "INITIAL"},
		"a cursor that is none says nothing":    {release, "release:garbage", "INITIAL"},
		"an id that is none says nothing":       {release, "made up", "INITIAL"},
		"an id without an end says nothing":     {release, at + strings.Repeat("a", 1000), "INITIAL"},
		"what the document says goes before it": {draft, edited, `"fromVersion":1`},
	} {
		if _, got := s.readEvent(c.document, c.last); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func (s *safelisted) screenID() string {
	raw := s.admin.send(`{ frontend(slug: "shop") { screens(first: 1) { edges { node { id } } } } }`, nil).body
	_, rest, _ := strings.Cut(raw, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}
