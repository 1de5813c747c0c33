//go:build postgres

package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"sonata.ai/sonata/internal/testkit/postgres"
	"sonata.ai/sonata/internal/testkit/process"
)

const (
	presentNow = `subscription($screen: ID!, $client: String!, $name: String!) { presence(screen: $screen, client: $client, name: $name) { people { id name you blockKey } } }`
	turn       = `mutation($in: PresenceSetInput!) { presenceSet(input: $in) { person { name blockKey you } userErrors { code } } }`
)

// home is the id of the demo's first screen.
func (o *one) home() string {
	o.t.Helper()
	var got struct {
		Frontend struct {
			Screens struct {
				Edges []struct{ Node struct{ ID, Key string } }
			}
		}
	}
	o.must(&got, `{ frontend(slug: "shop") { screens(first: 100) { edges { node { id key } } } } }`, nil)
	for _, e := range got.Frontend.Screens.Edges {
		if e.Node.Key == "home" {
			return e.Node.ID
		}
	}
	o.t.Fatal("there is no screen home")
	return ""
}

func (o *one) join(screen, client, name string) *openStream {
	o.t.Helper()
	return o.follow(presentNow, message{"screen": screen, "client": client, "name": name})
}

func TestPeopleOfSeveralProcessesSeeEachOther(t *testing.T) {
	all := several(t, 3, "--demo", "on")
	a, b, c := all[0], all[1], all[2]
	home := a.home()
	ada := a.join(home, "ada-secret", "Ada")
	ada.until(`"name":"Ada"`)
	bob := b.join(home, "bob-secret", "Bob")
	ada.until(`"name":"Ada","you":true`, `"name":"Bob","you":false`)
	seen := bob.until(`"name":"Ada","you":false`, `"name":"Bob","you":true`)
	id := func(data, name string) string {
		before, _, _ := strings.Cut(data, `","name":"`+name+`"`)
		return before[strings.LastIndex(before, `"`)+1:]
	}
	if got, want := id(seen, "Ada"), id(ada.latest, "Ada"); got != want || len(got) != 16 {
		t.Errorf("Ada is %q there and %q here", got, want)
	}

	// where somebody is, said to a process that nobody follows
	if got := c.ask(turn, message{"in": message{"screen": home, "client": "ada-secret", "blockKey": "hero"}}); !strings.Contains(got, `"person":{"name":"Ada","blockKey":"hero","you":true}`) {
		t.Errorf("Ada turns: %s", got)
	}
	bob.until(`"name":"Ada","you":false,"blockKey":"hero"`)
	ada.until(`"name":"Ada","you":true,"blockKey":"hero"`)
	b.ask(turn, message{"in": message{"screen": home, "client": "ada-secret", "blockKey": "footer"}})
	ada.until(`"name":"Ada","you":true,"blockKey":"footer"`)
	a.ask(turn, message{"in": message{"screen": home, "client": "ada-secret"}})
	bob.until(`"name":"Ada","you":false,"blockKey":null`)
	if got := c.ask(turn, message{"in": message{"screen": home, "client": "nobody-here", "blockKey": "hero"}}); !strings.Contains(got, `"NOT_FOUND"`) {
		t.Errorf("nobody turns: %s", got)
	}

	// tabs at two processes are one person, until the last is closed
	again := c.join(home, "ada-secret", "Ada")
	again.until(`"name":"Ada","you":true`, `"name":"Bob"`)
	ada.end()
	again.until(`"name":"Ada","you":true`, `"name":"Bob"`)
	bob.until(`"name":"Ada"`, `"name":"Bob"`)
	again.end()
	bob.until(`"name":"Bob"`, `!"name":"Ada"`)

	// who is at a process that stops leaves with it
	eve := c.join(home, "eve-secret", "Eve")
	bob.until(`"name":"Eve"`)
	c.stop()
	eve.closes()
	bob.until(`!"name":"Eve"`)
}

func TestAScreenHoldsAHundredPeopleOfAllProcesses(t *testing.T) {
	all := several(t, 2, "--demo", "on", "--limit-concurrent", "0")
	home := all[0].home()
	var joining sync.WaitGroup
	var counting sync.Mutex
	in, refused := 0, 0
	for i := range 110 {
		joining.Go(func() {
			got := ""
			for got == "" || strings.Contains(got, `"UNAVAILABLE"`) { // a crowded machine may have no time for all at once
				got = all[i%2].join(home, fmt.Sprintf("client-%03d", i), fmt.Sprintf("Person %03d", i)).until(`"presence"`)
			}
			counting.Lock()
			defer counting.Unlock()
			if strings.Contains(got, `"LIMIT"`) {
				refused++
			} else if strings.Contains(got, `"people"`) {
				in++
			}
		})
	}
	joining.Wait()
	if in != 100 || refused != 10 {
		t.Errorf("%d came in, %d were refused", in, refused)
	}
}

// Whose process is killed says no good-bye, and is gone all the same.
func TestPeopleOfAKilledProcessDisappear(t *testing.T) {
	database := postgres.Fresh(t)
	if database == "" {
		t.Fatal("these tests need a PostgreSQL: make postgres")
	}
	binary := process.Build(t)
	servers := []*one{}
	for range 2 {
		s := process.Start(t, binary, database, "--demo", "on", "--database-connections", "8")
		servers = append(servers, &one{t: t, address: s.URL, client: &http.Client{}, stop: s.Kill})
	}
	home := servers[0].home()
	bob := servers[0].join(home, "bob-secret", "Bob")
	servers[1].join(home, "eve-secret", "Eve")
	bob.until(`"name":"Bob"`, `"name":"Eve"`)
	servers[1].stop()
	bob.until(`"name":"Bob"`, `!"name":"Eve"`)
}
