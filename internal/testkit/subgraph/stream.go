package subgraph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/vektah/gqlparser/v2"
)

// stream is a subscription that somebody follows.
type stream struct {
	events chan json.RawMessage
	end    chan struct{}
	once   sync.Once
	about  request
}

func (s *stream) stop() { s.once.Do(func() { close(s.end) }) }

// Streams is how many subscriptions to a field are followed now.
func (s *Service) Streams(field string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.streams {
		if f == field {
			n++
		}
	}
	return n
}

// Publish sends a value of a subscription's field to all who follow it, and says to how many. The value is JSON.
func (s *Service) Publish(field, value string) (n int) {
	s.mu.Lock()
	var to []*stream
	for st, f := range s.streams {
		if f == field {
			to = append(to, st)
		}
	}
	s.mu.Unlock()
	for _, st := range to {
		select {
		case st.events <- json.RawMessage(value):
			n++
		case <-st.end:
		case <-time.After(5 * time.Second):
		}
	}
	return n
}

// Drop breaks off the connections of all websockets, as a process that is killed does.
func (s *Service) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.sockets {
		_ = c.CloseNow()
	}
}

// EndStreams ends the subscriptions to a field in good order.
func (s *Service) EndStreams(field string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st, f := range s.streams {
		if f == field {
			st.stop()
		}
	}
}

// open takes note of a subscription.
func (s *Service) open(r request) (*stream, error) {
	doc, errs := gqlparser.LoadQueryWithRules(s.schema, r.Query, nil)
	if errs != nil {
		return nil, errs
	}
	op := doc.Operations.ForName(r.OperationName)
	groups := (&execution{Service: s, variables: r.Variables}).collect(s.schema.Subscription, op.SelectionSet, nil)
	if len(groups) == 0 {
		return nil, fmt.Errorf("there is no field")
	}
	st := &stream{events: make(chan json.RawMessage), end: make(chan struct{}), about: r}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[st] = groups[0][0].Name
	return st, nil
}

func (s *Service) close(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, st)
	st.stop()
}

// payload is what a subscriber gets of a value.
func (s *Service) payload(st *stream, value json.RawMessage) []byte {
	doc, _ := gqlparser.LoadQueryWithRules(s.schema, st.about.Query, nil)
	op := doc.Operations.ForName(st.about.OperationName)
	x := &execution{Service: s, variables: st.about.Variables}
	s.mu.Lock()
	field := s.streams[st]
	s.mu.Unlock()
	var decoded any
	if err := json.Unmarshal(value, &decoded); err != nil {
		decoded = string(value)
	}
	return encode(x.run(s.schema.Subscription, op.SelectionSet, map[string]any{field: decoded}))
}

func (s *Service) serveEvents(w http.ResponseWriter, r *http.Request, about request) {
	w.Header().Set("Content-Type", "text/event-stream")
	st, err := s.open(about)
	if err != nil {
		_, _ = fmt.Fprintf(w, "event: next\ndata: %s\n\nevent: complete\ndata:\n\n", encode(response{Errors: []failure{{Message: err.Error()}}}))
		return
	}
	defer s.close(st)
	control := http.NewResponseController(w)
	_, _ = fmt.Fprint(w, ":\n\n")
	_ = control.Flush()
	for {
		select {
		case value := <-st.events:
			_, _ = fmt.Fprintf(w, "event: next\ndata: %s\n\n", s.payload(st, value))
			_ = control.Flush()
		case <-st.end:
			_, _ = fmt.Fprint(w, "event: complete\ndata:\n\n")
			return
		case <-r.Context().Done():
			return
		}
	}
}

type message struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (s *Service) serveWebsocket(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return
	}
	s.mu.Lock()
	s.sockets[c] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.sockets, c)
		s.mu.Unlock()
		_ = c.CloseNow()
	}()
	ctx := r.Context()
	var mu sync.Mutex
	running := map[string]*stream{}
	defer func() {
		mu.Lock()
		defer mu.Unlock()
		for _, st := range running {
			s.close(st)
		}
	}()
	for {
		var m message
		if err := wsjson.Read(ctx, c, &m); err != nil {
			return
		}
		switch m.Type {
		case "connection_init":
			_ = wsjson.Write(ctx, c, message{Type: "connection_ack"})
		case "ping":
			_ = wsjson.Write(ctx, c, message{Type: "pong"})
		case "subscribe":
			var about request
			_ = json.Unmarshal(m.Payload, &about)
			s.next(Asked{about.Query, about.Variables, r.Header.Clone()})
			st, err := s.open(about)
			if err != nil {
				_ = wsjson.Write(ctx, c, message{Type: "error", ID: m.ID, Payload: json.RawMessage(`[{"message":"not valid"}]`)})
				continue
			}
			mu.Lock()
			running[m.ID] = st
			mu.Unlock()
			go func() {
				defer s.close(st)
				for {
					select {
					case value := <-st.events:
						_ = wsjson.Write(ctx, c, message{Type: "next", ID: m.ID, Payload: s.payload(st, value)})
					case <-st.end:
						_ = wsjson.Write(ctx, c, message{Type: "complete", ID: m.ID})
						return
					case <-ctx.Done():
						return
					}
				}
			}()
		case "complete":
			mu.Lock()
			if st := running[m.ID]; st != nil {
				st.stop()
				delete(running, m.ID)
			}
			mu.Unlock()
		}
	}
}
