package app_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"sonata.ai/sonata/graph"
)

// act is one mutation that is accepted, by one of the visitors.
type act struct {
	mutation string
	by       string // admin or other
	input    map[string]any
	payload  string            // of the payload, besides its userErrors
	keep     map[string]string // name to path of what later acts need, as ${name}
}

// story is a sequence of acts in which every mutation is accepted once at least.
func story(in time.Time) []act {
	page := func(version int) map[string]any {
		return map[string]any{"key": "page", "version": fmt.Sprintf("1.%d", version)}
	}
	write := func(version int, title string) act {
		return act{"screenUpdate", "admin", map[string]any{"id": "${screen}", "expectedVersion": version, "title": title}, "", nil}
	}
	service := func(sdl string) map[string]any {
		return map[string]any{"service": "stock", "url": "https://stock.example/graphql", "sdl": sdl}
	}
	member := map[string]any{"email": "grace@example.org", "name": "Grace", "grants": []any{map[string]any{"role": "DESIGNER"}}}
	return []act{
		{"setupComplete", "admin", map[string]any{"token": "${token}", "email": "ada@example.org", "name": "Ada", "password": good}, "", nil},
		{"frontendCreate", "admin", map[string]any{"slug": "store", "name": "Shop"}, "frontend { id }", map[string]string{"frontend": "frontend.id"}},
		{"frontendUpdate", "admin", map[string]any{"id": "store", "name": "Store"}, "", nil},
		{"frontendUpdate", "admin", map[string]any{"id": "store", "name": "Store"}, "", nil}, // changes nothing
		{"environmentCreate", "admin", map[string]any{"frontend": "store", "key": "trial"}, "environment { id }", map[string]string{"environment": "environment.id"}},
		{"environmentUpdate", "admin", map[string]any{"id": "${environment}", "delivery": "PUBLIC"}, "", nil},
		{"buildRegister", "admin", map[string]any{"frontend": "store", "name": "1", "components": []any{page(0)}}, "", nil},
		{"buildRegister", "admin", map[string]any{"frontend": "store", "name": "1", "components": []any{page(0)}}, "", nil}, // changes nothing
		{"documentsRegister", "admin", map[string]any{"frontend": "store", "manifest": map[string]any{"store-screen": "query Screen { __typename }"}}, "", nil},
		{"documentsRegister", "admin", map[string]any{"frontend": "store", "manifest": map[string]any{"store-screen": "query Screen { __typename }"}}, "documents { id }", map[string]string{"document": "documents.0.id"}}, // changes nothing
		{"safelistSet", "admin", map[string]any{"frontend": "store", "mode": "LOG"}, "", nil},
		{"documentUpdate", "admin", map[string]any{"id": "${document}", "publicMaxAge": 60}, "", nil},
		{"documentRetire", "admin", map[string]any{"id": "${document}"}, "", nil},
		{"subgraphPublish", "admin", service("type Query { stock: Int }"), "", nil},
		{"subgraphPublish", "admin", service("type Query { stock: Int }"), "", nil}, // changes nothing
		{"subgraphPublish", "admin", service("type Query { stock: Int left: Int }"), "", nil},
		{"subgraphRollBack", "admin", map[string]any{"service": "stock", "toNumber": 1, "allowBreaking": true}, "", nil},
		{"instanceHeartbeat", "admin", map[string]any{"service": "stock", "instance": "one", "url": "https://stock.example/"}, "instance { id }", map[string]string{"instance": "instance.id"}},
		{"instanceDrain", "admin", map[string]any{"id": "${instance}"}, "", nil},
		{"serviceScale", "admin", map[string]any{"service": "stock", "replicas": 2}, "", nil},
		{"servicePolicySet", "admin", map[string]any{"service": "stock", "policy": map[string]any{"minimum": 1, "maximum": 2}}, "", nil},
		{"serviceWithdraw", "admin", map[string]any{"service": "stock", "allowBreaking": true}, "", nil},
		{"screenCreate", "admin", map[string]any{"frontend": "store", "key": "home", "title": "Home", "path": "/"}, "screen { id }", map[string]string{"screen": "screen.id"}},
		{"screenEdit", "admin", map[string]any{"screen": "${screen}", "expectedVersion": 1, "idempotencyKey": "k", "ops": []any{map[string]any{"setProps": map[string]any{"key": "root", "patch": map[string]any{}}}}}, "", nil},
		write(2, "Welcome"),
		{"screenDuplicate", "admin", map[string]any{"id": "${screen}", "key": "copy", "title": "Copy", "path": "/copy"}, "screen { id }", map[string]string{"copy": "screen.id"}},
		{"releasePublish", "admin", map[string]any{"frontend": "store", "title": "First", "idempotencyKey": "k"}, "release { id }", map[string]string{"release": "release.id"}},
		write(3, "Hello"),
		{"releasePublish", "admin", map[string]any{"frontend": "store", "title": "Second"}, "", nil},
		{"releaseRollBack", "admin", map[string]any{"frontend": "store", "toRelease": "${release}", "reason": "a mistake", "idempotencyKey": "k"}, "", nil},
		{"releasePromote", "admin", map[string]any{"frontend": "store", "from": "production", "to": "staging", "idempotencyKey": "k"}, "", nil},
		write(4, "Good day"),
		{"releaseSchedule", "admin", map[string]any{"frontend": "store", "title": "Third", "at": in.Format(time.RFC3339), "acknowledgeWarnings": true, "idempotencyKey": "k"}, "schedule { id }", map[string]string{"schedule": "schedule.id"}},
		{"releaseScheduleCancel", "admin", map[string]any{"id": "${schedule}"}, "", nil},
		{"screenRevert", "admin", map[string]any{"id": "${screen}", "expectedVersion": 5}, "", nil},
		{"screenDelete", "admin", map[string]any{"id": "${copy}", "expectedVersion": 1}, "", nil},
		{"previewLinkCreate", "admin", map[string]any{"frontend": "store", "expiresInHours": 1}, "token", map[string]string{"preview": "token"}},
		{"apiKeyCreate", "admin", map[string]any{"name": "CI", "frontend": "store", "scopes": []any{"content:read"}}, "apiKey { id } secret", map[string]string{"key": "apiKey.id", "secret": "secret"}},
		{"apiKeyRotate", "admin", map[string]any{"id": "${key}"}, "apiKey { id } secret", map[string]string{"key": "apiKey.id", "rotated": "secret"}},
		{"apiKeyRevoke", "admin", map[string]any{"id": "${key}"}, "", nil},
		{"memberInvite", "admin", member, "member { id } link", map[string]string{"member": "member.id", "invitation": "link"}},
		{"memberLinkCreate", "admin", map[string]any{"id": "${member}"}, "link", map[string]string{"link": "link"}},
		{"memberLinkAccept", "other", map[string]any{"token": "${link}", "password": good + " too"}, "", nil},
		{"memberUpdate", "admin", map[string]any{"id": "${member}", "name": "Grace H."}, "", nil},
		{"memberSessionsEnd", "admin", map[string]any{"id": "${member}"}, "", nil},
		{"sessionCreate", "other", map[string]any{"email": "grace@example.org", "password": good + " too"}, "", nil},
		{"passwordChange", "other", map[string]any{"current": good + " too", "new": good + " as well"}, "", nil},
		{"sessionEnd", "other", nil, "", nil},
		{"memberRemove", "admin", map[string]any{"id": "${member}"}, "", nil},
	}
}

// unaudited are the mutations that change nothing worth an entry: heartbeats, counters and checks.
func unaudited() []string { return []string{"presenceSet", "usageReport", "subgraphCheck"} }

// told is a story in progress.
type told struct {
	visitors map[string]*visitor
	known    map[string]string
}

func (h *house) told() *told {
	return &told{
		visitors: map[string]*visitor{"admin": h.visitor(), "other": h.visitor()}, known: map[string]string{"token": h.token},
	}
}

// do acts and returns the answer as it came. What it keeps of a link is the token.
func (s *told) do(t *testing.T, a act) string {
	t.Helper()
	mutation := graph.NewExecutableSchema(graph.Config{}).Schema().Mutation.Fields.ForName(a.mutation)
	if mutation == nil {
		t.Fatalf("there is no mutation %s", a.mutation)
	}
	head, arguments := "mutation", ""
	if len(mutation.Arguments) > 0 {
		head, arguments = "mutation($input: "+mutation.Arguments[0].Type.String()+")", "(input: $input)"
	}
	raw, err := json.Marshal(map[string]any{"input": a.input})
	if err != nil {
		t.Fatal(err)
	}
	filled := string(raw)
	for name, value := range s.known {
		filled = strings.ReplaceAll(filled, "${"+name+"}", value)
	}
	var variables map[string]any
	if err := json.Unmarshal([]byte(filled), &variables); err != nil {
		t.Fatal(err)
	}
	answer := s.visitors[a.by].send(head+" { done: "+a.mutation+arguments+" { __typename "+a.payload+" userErrors { message code path } } }", variables).body
	var got struct {
		Data   struct{ Done map[string]any }
		Errors []any
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil || len(got.Errors) > 0 || got.Data.Done == nil || len(got.Data.Done["userErrors"].([]any)) > 0 {
		t.Fatalf("%s was not accepted: %s", a.mutation, answer)
	}
	for name, path := range a.keep {
		var at any = got.Data.Done
		for _, step := range strings.Split(path, ".") {
			if list, ok := at.([]any); ok {
				at = list[0] // the story keeps what is first
				continue
			}
			at = at.(map[string]any)[step]
		}
		value := at.(string)
		if _, token, ok := strings.Cut(value, "#"); ok {
			value = token
		}
		s.known[name] = value
	}
	return answer
}

func (h *house) entries() (n int, last string) {
	h.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+h.path+"?mode=ro")
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT count(*), coalesce((SELECT action FROM audit_entries ORDER BY seq DESC LIMIT 1), '') FROM audit_entries").Scan(&n, &last); err != nil {
		h.t.Fatal(err)
	}
	return n, last
}

// Every mutation that is accepted makes exactly one entry, under its name; one that is answered from the record of its
// idempotency key, or refused, makes none. A new mutation fails this test until it is part of the story.
func TestEveryAcceptedMutationIsAudited(t *testing.T) {
	h := newHouse(t)
	s := h.told()
	seen := unaudited()
	for _, a := range story(time.Now().Add(time.Hour)) {
		before, _ := h.entries()
		s.do(t, a)
		if after, last := h.entries(); after != before+1 || last != a.mutation {
			t.Errorf("%s made %d entries, the last is %s", a.mutation, after-before, last)
		}
		seen = append(seen, a.mutation)
		if a.input["idempotencyKey"] == nil {
			continue
		}
		before, _ = h.entries()
		s.do(t, a)
		if after, _ := h.entries(); after != before {
			t.Errorf("%s again, by its idempotency key, made %d entries", a.mutation, after-before)
		}
	}
	for _, f := range graph.NewExecutableSchema(graph.Config{}).Schema().Mutation.Fields {
		if !slices.Contains(seen, f.Name) {
			t.Errorf("the story has no %s: add it", f.Name)
		}
	}
	before, _ := h.entries()
	s.visitors["admin"].send(`mutation { frontendCreate(input: {slug: "store", name: "Again"}) { userErrors { message } } }`, nil)
	h.visitor().signIn("ada@example.org", "wrong")
	if after, _ := h.entries(); after != before {
		t.Errorf("what was refused made %d entries", after-before)
	}
}
