package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/datasource/httpclient"
)

// live is one subscription of a client to a service. The stream of the service and the plan that joins other services to its
// payloads are separate, so that the second can change under the first: at a swap the operation is planned anew, the stream
// goes on when it asks the same of the same service, and the client sees nothing of it.
type live struct {
	gateway   *Gateway
	ctx       context.Context //nolint:containedctx // of the operation: it goes on after the call that began it
	cancel    context.CancelFunc
	text      string
	operation string
	variables map[string]any
	moved     chan struct{} // the live engine is another one

	mu       sync.Mutex // held while it works, not while it waits for events
	at       *Engine    // entered
	plan     *planned
	source   Source // who is to be followed, and what it is asked
	question Question
	feed     *feed
	ended    bool

	// What is left of trying again since the last payload: the next wait, 0 for none yet; when it is over; when it last helped.
	resuming time.Duration
	until    time.Time
	resumed  time.Time
}

// feed is a stream with the goroutine that reads it.
type feed struct {
	source   Source
	question Question
	stream   Stream
	payloads chan []byte
	err      error // read when payloads is closed
	end      chan struct{}
}

// Follow starts a subscription. Each call of the handler waits for the next event and returns its response; nil at the end. It
// ends with ctx. Whoever calls it reads until nil, or ends ctx.
//
// When the graph changes so that the operation is not valid any more, there is one response with the code
// SUBSCRIPTION_ENDED, then the end. When the service breaks off, or is not where it is now said to be, it is tried again
// within Options.ResumeWithin; events between are missed. Then there is one response with the fault's code, and the end.
func (g *Gateway) Follow(ctx context.Context, op Operation) (graphql.ResponseHandler, gqlerror.List) {
	ctx, cancel := context.WithCancel(ctx)
	l := &live{
		gateway: g, ctx: ctx, cancel: cancel, text: op.Text, operation: op.Definition.Name, variables: op.Variables,
		moved: make(chan struct{}, 1),
	}
	g.mu.Lock()
	g.streams[l] = struct{}{} // before the engine is taken: no swap between is missed
	g.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	errs := l.move()
	if errs == nil {
		errs = l.open()
	}
	if errs != nil {
		l.close()
		return nil, errs
	}
	context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.close()
	})
	return l.next, nil
}

// MoveStreams has every stream look whether it has to go over: to another engine, or to another instance of its service.
func (g *Gateway) MoveStreams() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for l := range g.streams {
		select {
		case l.moved <- struct{}{}:
		default:
		}
	}
}

// close ends it and lets go of what it holds.
func (l *live) close() {
	if l.ended {
		return
	}
	l.ended = true
	l.cancel()
	l.gateway.mu.Lock()
	delete(l.gateway.streams, l)
	l.gateway.mu.Unlock()
	if l.feed != nil {
		l.feed.stop()
	}
	if l.at != nil {
		l.at.leave()
	}
}

// move takes the live engine, and finds out who is to be followed there.
func (l *live) move() gqlerror.List {
	e, ok := l.gateway.take()
	if !ok {
		return gqlerror.List{coded(CodeUnavailable, "there is no graph yet")}
	}
	if e == l.at {
		e.leave()
		return nil
	}
	p, errs := l.planOn(e)
	if errs != nil {
		e.leave()
		return errs
	}
	q, err := p.question(l.ctx, l.variables)
	if err != nil {
		e.leave()
		return internal(err).Errors
	}
	if l.at != nil {
		l.at.leave()
	}
	l.at, l.plan, l.source, l.question = e, p, e.sources[p.trigger.SourceName], q
	return nil
}

// open begins to follow.
func (l *live) open() gqlerror.List {
	stream, err := l.source.Follow(l.ctx, l.question)
	if err != nil {
		return l.failed(err)
	}
	l.feed = newFeed(l.ctx, l.source, l.question, stream)
	return nil
}

func (l *live) planOn(e *Engine) (*planned, gqlerror.List) {
	definition, err := e.parsed(l.text, l.operation)
	if err != nil {
		return nil, l.changed()
	}
	if refused := e.planners.guard.stream(l.ctx, definition); refused != nil {
		return nil, gqlerror.List{refused}
	}
	if _, err := validator.VariableValues(e.API(), definition, l.variables); err != nil {
		return nil, l.changed()
	}
	p, err := e.planFor(Operation{Text: l.text, Definition: definition, Variables: l.variables})
	if err != nil {
		return nil, internal(err).Errors
	}
	if p.trigger == nil {
		return nil, gqlerror.List{coded(codeInvalid, "this is no subscription")}
	}
	return p, nil
}

func (l *live) changed() gqlerror.List {
	return gqlerror.List{coded(CodeChanged, "the graph has changed, and this subscription is not valid in it any more: load what is new and subscribe again")}
}

func (l *live) failed(err error) gqlerror.List {
	service := l.plan.trigger.SourceName
	f := faultOf(service, err)
	e := coded(f.Code, f.Error())
	e.Extensions["service"], e.Err = service, f.Unwrap()
	if places := placesOf(l.question.Body); len(places) > 0 {
		if name, ok := places[0][0].(string); ok {
			e.Path = ast.Path{ast.PathName(name)}
		}
	}
	return gqlerror.List{e}
}

// question is what a service is asked to start a subscription.
func (p *planned) question(ctx context.Context, variables map[string]any) (Question, error) {
	rctx, err := p.context(ctx, variables)
	if err != nil {
		return Question{}, err
	}
	var out bytes.Buffer
	if err := p.trigger.InputTemplate.Render(rctx, nil, &out); err != nil {
		return Question{}, err
	}
	var input struct {
		Body struct {
			Query     string                     `json:"query"`
			Variables map[string]json.RawMessage `json:"variables,omitempty"`
		} `json:"body"`
	}
	if err := json.Unmarshal(out.Bytes(), &input); err != nil {
		return Question{}, err
	}
	for _, name := range httpclient.UndefinedVariables(out.Bytes()) {
		delete(input.Body.Variables, name)
	}
	body, err := json.Marshal(input.Body)
	return Question{Body: body}, err
}

func newFeed(ctx context.Context, source Source, q Question, stream Stream) *feed {
	f := &feed{source: source, question: q, stream: stream, payloads: make(chan []byte), end: make(chan struct{})}
	go func() {
		defer close(f.payloads)
		for {
			payload, err := stream.Next(ctx)
			if err != nil {
				f.err = err
				return
			}
			select {
			case f.payloads <- payload:
			case <-f.end:
				f.err = io.EOF
				return
			}
		}
	}()
	return f
}

// leaving reports whether who is followed wants to go.
func (f *feed) leaving() bool {
	s, ok := f.stream.(interface{ leaving() bool })
	return ok && s.leaving()
}

func (f *feed) stop() {
	select {
	case <-f.end:
	default:
		close(f.end)
	}
	f.stream.Close()
}

// next is the handler of gqlgen's executor; it is called by one goroutine at a time.
func (l *live) next(ctx context.Context) *graphql.Response {
	for {
		l.mu.Lock()
		if l.ended {
			l.mu.Unlock()
			return nil
		}
		payloads := l.feed.payloads
		l.mu.Unlock()
		select {
		case <-l.moved: // before an event, so that it is answered by the engine that is live
			if r, over := l.work(func() (*graphql.Response, gqlerror.List) { return nil, l.follow() }); over {
				return r
			}
			continue
		default:
		}
		var r *graphql.Response
		over := false
		select {
		case <-l.ctx.Done():
			return nil
		case <-ctx.Done():
			l.cancel()
			return nil
		case <-l.moved:
			r, over = l.work(func() (*graphql.Response, gqlerror.List) { return nil, l.follow() })
		case payload, ok := <-payloads:
			r, over = l.work(func() (*graphql.Response, gqlerror.List) {
				if ok {
					l.resuming = 0
					return l.answer(ctx, payload), nil
				}
				return nil, l.resume()
			})
		}
		if over {
			return r
		}
	}
}

// work does one thing. It is over when there is a response to return: an event's, the last one, or nil at the end.
func (l *live) work(do func() (*graphql.Response, gqlerror.List)) (r *graphql.Response, over bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return nil, true
	}
	r, errs := do()
	if errs != nil {
		l.close()
		return &graphql.Response{Errors: errs}, true
	}
	return r, r != nil || l.ended
}

// answer joins to the payload what other services have.
func (l *live) answer(ctx context.Context, payload []byte) *graphql.Response {
	service := l.plan.trigger.SourceName
	vetted, err := vet(service, l.feed.question.Body, payload, l.at.fits)
	if err != nil {
		return &graphql.Response{Errors: l.failed(err), Data: json.RawMessage("null")}
	}
	if shape := l.at.shapesOf[service]; shape != nil {
		vetted = shape.conform(l.feed.question.Body, vetted)
	}
	var got wireResult
	if err := json.Unmarshal(vetted, &got); err != nil {
		return internal(err)
	}
	var own gqlerror.List
	m := mender{plan: l.plan.response.Data, own: l.at.ownName, data: got.Data}
	own = m.all(got.Errors)
	if !present(got.Data) {
		return &graphql.Response{Errors: own, Data: json.RawMessage("null")}
	}
	r := l.at.resolve(ctx, l.plan, l.variables, got.Data)
	r.Errors = slices.Concat(own, r.Errors)
	return r
}
