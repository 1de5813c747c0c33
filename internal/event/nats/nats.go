// Package nats wakes processes that share one PostgreSQL through a NATS. What it carries is no record: a message that is
// lost costs half a second, until the ledger is looked at anyway.
package nats

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// Wakers is a connection to a NATS.
type Wakers struct {
	conn    *nats.Conn
	subject string
}

const (
	dialWithin = 3 * time.Second
	dialAgain  = time.Second
)

// Dial connects to the NATS at address and calls wake for each message of this installation, its own included, and
// whenever the connection is there again. A NATS that does not answer is no error: it is dialed again each second, and
// onError is told once each time that the connection is lost. Call Close.
func Dial(address, installation string, wake func(), onError func(error)) (*Wakers, error) {
	conn, err := nats.Connect(address, nats.Name("sonata"), nats.Timeout(dialWithin), nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1), nats.ReconnectWait(dialAgain), nats.ReconnectBufSize(-1), // late news are none
		nats.ConnectHandler(func(*nats.Conn) { wake() }), nats.ReconnectHandler(func(*nats.Conn) { wake() }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				onError(err)
			}
		}))
	if err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	w := &Wakers{conn: conn, subject: "sonata." + installation + ".ledger"}
	if !conn.IsConnected() {
		onError(errors.New("no NATS answers there"))
	}
	if _, err := conn.Subscribe(w.subject, func(*nats.Msg) { wake() }); err != nil {
		conn.Close()
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	return w, nil
}

// Wake tells every process, this one too, that the ledger moved. It never waits; while the NATS is away it does nothing.
func (w *Wakers) Wake() {
	if w.conn.IsConnected() {
		w.conn.Publish(w.subject, nil) //nolint:errcheck // best effort: everybody looks twice a second anyway
	}
}

// Close ends the connection.
func (w *Wakers) Close() { w.conn.Close() }
