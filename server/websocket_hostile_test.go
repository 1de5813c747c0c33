package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/coder/websocket"

	"sonata.ai/sonata/internal/principal"
)

// hostile are messages of clients that are broken or mean harm, with what the socket is closed with; no code is that it
// stays open and answers the messages in hears.
var hostile = map[string]struct {
	tells  []string
	hears  []string // before the end
	code   websocket.StatusCode
	reason string
}{
	"a binary frame":                       {tells: []string{"binary:" + hello}, code: 4400, reason: "a message is text, not binary"},
	"no JSON":                              {tells: []string{"hello"}, code: 4400, reason: "the message cannot be read: not valid JSON"},
	"nothing":                              {tells: []string{""}, code: 4400, reason: "the message cannot be read: not valid JSON"},
	"two values":                           {tells: []string{hello + hello}, code: 4400, reason: "the message cannot be read: not valid JSON"},
	"a byte order mark":                    {tells: []string{"\ufeff" + hello}, code: 4400, reason: "the message cannot be read: not valid JSON"},
	"endless nesting":                      {tells: []string{strings.Repeat("[", 60_000)}, code: 4400, reason: "the message cannot be read: not valid JSON"},
	"no UTF-8":                             {tells: []string{"{\"type\":\"\xff\"}"}, code: 4400, reason: "the message cannot be read: the JSON is not valid UTF-8"},
	"half a character":                     {tells: []string{`{"type":"\ud800"}`}, code: 4400, reason: "the message cannot be read: a string holds half of a surrogate pair"},
	"a name twice":                         {tells: []string{`{"type":"ping","type":"connection_init"}`}, code: 4400, reason: `the message cannot be read: the name "type" is given twice in one object`},
	"a name twice in the payload":          {tells: []string{hello, `{"type":"subscribe","id":"1","payload":{"query":"query once","query":"query once"}}`}, hears: []string{ack}, code: 4400, reason: `the message cannot be read: the name "query" is given twice in one object`},
	"a list":                               {tells: []string{`[` + hello + `]`}, code: 4400, reason: "a message is a JSON object"},
	"null":                                 {tells: []string{`null`}, code: 4400, reason: "a message is a JSON object"},
	"a string":                             {tells: []string{`"ping"`}, code: 4400, reason: "a message is a JSON object"},
	"an empty object":                      {tells: []string{`{}`}, code: 4400, reason: `a message has a "type", which is a string`},
	"an empty type":                        {tells: []string{`{"type":""}`}, code: 4400, reason: `a message has a "type", which is a string`},
	"a type that is a number":              {tells: []string{`{"type":1}`}, code: 4400, reason: `a message has a "type", which is a string`},
	"a type in other case":                 {tells: []string{`{"Type":"ping"}`}, code: 4400, reason: `a message has a "type", which is a string`},
	"a type that there is not":             {tells: []string{`{"type":"start","id":"1"}`}, code: 4400, reason: `a client sends no messages of the type "start"`},
	"a type without end":                   {tells: []string{`{"type":"` + strings.Repeat("ä", 500) + `"}`}, code: 4400, reason: `a client sends no messages of the type "` + strings.Repeat("ä", 18) + `…"`},
	"a type of the server's":               {tells: []string{hello, `{"type":"next","id":"1","payload":{}}`}, hears: []string{ack}, code: 4400, reason: `a client sends no messages of the type "next"`},
	"no id":                                {tells: []string{hello, `{"type":"subscribe","payload":{"query":"query once"}}`}, hears: []string{ack}, code: 4400, reason: `a subscribe message has an "id", which is a string that is not empty`},
	"an empty id":                          {tells: []string{hello, `{"type":"subscribe","id":"","payload":{"query":"query once"}}`}, hears: []string{ack}, code: 4400, reason: `a subscribe message has an "id", which is a string that is not empty`},
	"an id that is a number":               {tells: []string{hello, `{"type":"subscribe","id":1,"payload":{"query":"query once"}}`}, hears: []string{ack}, code: 4400, reason: `a subscribe message has an "id", which is a string that is not empty`},
	"an id without end":                    {tells: []string{hello, begin(strings.Repeat("x", 1025), "query once")}, hears: []string{ack}, code: 4400, reason: "an id holds at most 1024 bytes"},
	"complete without an id":               {tells: []string{hello, `{"type":"complete"}`}, hears: []string{ack}, code: 4400, reason: `a complete message has an "id", which is a string that is not empty`},
	"subscribe without payload":            {tells: []string{hello, `{"type":"subscribe","id":"1"}`}, hears: []string{ack}, code: 4400, reason: `the "payload" of a subscribe message is an object`},
	"subscribe with null":                  {tells: []string{hello, `{"type":"subscribe","id":"1","payload":null}`}, hears: []string{ack}, code: 4400, reason: `the "payload" of a subscribe message is an object`},
	"subscribe with a list":                {tells: []string{hello, `{"type":"subscribe","id":"1","payload":[]}`}, hears: []string{ack}, code: 4400, reason: `the "payload" of a subscribe message is an object`},
	"subscribe with a document alone":      {tells: []string{hello, `{"type":"subscribe","id":"1","payload":"query once"}`}, hears: []string{ack}, code: 4400, reason: `the "payload" of a subscribe message is an object`},
	"subscribe to nothing":                 {tells: []string{hello, `{"type":"subscribe","id":"1","payload":{}}`}, hears: []string{ack}, code: 4400, reason: `the request has no "query" and no "documentId"`},
	"a document that is none":              {tells: []string{hello, `{"type":"subscribe","id":"1","payload":{"query":{}}}`}, hears: []string{ack}, code: 4400, reason: `the request is not a GraphQL request: "query" and "operationName" are strings, "variables" and "extensions" objects`},
	"variables in a list":                  {tells: []string{hello, `{"type":"subscribe","id":"1","payload":{"query":"query once","variables":[]}}`}, hears: []string{ack}, code: 4400, reason: `the request is not a GraphQL request: "query" and "operationName" are strings, "variables" and "extensions" objects`},
	"subscribe before connection_init":     {tells: []string{begin("1", "query once")}, code: 4401, reason: "Unauthorized"},
	"subscribe after a ping":               {tells: []string{`{"type":"ping"}`, begin("1", "query once")}, hears: []string{`{"type":"pong"}`}, code: 4401, reason: "Unauthorized"},
	"complete before connection_init":      {tells: []string{`{"type":"complete","id":"1"}`}, code: 4401, reason: "Unauthorized"},
	"connection_init twice":                {tells: []string{hello, hello}, hears: []string{ack}, code: 4429, reason: "Too many initialisation requests"},
	"connection_init with a list":          {tells: []string{`{"type":"connection_init","payload":[]}`}, code: 4400, reason: `the "payload" of a connection_init message is an object`},
	"connection_init with a key alone":     {tells: []string{`{"type":"connection_init","payload":"Bearer x"}`}, code: 4400, reason: `the "payload" of a connection_init message is an object`},
	"a wrong key":                          {tells: []string{`{"type":"connection_init","payload":{"authorization":"Bearer wrong"}}`}, code: 4403, reason: "no such key"},
	"a wrong key, and an operation":        {tells: []string{`{"type":"connection_init","payload":{"Authorization":"Bearer wrong"}}`, begin("1", "query once")}, code: 4403, reason: "no such key"},
	"a key that is a number":               {tells: []string{`{"type":"connection_init","payload":{"authorization":1}}`}, code: 4403, reason: "send an API key as Authorization: Bearer and the key"},
	"a password":                           {tells: []string{`{"type":"connection_init","payload":{"authorization":"Basic x"}}`}, code: 4403, reason: "send an API key as Authorization: Bearer and the key"},
	"no database":                          {tells: []string{`{"type":"connection_init","payload":{"authorization":"Bearer broken"}}`}, code: 4500, reason: "who is asking cannot be found out now: try again"},
	"a bug":                                {tells: []string{`{"type":"connection_init","payload":{"authorization":"Bearer panics"}}`}, code: 4500, reason: "something went wrong on our side"},
	"an id twice":                          {tells: []string{hello, begin("1", "subscription waits"), begin("1", "query once")}, hears: []string{ack}, code: 4409, reason: "Subscriber for 1 already exists"},
	"a long id twice":                      {tells: []string{hello, begin(strings.Repeat("ä", 300), "subscription waits"), begin(strings.Repeat("ä", 300), "query once")}, hears: []string{ack}, code: 4409, reason: "Subscriber for " + strings.Repeat("ä", 45) + "… already exists"},
	"64 kB before connection_ack":          {tells: []string{padded(hello, 64<<10)}, hears: []string{ack}},
	"more than 64 kB before it":            {tells: []string{padded(hello, 64<<10+1)}, code: 1009, reason: "a message holds at most 64 kB before connection_ack"},
	"1 MB after it":                        {tells: []string{hello, padded(`{"type":"ping"}`, 1<<20)}, hears: []string{ack, `{"type":"pong"}`}},
	"more than 1 MB after it":              {tells: []string{hello, padded(`{"type":"ping"}`, 1<<20+1)}, hears: []string{ack}, code: 1009, reason: "a message holds at most 1024 kB after connection_ack"},
	"complete of nothing":                  {tells: []string{hello, `{"type":"complete","id":"none"}`}, hears: []string{ack}},
	"pong unasked":                         {tells: []string{`{"type":"pong"}`, hello, `{"type":"pong","payload":{"a":1}}`}, hears: []string{ack}},
	"connection_init with null":            {tells: []string{`{"type":"connection_init","payload":null}`}, hears: []string{ack}},
	"connection_init with an empty key":    {tells: []string{`{"type":"connection_init","payload":{"authorization":null,"Authorization":""}}`}, hears: []string{ack}},
	"connection_init and more":             {tells: []string{`{"type":"connection_init","id":7,"payload":{"anything":[1]},"more":true}`}, hears: []string{ack}},
	"ping with a payload":                  {tells: []string{`{"type":"ping","payload":{"at": 1e400}}`}, hears: []string{`{"type":"pong","payload":{"at": 1e400}}`}},
	"ping with a payload without end":      {tells: []string{`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 2000) + `"}}`}, hears: []string{`{"type":"pong"}`}},
	"ping with a list":                     {tells: []string{`{"type":"ping","payload":[]}`}, code: 4400, reason: `the "payload" of a ping message is an object`},
	"an operation that is refused":         {tells: []string{hello, begin("1", "refused")}, hears: []string{ack, `{"id":"1","type":"error","payload":[{"message":"refused","extensions":{"code":"LIMIT"}}]}`}},
	"an operation without an answer":       {tells: []string{hello, begin("1", "query nothing")}, hears: []string{ack, `{"id":"1","type":"error","payload":[{"message":"the request took too long or was given up","extensions":{"code":"UNAVAILABLE"}}]}`}},
	"an operation begun before the answer": {tells: []string{hello, begin("1", "query once")}, hears: []string{ack, `{"id":"1","type":"next","payload":{"data":1,"extensions":{"n":1}}}`, `{"id":"1","type":"complete"}`}},
}

// padded is a message with space behind it.
func padded(message string, length int) string {
	return message + strings.Repeat(" ", length-len(message))
}

// keysOfAnEdge are holders, and what goes wrong while they are looked up.
type keysOfAnEdge struct{ holders }

func (k keysOfAnEdge) Key(ctx context.Context, token string) (principal.Principal, error) {
	switch token {
	case "broken":
		return principal.Principal{}, fmt.Errorf("the database is at 10.0.0.7")
	case "panics":
		panic("so it does")
	}
	return k.holders.Key(ctx, token)
}

func TestWebsocketHostileMessages(t *testing.T) {
	t.Parallel()
	p := Parts{Access: keysOfAnEdge{}, Log: slog.New(slog.DiscardHandler)}
	w := wired(t, func(x *websockets) { x.connect = p.connected })
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			conn := w.dial(t)
			tell(t, conn, c.tells...)
			hears(t, conn, c.hears...)
			if c.code == 0 {
				tell(t, conn, `{"type":"ping","payload":{"last":1}}`)
				hears(t, conn, `{"type":"pong","payload":{"last":1}}`)
				return
			}
			got, closed := heard(t, conn)
			if closed == nil || closed.Code != c.code || closed.Reason != c.reason {
				t.Errorf("heard %s %v, want %d %s", got, closed, c.code, c.reason)
			}
			if len(c.reason) > maxCloseReason {
				t.Errorf("a reason of %d bytes", len(c.reason))
			}
		})
	}
}

func FuzzWebsocketMessage(f *testing.F) {
	for _, c := range hostile {
		for _, m := range c.tells {
			if len(m) < 4096 {
				f.Add([]byte(m))
			}
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readMessage(raw)
		if err != nil {
			if reason := clip(err.Error(), maxCloseReason); reason == "" || len(reason) > maxCloseReason || !utf8.ValidString(reason) {
				t.Errorf("refused with %q", reason)
			}
			return
		}
		if !json.Valid(raw) {
			t.Errorf("%q is no JSON", raw)
		}
		if operation := m.kind == subscribe || m.kind == complete; operation != (m.id != "") || len(m.id) > maxIDLength {
			t.Errorf("%s has the id %q", m.kind, m.id)
		}
		if m.kind == subscribe && m.payload == nil {
			t.Error("subscribe has no payload")
		}
		if m.payload != nil && !json.Valid(m.raw) {
			t.Errorf("the payload %q is no JSON", m.raw)
		}
		if again, err := readMessage(raw); err != nil || again.kind != m.kind || again.id != m.id {
			t.Errorf("read again: %v %v", again, err)
		}
	})
}
