package gateway

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"sync"
)

// events is a subscription over server-sent events (graphql-sse, distinct connections mode).
type events struct {
	service string
	body    io.ReadCloser
	lines   *bufio.Scanner
	cancel  context.CancelFunc
	once    sync.Once
}

// openEvents connects and subscribes. Opening is bounded by the deadline of open; the stream ends with ctx.
func (r *Remote) openEvents(ctx, open context.Context, at *url.URL, q Question) (Stream, error) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(open, cancel)
	request, err := r.request(ctx, http.MethodPost, at, q)
	if err != nil {
		cancel()
		return nil, err
	}
	request.Header.Set("Accept", "text/event-stream")
	response, err := r.transport.RoundTrip(request)
	if err != nil {
		cancel()
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")) // none is another
	if f := r.refusedStream(response.StatusCode, kind); f != nil || !stop() {
		cancel()
		_ = response.Body.Close() // of no use
		if f == nil {
			f = timeout(r.options.Name, open.Err())
		}
		return nil, f
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(make([]byte, 0, 4096), int(r.options.MaxResponse))
	return &events{service: r.options.Name, body: response.Body, lines: lines, cancel: cancel}, nil
}

func (r *Remote) refusedStream(status int, kind string) *Fault {
	switch {
	case status >= 500, status == http.StatusTooManyRequests:
		return unavailable(r.options.Name, fmt.Errorf("status %d", status))
	case status != http.StatusOK || kind != "text/event-stream":
		return invalid(r.options.Name, "with something that is no stream of events", fmt.Errorf("status %d, content type %q", status, kind))
	}
	return nil
}

// Next waits for the next payload.
func (e *events) Next(context.Context) ([]byte, error) {
	var kind string
	var data []byte
	for e.lines.Scan() {
		line := e.lines.Bytes()
		if len(line) == 0 {
			switch {
			case kind == "complete":
				return nil, io.EOF
			case kind == "next" && data != nil:
				return data, nil
			}
			kind, data = "", nil
			continue
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "event":
			kind = string(value)
		case "data":
			if data != nil {
				data = append(data, '\n')
			}
			data = append(data, value...)
			if data == nil {
				data = []byte{}
			}
		}
	}
	err := e.lines.Err()
	if err == nil {
		err = io.ErrUnexpectedEOF // it did not say that it is complete
	}
	return nil, unavailable(e.service, err)
}

// Close ends the subscription.
func (e *events) Close() {
	e.once.Do(func() {
		e.cancel()
		_ = e.body.Close() // it is over
	})
}
