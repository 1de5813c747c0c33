//go:build unix

package agent_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

// contract is the schema that Sonata serves.
func contract(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../../schema/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no schema", err)
	}
	var sources []*ast.Source
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(raw)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// heard is a heartbeat as it arrived.
type heard struct {
	Service, Instance, URL, Version, Agent string
	Weight, Cores                          float64
	Capacity, Descriptors                  *int
	CPU, Memory                            *float64
	Restarts, TTLSeconds                   int
	Draining                               bool
	at                                     time.Time
}

// standIn stands for Sonata: it takes nothing that the contract does not allow, writes down what it hears, and lets go
// of who drains at the second time.
type standIn struct {
	*testing.T
	schema  *ast.Schema
	address string
	server  *httptest.Server

	mu        sync.Mutex
	log       []string // what happened, in its order: serving, draining, started and terminated, each with an instance
	beats     []heard
	requests  []int // how many heartbeats were in each request
	documents map[string]bool
	keys      map[string]bool
	desired   *int
	drain     map[string]bool // whom an operator takes out of service
	holds     bool            // it lets go of nobody
	status    int             // it refuses everything with this
	refusal   string          // it refuses every heartbeat with this
	last      map[string]heard
}

func newStandIn(t *testing.T) *standIn {
	s := &standIn{T: t, schema: contract(t), documents: map[string]bool{}, keys: map[string]bool{}, drain: map[string]bool{}, last: map[string]heard{}}
	s.open("127.0.0.1:0")
	t.Cleanup(func() { s.server.Close() })
	return s
}

// open begins to answer, at the address where it did before when it did.
func (s *standIn) open(address string) {
	s.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		s.Fatal(err)
	}
	s.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s}}
	s.server.Start()
	s.address = listener.Addr().String()
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if what, ok := strings.CutPrefix(r.URL.Path, "/report/"); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.log = append(s.log, strings.ReplaceAll(what, "/", " "))
		return
	}
	var request struct {
		Query     string
		Variables map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || r.URL.Path != "/graphql" || r.Method != http.MethodPost {
		s.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	doc, problems := gqlparser.LoadQueryWithRules(s.schema, request.Query, nil)
	if len(problems) > 0 {
		s.Errorf("%s\n%v", request.Query, problems)
		return
	}
	operation := doc.Operations[0]
	if _, err := validator.VariableValues(s.schema, operation, request.Variables); err != nil {
		s.Errorf("variables: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[r.Header.Get("Authorization")] = true
	if s.status != 0 {
		w.WriteHeader(s.status)
		fmt.Fprint(w, `{"errors":[{"message":"You may not do this.","extensions":{"code":"FORBIDDEN"}}]}`)
		return
	}
	s.documents[request.Query] = true
	s.requests = append(s.requests, len(operation.SelectionSet))
	data := map[string]any{}
	for _, selection := range operation.SelectionSet {
		field := selection.(*ast.Field)
		raw, _ := json.Marshal(request.Variables[field.Arguments[0].Value.Raw])
		h := heard{at: time.Now()}
		if err := json.Unmarshal(raw, &h); err != nil {
			s.Error(err)
		}
		data[field.Alias] = s.answer(h)
	}
	json.NewEncoder(w).Encode(map[string]any{"data": data})
}

func (s *standIn) answer(h heard) map[string]any {
	if s.refusal != "" {
		return map[string]any{"command": "CONTINUE", "desiredReplicas": nil, "userErrors": []any{map[string]any{"message": s.refusal}}}
	}
	again := s.last[h.Instance].Draining && h.Draining
	state := "serving"
	if h.Draining {
		state = "draining"
	}
	s.log, s.beats, s.last[h.Instance] = append(s.log, state+" "+h.Instance), append(s.beats, h), h
	command := "CONTINUE"
	switch {
	case again && !s.holds:
		command = "STOP"
	case h.Draining, s.drain[h.Instance]:
		command = "DRAIN"
	}
	return map[string]any{"command": command, "desiredReplicas": s.desired, "userErrors": []any{}}
}

// set changes how it answers from now on.
func (s *standIn) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// serving are those that were heard of within the last two seconds and take requests, sorted.
func (s *standIn) serving() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, h := range s.last {
		if !h.Draining && time.Since(h.at) < 2*time.Second {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// of is the last heartbeat of an instance.
func (s *standIn) of(name string) heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last[name]
}

// happened is all that happened until now.
func (s *standIn) happened() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// times is how often something happened.
func (s *standIn) times(what string) (n int) {
	for _, entry := range s.happened() {
		if entry == what {
			n++
		}
	}
	return n
}

// until waits for something, and fails when it does not come.
func (s *standIn) until(what string, come func() bool) {
	s.Helper()
	for began := time.Now(); !come(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			s.Fatalf("not within 20 s: %s. What happened:\n%s", what, strings.Join(s.happened(), "\n"))
		}
	}
}

func (s *standIn) untilServing(names ...string) {
	s.Helper()
	s.until(fmt.Sprint("serving are ", names), func() bool { return slices.Equal(s.serving(), names) })
}

// ask asks an instance something.
func (s *standIn) ask(name, path string) map[string]any {
	s.Helper()
	response, err := http.Get(strings.TrimSuffix(s.of(name).URL, "/graphql") + path)
	if err != nil {
		return nil // it crashes
	}
	defer response.Body.Close()
	var answer map[string]any
	json.NewDecoder(response.Body).Decode(&answer)
	return answer
}
