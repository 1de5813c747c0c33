package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Source is where a subgraph's data comes from: a service that is reached over HTTP (Remote) or Sonata's own graph in this
// process (Local).
type Source interface {
	// Ask sends one GraphQL request and returns the body of the answer. Errors are *Fault or errors of the context.
	Ask(ctx context.Context, q Question) ([]byte, error)
	// Follow starts a subscription. It ends with ctx. Errors are *Fault or errors of the context.
	Follow(ctx context.Context, q Question) (Stream, error)
}

// Stream is a running subscription of a service.
type Stream interface {
	// Next returns the next payload, a GraphQL response; io.EOF when the service has ended the subscription. It may be called
	// by one goroutine at a time.
	Next(ctx context.Context) ([]byte, error)
	// Close ends the subscription. It may be called several times, and while Next waits.
	Close()
}

// Question is one GraphQL request to a service.
type Question struct {
	// Body is the request as JSON: query and variables.
	Body []byte
	// Mutates says that it may change something, so it is sent once at most.
	Mutates bool
}

// wireQuestion is what is written in the body of a question.
type wireQuestion struct {
	Query     string          `json:"query"`
	Variables json.RawMessage `json:"variables,omitempty"`
}

// Fault is what the gateway says when a service does not give an answer that can be used. It holds no address.
type Fault struct {
	Code    string
	Service string
	message string
	cause   error
}

// Error returns the message for clients.
func (f *Fault) Error() string { return f.message }

// Unwrap returns the cause, which is for operators and may hold addresses.
func (f *Fault) Unwrap() error { return f.cause }

func unavailable(service string, cause error) *Fault {
	return &Fault{CodeUnavailable, service, fmt.Sprintf("the service %q cannot be reached", service), cause}
}

func timeout(service string, cause error) *Fault {
	return &Fault{CodeTimeout, service, fmt.Sprintf("the service %q did not answer in time", service), cause}
}

func circuitOpen(service string) *Fault {
	return &Fault{CodeCircuitOpen, service, fmt.Sprintf("the service %q is not asked for a moment, since it failed too often", service), nil}
}

func invalid(service, what string, cause error) *Fault {
	return &Fault{CodeInvalid, service, fmt.Sprintf("the service %q answered %s", service, what), cause}
}

// faultOf makes a fault of any error of a source.
func faultOf(service string, err error) *Fault {
	var f *Fault
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return timeout(service, err)
	default:
		return unavailable(service, err)
	}
}
