package delivery

import (
	"context"
	"strconv"
	"time"

	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/document"
)

// Ask runs a document on the graph that is served, for whoever ctx says, and returns its data; data beside an error is what
// could be had. What runs ForEverybody is nobody's, and counts against nobody's budget.
type Ask func(ctx context.Context, t *document.Trusted, variables map[string]any) (data any, err error)

// Bindable is the documents that screens are bound to.
type Bindable interface {
	// Bound is a document of a frontend by its hash, retired or not; nil for none.
	Bound(frontendID, hash string) *document.Trusted
	// Source is what it looks like in the graph that is served.
	Source(t *document.Trusted) *binding.Source
}

// AskWith says how data is asked for, and for how long a screen waits for it. Before, nothing has data.
func (d *Delivery) AskWith(ask Ask, within time.Duration) { d.ask, d.dataWithin = ask, within }

// DataBack has open streams that miss data try again, all that is told within a moment at once.
func (d *Delivery) DataBack() {
	d.back.Add(1)
	if d.telling.CompareAndSwap(false, true) {
		time.AfterFunc(tellWithin, func() {
			d.telling.Store(false)
			d.broker.Notify(dataTopic)
		})
	}
}

// GraphServed forgets what the graph before answered.
func (d *Delivery) GraphServed() {
	d.graphs.Add(1)
	d.DataBack()
}

const tellWithin = 200 * time.Millisecond

// dataTopic is heard by every stream of a screen.
const dataTopic = "data"

// Waits reports whether what is live of a screen shows data, which has to be waited for.
func (d *Delivery) Waits(at At, c Context) bool {
	f := d.index.Load().find(c.Frontend)
	if f == nil || f.environments[c.Environment] == nil || f.environments[c.Environment].view == nil {
		return false
	}
	view := f.environments[c.Environment].view
	key, _, ok := published(view).locate(at)
	return ok && view.Bound(key)
}

// How answers for everybody are kept.
const (
	sharedDataBytes = 16 << 20
	notAgainWithin  = time.Second // after a failure
)

// sharedAnswer is what everybody is given for a while.
type sharedAnswer struct {
	data  any
	whole bool
	began time.Time
	size  int
}

// holds reports whether an answer is young enough; what lacks something is asked for again soon.
func (x *sharedAnswer) holds(age time.Duration) bool {
	if !x.whole {
		age = min(age, notAgainWithin)
	}
	return time.Since(x.began) < age
}

type everybodyKey struct{}

// ForEverybody reports whether what is asked for is going to be given to everybody.
func ForEverybody(ctx context.Context) bool { return ctx.Value(everybodyKey{}) != nil }

// data answers one question: for everybody where the document says so, else for whoever asks. It is nil where nothing could be
// had; whole is false where some could not.
func (d *Delivery) data(ctx context.Context, frontendID string, q *question) (data any, whole bool) {
	t := d.bindable.Bound(frontendID, q.hash)
	if t == nil || d.ask == nil {
		return nil, false
	}
	if t.MaxAge == 0 {
		data, err := d.ask(ctx, t, q.variables)
		return data, err == nil
	}
	key := strconv.FormatInt(d.graphs.Load(), 10) + " " + t.ID + " " + q.key
	if x, kept := d.sharedData.Get(key); kept && x.holds(t.MaxAge) {
		return x.data, x.whole
	}
	answered := d.askingShared.DoChan(key, func() (any, error) { return d.askForEverybody(key, t, q), nil })
	select {
	case got := <-answered:
		x, _ := got.Val.(*sharedAnswer)
		return x.data, x.whole
	case <-ctx.Done():
		return nil, false
	}
}

// askForEverybody asks without anybody's rights, and goes on when who asked first has gone: who comes next is given the same.
func (d *Delivery) askForEverybody(key string, t *document.Trusted, q *question) *sharedAnswer {
	ctx := context.WithValue(context.WithValue(context.Background(), fillingKey{}, true), everybodyKey{}, true)
	ctx, cancel := context.WithTimeout(ctx, d.dataWithin)
	defer cancel()
	began := time.Now()
	data, err := d.ask(ctx, t, q.variables)
	x := &sharedAnswer{data: data, whole: err == nil, began: began, size: sizeOf(data)}
	d.sharedData.Put(key, x)
	return x
}

// sizeOf estimates what decoded JSON takes in memory.
func sizeOf(v any) int {
	size := 16
	switch v := v.(type) {
	case string:
		size += len(v)
	case []any:
		for _, one := range v {
			size += sizeOf(one)
		}
	case map[string]any:
		for name, one := range v {
			size += len(name) + 48 + sizeOf(one)
		}
	}
	return size
}
