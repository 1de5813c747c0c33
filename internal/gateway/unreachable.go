package gateway

import "context"

// Unreachable is a service that cannot be asked: its address is not allowed. Each question is answered with
// SUBGRAPH_UNAVAILABLE; why is for operators.
func Unreachable(service string, why error) Source { return notAllowed{unavailable(service, why)} }

type notAllowed struct{ fault *Fault }

// Ask refuses a question.
func (n notAllowed) Ask(context.Context, Question) ([]byte, error) { return nil, n.fault }

// Follow refuses a subscription.
func (n notAllowed) Follow(context.Context, Question) (Stream, error) { return nil, n.fault }
