package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// socket is a subscription over graphql-transport-ws, on a connection of its own: it was opened with the headers of one
// caller, so it is never another's.
type socket struct {
	service string
	conn    *websocket.Conn
	once    sync.Once
}

type socketMessage struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

const subscriptionID = "1"

// openSocket connects and subscribes, within the deadline of ctx.
func (r *Remote) openSocket(ctx context.Context, at *url.URL, q Question) (Stream, error) {
	request, err := r.request(ctx, http.MethodGet, at, Question{})
	if err != nil {
		return nil, errors.Join(errNotAsked, err)
	}
	request.Header.Del("Content-Type")
	conn, response, err := websocket.Dial(ctx, at.String(), &websocket.DialOptions{
		HTTPClient: r.client(), HTTPHeader: request.Header, Subprotocols: []string{string(Websocket)},
	})
	if response != nil && response.Body != nil {
		defer response.Body.Close() // of a refusal
	}
	if err != nil {
		return nil, err
	}
	s := &socket{service: r.options.Name, conn: conn}
	conn.SetReadLimit(r.options.MaxResponse)
	if err := s.subscribe(ctx, q); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *socket) subscribe(ctx context.Context, q Question) error {
	if s.conn.Subprotocol() != string(Websocket) {
		return invalid(s.service, "with another protocol than "+string(Websocket), nil)
	}
	if err := wsjson.Write(ctx, s.conn, socketMessage{Type: "connection_init"}); err != nil {
		return err
	}
	for {
		var m socketMessage
		if err := wsjson.Read(ctx, s.conn, &m); err != nil {
			return err
		}
		switch m.Type {
		case "connection_ack":
			return wsjson.Write(ctx, s.conn, socketMessage{Type: "subscribe", ID: subscriptionID, Payload: q.Body})
		case "ping":
			if err := wsjson.Write(ctx, s.conn, socketMessage{Type: "pong"}); err != nil {
				return err
			}
		default:
			return invalid(s.service, "with an unexpected message", fmt.Errorf("type %q", m.Type))
		}
	}
}

// Next waits for the next payload.
func (s *socket) Next(ctx context.Context) ([]byte, error) {
	for {
		var m socketMessage
		if err := wsjson.Read(ctx, s.conn, &m); err != nil {
			return nil, unavailable(s.service, err)
		}
		switch m.Type {
		case "next":
			return m.Payload, nil
		case "error":
			return json.Marshal(map[string]json.RawMessage{"errors": m.Payload, "data": json.RawMessage("null")})
		case "complete":
			return nil, io.EOF
		case "ping":
			if err := wsjson.Write(ctx, s.conn, socketMessage{Type: "pong"}); err != nil {
				return nil, unavailable(s.service, err)
			}
		}
	}
}

// Close says that it is over, and lets the connection go.
func (s *socket) Close() {
	s.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		_ = wsjson.Write(ctx, s.conn, socketMessage{Type: "complete", ID: subscriptionID}) // a courtesy
		_ = s.conn.CloseNow()                                                              // it may be gone
	})
}
