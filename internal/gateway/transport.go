package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"sonata.ai/sonata/internal/figures"
)

// RemoteOptions are how a service is reached.
type RemoteOptions struct {
	// Name is the service's.
	Name string
	// URL is where it answers GraphQL over HTTP.
	URL string
	// Streams is how subscriptions are followed; StreamURL is where, when that is not URL.
	Streams   Protocol
	StreamURL string
	// Deadline bounds one question, retries included. Default 5 s.
	Deadline time.Duration
	// MaxResponse bounds an answer, unpacked. Default 8 MB.
	MaxResponse int64
	// MaxConcurrent is how many questions are under way at the same time; more wait, within their deadline. Default 256.
	MaxConcurrent int
	// Headers are those of the client that are passed on. Default none. Cookies and headers of a connection never are.
	Headers []string
	// Reach is where it may be.
	Reach Reach
	// Identity signs who is asking; nil sends nothing of it.
	Identity *Identity
	// TLS is how its certificate is checked; nil for the roots of the system.
	TLS *tls.Config
	// Changed is called when its health is another than it was; it must return at once. Nil for nobody.
	Changed func()
	// Now is the clock; nil for the system's.
	Now func() time.Time
}

// Protocol is how subscriptions are followed.
type Protocol string

// The protocols of subscriptions.
const (
	Websocket Protocol = "graphql-transport-ws"
	Events    Protocol = "graphql-sse" // distinct connections mode
)

// Remote is a service that is reached over HTTP. It outlives engines: its connections, circuit breaker, retry budget and
// health go on when another supergraph is swapped in.
type Remote struct {
	options   RemoteOptions
	places    places
	transport *http.Transport
	slots     chan struct{}
	resuming  chan struct{}
	breaker   *breaker
	budget    *budget
	health    *health
	figures   *figures.Counter
}

var _ Source = &Remote{}

// NewRemote makes a source of a service. It reaches nobody yet. It fails when the address cannot be one of a service's.
func NewRemote(o RemoteOptions) (*Remote, error) {
	o.Deadline = orDefault(o.Deadline, 5*time.Second)
	o.MaxResponse = orDefault(o.MaxResponse, 8<<20)
	o.MaxConcurrent = orDefault(o.MaxConcurrent, 256)
	if o.Streams == "" {
		o.Streams = Websocket
	}
	if o.StreamURL == "" {
		o.StreamURL = o.URL
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Changed == nil {
		o.Changed = func() {}
	}
	at, err := o.Reach.CheckURL(o.URL)
	if err != nil {
		return nil, err
	}
	streamAt, err := o.Reach.CheckURL(o.StreamURL)
	if err != nil {
		return nil, err
	}
	breaker := &breaker{now: o.Now}
	r := &Remote{
		options: o,
		transport: &http.Transport{
			DialContext: o.Reach.dial, TLSClientConfig: o.TLS, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 3 * time.Second,
			MaxIdleConnsPerHost: o.MaxConcurrent, MaxResponseHeaderBytes: 64 << 10,
			IdleConnTimeout: 4 * time.Second, // less than servers keep theirs: on one that is just closed a mutation would fail
		},
		slots:    make(chan struct{}, o.MaxConcurrent),
		resuming: make(chan struct{}, maxResuming),
		breaker:  breaker, budget: &budget{}, figures: figures.New(o.Now),
		health: &health{now: o.Now, circuit: breaker.state, changed: o.Changed, at: Health{State: Unknown, Circuit: Closed}},
	}
	r.places.base = newPlace("", at, streamAt, o, 0)
	r.places.order(o.Now(), false)
	return r, nil
}

func orDefault[T int | int64 | time.Duration](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}

// Close lets go of connections that are not in use.
func (r *Remote) Close() { r.transport.CloseIdleConnections() }

// Ask sends a question, to one of the instances when there are some. What only reads is tried a second time, elsewhere if
// there is an elsewhere, when the service could not be reached, said that it is busy or was silent for much longer than usual;
// within the retry budget and the deadline. What may change something is sent once: again only when nobody can have got it,
// since there was no connection.
func (r *Remote) Ask(ctx context.Context, q Question) ([]byte, error) {
	done, ok := r.breaker.enter()
	if !ok {
		return nil, circuitOpen(r.options.Name)
	}
	within, cancel := context.WithTimeout(ctx, r.options.Deadline)
	defer cancel()
	select {
	case r.slots <- struct{}{}:
	case <-within.Done():
		done(withdrawn) // nothing was asked of it
		return nil, timeout(r.options.Name, fmt.Errorf("%d questions are under way: %w", r.options.MaxConcurrent, within.Err()))
	}
	defer func() { <-r.slots }()
	r.budget.deposit()
	began := r.options.Now()
	answer, fault := r.tried(within, q)
	o := outcomeOf(ctx, fault)
	if fault != nil && ctx.Err() != nil && r.options.Now().Sub(began) < r.options.Deadline/2 {
		o = withdrawn // others had used up the time
	}
	done(o)
	if o != withdrawn {
		r.health.note(fault)
	}
	if fault != nil {
		return nil, fault
	}
	return answer, nil
}

// outcomeOf tells a service that fails from a client that went.
func outcomeOf(ctx context.Context, f *Fault) outcome {
	switch {
	case f == nil:
		return answered
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(f, errNotAsked):
		return withdrawn
	}
	return faulty
}

// errNotAsked is a fault that lies with the gateway.
var errNotAsked = errors.New("the service was not asked")

// tried sends a question once, or twice.
func (r *Remote) tried(ctx context.Context, q Question) ([]byte, *Fault) {
	now := r.options.Now()
	o := r.places.now(now)
	first, done := r.places.pick(o, q.Mutates, nil)
	patient, cancel := ctx, func() {}
	if end, ok := ctx.Deadline(); ok && !q.Mutates {
		if within := end.Sub(now); o.wait(within) < within {
			patient, cancel = context.WithTimeout(ctx, o.wait(within))
		}
	}
	answer, fault := r.at(patient, first, done, q)
	cancel()
	if fault == nil || ctx.Err() != nil || !r.again(fault, q, len(o.staying) > 1) {
		return answer, fault
	}
	second, done := r.places.pick(r.places.now(now), q.Mutates, first)
	return r.at(ctx, second, done, q)
}

// again reports whether a question that failed is asked once more.
func (r *Remote) again(f *Fault, q Question, elsewhere bool) bool {
	switch {
	case errors.Is(f, errNotAsked):
		return false
	case elsewhere && neverArrived(f):
		return true // nobody had work with it
	case q.Mutates, f.Code != CodeUnavailable && (f.Code != CodeTimeout || !elsewhere):
		return false
	}
	return r.budget.withdraw()
}

// neverArrived reports whether there was no connection that a question could have been sent on.
func neverArrived(f *Fault) bool {
	var op *net.OpError
	return f.Code == CodeUnavailable && errors.As(f, &op) && op.Op == "dial"
}

// at sends a question to one place, which was picked, and notes how that went.
func (r *Remote) at(ctx context.Context, p *place, done func(outcome), q Question) ([]byte, *Fault) {
	p.inFlight.Add(1)
	defer p.inFlight.Add(-1)
	began := r.options.Now()
	answer, fault := r.try(ctx, p.url, q)
	took, o := r.options.Now().Sub(began), outcomeOf(ctx, fault)
	done(o)
	if o == withdrawn {
		return answer, fault
	}
	if fault != nil && neverArrived(fault) && p.id != "" {
		p.breaker.refuse()
	}
	if fault == nil || fault.Code == CodeTimeout {
		p.pace.note(took)
	}
	p.figures.Note(took, fault != nil)
	p.health.note(fault)
	return answer, fault
}

// try sends a question once.
func (r *Remote) try(ctx context.Context, to *url.URL, q Question) ([]byte, *Fault) {
	request, err := r.request(ctx, http.MethodPost, to, q)
	if err != nil {
		return nil, unavailable(r.options.Name, errors.Join(errNotAsked, err))
	}
	request.Header.Set("Accept", "application/graphql-response+json, application/json;q=0.9")
	response, err := r.transport.RoundTrip(request)
	if err != nil {
		return nil, r.fault(ctx, err)
	}
	defer response.Body.Close() // it was read, or is of no use
	if f := r.refused(response); f != nil {
		return nil, f
	}
	body, err := readAll(io.LimitReader(response.Body, r.options.MaxResponse+1), response.ContentLength)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, r.fault(ctx, err)
	case err != nil:
		return nil, invalid(r.options.Name, "with a body that ends too early", err)
	case int64(len(body)) > r.options.MaxResponse:
		return nil, invalid(r.options.Name, fmt.Sprintf("with more than %d bytes", r.options.MaxResponse), nil)
	}
	return body, nil
}

// readAll reads to the end, into as much memory as is announced, up to what is believed.
func readAll(from io.Reader, announced int64) ([]byte, error) {
	const believed = 256 << 10
	out := bytes.NewBuffer(make([]byte, 0, min(max(announced, 0), believed)+bytes.MinRead))
	_, err := out.ReadFrom(from)
	return out.Bytes(), err
}

// request is what a service gets: the question, and nothing of the client but what it is allowed. What it may reach is checked
// when it is dialed.
func (r *Remote) request(ctx context.Context, method string, to *url.URL, q Question) (*http.Request, error) {
	whole := http.Request{ // with an address that was parsed before, and no GetBody, so that nothing below sends it twice
		Method: method, URL: to, Host: to.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: http.NoBody, ContentLength: int64(len(q.Body)),
	}
	if len(q.Body) > 0 {
		whole.Body = io.NopCloser(bytes.NewReader(q.Body))
	}
	request := whole.WithContext(ctx)
	request.Header = passed(callerOf(ctx), r.options.Headers, q.Mutates)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "sonata")
	if r.options.Identity != nil {
		token, err := r.options.Identity.token(ctx, r.options.Name)
		if err != nil {
			return nil, err
		}
		request.Header.Set(headerIdentity, token)
	}
	return request, nil
}

func (r *Remote) fault(ctx context.Context, err error) *Fault {
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
		return timeout(r.options.Name, err)
	}
	return unavailable(r.options.Name, err)
}

// refused is the fault of an answer that is no GraphQL response. With status 4xx it may be one; behind 5xx stands somebody
// who could not answer.
func (r *Remote) refused(response *http.Response) *Fault {
	status := response.StatusCode
	switch {
	case status >= 300 && status < 400:
		return invalid(r.options.Name, "with a redirect, which is not followed", nil)
	case status >= 500, status == http.StatusTooManyRequests:
		return unavailable(r.options.Name, fmt.Errorf("status %d", status))
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && kind != "application/graphql-response+json" {
		return invalid(r.options.Name, "with something that is not a GraphQL response", fmt.Errorf("status %d, content type %q", status, kind))
	}
	return nil
}
