package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// events follows a subscription by server-sent events until the test ends.
func (s *safelisted) events(caller asker, m message) <-chan string {
	s.t.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header = caller.headers()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	out := make(chan string, 100)
	go func() {
		defer answer.Body.Close()
		defer close(out)
		lines := bufio.NewScanner(answer.Body)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "" {
				out <- data
			}
		}
	}()
	return out
}

// An event that was worked out for another reader is what working it out for this one gives: each question is asked twice,
// once so that it cannot be shared, by readers who began at different times and were sent different things before.
func TestSharedEventsAreThoseOfTheReader(t *testing.T) {
	x := newInterleaved(t, 1)
	release := "subscription R($f: ID!, $e: String!) { release(frontend: $f, environment: $e) { kind sequence cursor previous { number } release { number hash } changedScreens } }"
	picture := "subscription S($f: ID!, $e: String!, $m: Hash) { screen(at: {key: \"home\"}, context: {frontend: $f, environment: $e, manifest: $m}) { cause snapshot { id title release { number } blocks { key version } degradations { wanted } } } }"
	type pair struct {
		what          string
		shared, asOwn <-chan string
		pending       int
	}
	var pairs []*pair
	open := func() {
		for _, m := range []message{
			{"query": release, "variables": message{"f": "shop", "e": "production"}},
			{"query": release, "variables": message{"f": "blog", "e": "production"}},
			{"query": release, "variables": message{"f": "shop", "e": "staging"}},
			{"query": strings.Replace(release, "R(", "Q(", 1), "variables": message{"f": "shop", "e": "production"}},
			{"query": picture, "variables": message{"f": "shop", "e": "production"}},
			{"query": picture, "variables": message{"f": "shop", "e": "production", "m": x.manifests[2]}},
			{"query": picture, "variables": message{"f": "shop", "e": "production", "m": x.manifests[1]}},
			{"query": picture, "variables": message{"f": "blog", "e": "production"}},
		} {
			caller := asker{key: x.explorer}
			if m["variables"].(message)["f"] == "blog" {
				caller.key = x.foreignKey
			}
			own := message{"extensions": message{"cost": true}}
			for name, value := range m {
				own[name] = value
			}
			raw, _ := json.Marshal(m["variables"]) //nolint:errchkjson // texts
			pairs = append(pairs, &pair{what: string(raw), shared: x.events(caller, m), asOwn: x.events(caller, own)})
		}
	}
	compare := func(when string) {
		t.Helper()
		for _, p := range pairs {
			for quiet := false; !quiet; {
				select {
				case a := <-p.shared:
					select {
					case b := <-p.asOwn:
						if plainAnswer(t, a) != plainAnswer(t, b) {
							t.Errorf("%s, %s:\n%s\nits own is\n%s", when, p.what, a, b)
						}
						p.pending++
					case <-time.After(5 * time.Second):
						t.Errorf("%s, %s: its own stream is silent, the shared one said %s", when, p.what, a)
					}
				case <-time.After(120 * time.Millisecond):
					quiet = true
				}
			}
			select {
			case b := <-p.asOwn:
				t.Errorf("%s, %s: the shared stream is silent, its own said %s", when, p.what, b)
			default:
			}
		}
	}
	open()
	compare("at first")
	x.publish("shop", "production")
	compare("after a publish")
	open() // whose first events are others' later ones
	compare("among those who have been there")
	x.publish("shop", "staging")
	x.publish("blog", "production")
	compare("elsewhere")
	x.do("releaseRollBack", message{"frontend": "shop", "toRelease": x.first["shop"], "reason": "back"}, "")
	open()
	compare("after a roll back")
	for _, p := range pairs[:2] {
		if p.pending < 2 {
			t.Errorf("%s had %d events", p.what, p.pending)
		}
	}
}
