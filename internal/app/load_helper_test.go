package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// trouble knows which services are in trouble, by what the test does to them.
type trouble struct {
	mu    sync.Mutex
	now   map[string]bool
	ended map[string]time.Time
}

func newTrouble() *trouble {
	return &trouble{now: map[string]bool{}, ended: map[string]time.Time{}}
}

func (x *trouble) begin(service string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.now[service] = true
}

func (x *trouble) end(service string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.now, service)
	x.ended[service] = time.Now()
}

// since are the services that were in trouble at any moment since then.
func (x *trouble) since(then time.Time) map[string]bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := maps.Clone(x.now)
	for service, at := range x.ended {
		if at.After(then) {
			all[service] = true
		}
	}
	return all
}

// judge says what is wrong with an answer; "" when nothing is. Only what comes from a service in trouble may be missing, and
// then the answer says so.
func judge(answer []byte, want any, owners map[string]string, troubled map[string]bool) string {
	var got struct {
		Data   any
		Errors []struct {
			Message    string
			Path       []any
			Extensions struct{ Code, Service string }
		}
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return "it is not JSON"
	}
	told := map[string]bool{}
	for _, e := range got.Errors {
		told[e.Extensions.Service] = true
		if !troubled[e.Extensions.Service] || !strings.HasPrefix(e.Extensions.Code, "SUBGRAPH_") {
			return "it has an error that nobody expects: " + e.Message
		}
	}
	var compare func(got, want any) string
	compare = func(got, want any) string {
		switch want := want.(type) {
		case map[string]any:
			object, ok := got.(map[string]any)
			if !ok || len(object) != len(want) {
				return fmt.Sprintf("%v instead of %v", got, want)
			}
			for name, value := range want {
				if owner := owners[name]; object[name] == nil && value != nil && troubled[owner] {
					if !told[owner] {
						return "it does not say why there is no " + name
					}
					continue
				}
				if wrong := compare(object[name], value); wrong != "" {
					return name + ": " + wrong
				}
			}
			return ""
		case []any:
			list, ok := got.([]any)
			if !ok || len(list) != len(want) {
				return fmt.Sprintf("%v instead of %v", got, want)
			}
			for i := range want {
				if wrong := compare(list[i], want[i]); wrong != "" {
					return wrong
				}
			}
			return ""
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Sprintf("%v instead of %v", got, want)
		}
		return ""
	}
	return compare(got.Data, want)
}

// load is a steady stream of queries whose answers are all looked at.
type load struct {
	p       platform
	trouble *trouble
	owners  map[string]string // of fields
	wants   map[string]any    // data by document
	client  *http.Client

	asked, whole, wrong, skipped atomic.Int64
	slowest                      atomic.Int64
}

func newLoad(p platform, x *trouble, owners, answers map[string]string) *load {
	l := &load{p: p, trouble: x, owners: owners, wants: map[string]any{}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: mostAtOnce}}}
	for document, data := range answers {
		var want any
		if err := json.Unmarshal([]byte(data), &want); err != nil {
			p.Fatal(err)
		}
		l.wants[document] = want
	}
	return l
}

// partialStatus is that of an answer with data and errors.
const partialStatus = 294

// mostAtOnce bounds the queries that are under way: a machine that is slower than the load is asked less.
const mostAtOnce = 512

// begin asks so often each second, all documents in turn, until stop, which waits for the answers.
func (l *load) begin(rps int) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	documents := slices.Sorted(maps.Keys(l.wants))
	go func() {
		defer close(ended)
		var asking sync.WaitGroup
		slots := make(chan struct{}, mostAtOnce)
		ticker := time.NewTicker(time.Second / time.Duration(rps))
		defer ticker.Stop()
		for n := 0; ; n++ {
			select {
			case <-done:
				asking.Wait()
				l.client.CloseIdleConnections()
				return
			case <-ticker.C:
			}
			select {
			case slots <- struct{}{}:
			default:
				l.skipped.Add(1)
				continue
			}
			asking.Go(func() {
				l.once(documents[n%len(documents)])
				<-slots
			})
		}
	}()
	return sync.OnceFunc(func() { close(done); <-ended })
}

// once asks one document and judges its answer.
func (l *load) once(document string) {
	began := time.Now()
	answer, err := l.ask(document)
	took := time.Since(began)
	for before := l.slowest.Load(); int64(took) > before && !l.slowest.CompareAndSwap(before, int64(took)); before = l.slowest.Load() {
	}
	l.asked.Add(1)
	wrong := ""
	if err != nil {
		wrong = err.Error()
	} else {
		wrong = judge(answer, l.wants[document], l.owners, l.trouble.since(began))
	}
	if wrong == "" {
		if !bytes.Contains(answer, []byte(`"errors"`)) {
			l.whole.Add(1)
		}
		return
	}
	if l.wrong.Add(1) <= 10 {
		l.p.Errorf("%s after %s: %s\n%.2000s", document, took, wrong, answer)
	}
}

func (l *load) ask(document string) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"query": document})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(http.MethodPost, l.p.URL()+"/graphql", bytes.NewReader(body)) //nolint:noctx // it always answers
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	res, err := l.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK && res.StatusCode != partialStatus {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return answer, err
}

// heals waits until a document is answered whole as often as a circuit needs to close, and ends the service's trouble.
func (l *load) heals(service, document string) {
	l.p.Helper()
	was := time.Now()
	for good := 0; good < 3; {
		answer, err := l.ask(document)
		if err == nil && judge(answer, l.wants[document], l.owners, nil) == "" {
			good++
			continue
		}
		good = 0
		if time.Since(was) > 90*time.Second {
			l.p.Fatalf("%s does not come back: %v %.1000s", service, err, answer)
		}
		time.Sleep(20 * time.Millisecond)
	}
	l.trouble.end(service)
}

func TestJudge(t *testing.T) {
	t.Parallel()
	var want any
	if err := json.Unmarshal([]byte(`{"a":[{"b":1,"c":{"d":2}}]}`), &want); err != nil {
		t.Fatal(err)
	}
	owners := map[string]string{"a": "one", "b": "one", "c": "two", "d": "two"}
	const said = `"errors":[{"message":"away","extensions":{"code":"SUBGRAPH_TIMEOUT","service":"two"}}]`
	for answer, fine := range map[string]bool{
		`{"data":{"a":[{"b":1,"c":{"d":2}}]}}`:                 true,
		`{` + said + `,"data":{"a":[{"b":1,"c":null}]}}`:       true,
		`{"data":{"a":[{"b":1,"c":null}]}}`:                    false,
		`{` + said + `,"data":{"a":null}}`:                     false,
		`{` + said + `,"data":{"a":[{"b":null,"c":{"d":2}}]}}`: false,
		`{"data":{"a":[{"b":1,"c":{"d":3}}]}}`:                 false,
		`{"data":{"a":[]}}`:                                    false,
		`{"errors":[{"message":"x","extensions":{"code":"INTERNAL","service":"two"}}],"data":{"a":[{"b":1,"c":null}]}}`: false,
		strings.Replace(`{`+said+`,"data":{"a":null}}`, "two", "one", 1):                                                false,
		`<html>`: false,
	} {
		if wrong := judge([]byte(answer), want, owners, map[string]bool{"two": true}); (wrong == "") != fine {
			t.Errorf("%s: %q", answer, wrong)
		}
	}
}
