package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/screen"
)

// boundBlock is a block with bindings, as it was negotiated: everything but what data decides.
type boundBlock struct {
	at       int // among the blocks of the screen
	props    map[string]any
	schema   json.RawMessage // what the props must fit once they are filled
	isURL    func(pointer string) bool
	bindings []binding.Binding
	wanted   string // as degradations say it
	served   string
}

func boundOf(at int, b component.ServedBlock) (bound boundBlock, is bool) {
	found, _ := binding.Find(b.Props)
	if len(found) == 0 {
		return boundBlock{}, false
	}
	return boundBlock{
		at: at, props: b.Props, schema: b.Schema, isURL: screen.URLPointers(b.Schema), bindings: found,
		wanted: b.Wanted, served: b.Component + " " + b.Version.String(),
	}, true
}

// question is what is asked of the graph for a screen, once for all that is bound to it.
type question struct {
	key       string
	hash      string
	variables map[string]any
	data      any
	whole     bool
}

// filling is one screen that is being filled with data.
type filling struct {
	d         *Delivery
	frontend  string
	snapshot  *Snapshot
	bound     []boundBlock
	questions map[string]*question // by key
	keys      map[place]string     // of questions
	left      int                  // bytes that data may still have
	gone      map[string]bool      // keys of blocks that are left out
}

// place is a binding of a screen.
type place struct{ block, binding int }

type fillingKey struct{}

// fill puts data into a snapshot: everything that is bound is asked for in one round, with the rights of whoever asks, and
// within the deadline. What fails takes its default or is left out, and is listed. The warnings say when nothing is left.
func (d *Delivery) fill(ctx context.Context, src *source, s *Snapshot, bound []boundBlock) (warnings []Warning) {
	if len(bound) == 0 {
		return nil
	}
	f := &filling{d: d, frontend: src.frontend, snapshot: s, bound: bound, questions: map[string]*question{}, keys: map[place]string{}, left: binding.MaxFilled, gone: map[string]bool{}}
	s.Blocks = slices.Clone(s.Blocks) // they are shared with everybody
	s.Degradations = slices.Clone(s.Degradations)
	s.Data = f.collect()
	noteData(ctx, s.Data)
	f.ask(ctx)
	for i := range bound {
		f.block(i, &bound[i])
	}
	if len(f.gone) > 0 {
		f.leaveOut()
	}
	if f.gone[s.Root] {
		return []Warning{dropped(s.Key)}
	}
	return nil
}

// isGone reports whether a snapshot lost its root.
func (s *Snapshot) isGone() bool { return len(s.Blocks) == 0 }

// Data is what a snapshot shows besides what is published.
type Data struct {
	Bound   bool
	Public  time.Duration // for how long everybody may be given the same; 0 when each is given what is theirs
	Missing bool          // some of it could not be had
}

// collect finds out what is to be asked, each once.
func (f *filling) collect() (data Data) {
	for i, b := range f.bound {
		for j, at := range b.bindings {
			if at.ByPage {
				continue
			}
			age := time.Duration(0)
			if t := f.d.bindable.Bound(f.frontend, at.Document); t != nil {
				age = t.MaxAge
			}
			if !data.Bound || age < data.Public {
				data.Bound, data.Public = true, age
			}
			if len(f.keys) >= binding.MaxOnScreen {
				continue
			}
			q := f.questionOf(at)
			if q == nil || f.questions[q.key] == nil && len(f.questions) >= binding.MaxQuestions {
				continue
			}
			f.keys[place{i, j}] = q.key
			if f.questions[q.key] == nil {
				f.questions[q.key] = q
			}
		}
	}
	return data
}

// questionOf is nil for a document that cannot be run, or not with these parameters.
func (f *filling) questionOf(at binding.Binding) *question {
	variables := f.variables(at)
	if variables == nil {
		return nil
	}
	raw, err := canonical.Marshal(variables)
	if err != nil {
		return nil
	}
	return &question{key: at.Document + " " + string(raw), hash: at.Document, variables: variables}
}

func (f *filling) variables(at binding.Binding) map[string]any {
	t := f.d.bindable.Bound(f.frontend, at.Document)
	if t == nil {
		return nil
	}
	source := f.d.bindable.Source(t)
	if source.Problem != "" {
		return nil
	}
	variables, wrong := source.Given(at, f.snapshot.Params)
	if wrong != "" {
		return nil
	}
	return variables
}

// ask asks everything at once. What has no answer in time has none.
func (f *filling) ask(ctx context.Context) {
	if len(f.questions) == 0 || ctx.Value(fillingKey{}) != nil { // a document that asks for screens is not filled in turn
		return
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, fillingKey{}, true), f.d.dataWithin)
	defer cancel()
	answers := make(chan question, len(f.questions))
	for _, q := range f.questions {
		go func() {
			answered := *q
			answered.data, answered.whole = f.d.data(ctx, f.frontend, q)
			answers <- answered
		}()
	}
	for range f.questions {
		select {
		case a := <-answers:
			*f.questions[a.key] = a
		case <-ctx.Done():
			return
		}
	}
}

// valueOf is what a binding brings; whole is false where some of it could not be had.
func (f *filling) valueOf(of place, at binding.Binding) (value any, ok, whole bool) {
	q := f.questions[f.keys[of]]
	if q == nil || q.data == nil {
		return nil, false, false
	}
	value, size, ok := at.ValueIn(q.data, f.left)
	if ok {
		f.left -= size
	}
	return value, ok, q.whole && (ok || size == 0)
}

// block fills one block, or leaves it out.
func (f *filling) block(i int, b *boundBlock) {
	props, _ := canonical.Clone(b.props).(map[string]any)
	block, s := &f.snapshot.Blocks[b.at], f.snapshot
	x := filledProps{schemas: f.d.components.Schemas, block: b, props: props, at: slices.Clone(b.bindings)}
	missing := false
	for j, at := range b.bindings {
		if at.ByPage {
			x.cut(j)
			if page, ok := f.byPage(at); ok {
				block.Bindings = append(slices.Clip(block.Bindings), page)
			}
			continue
		}
		value, ok, whole := f.valueOf(place{i, j}, at)
		missing = missing || !whole
		if ok {
			binding.Put(x.props, x.at[j].Pointer, value)
		} else {
			x.without(j)
		}
	}
	bad, fits := x.fit()
	raw, err := canonical.Marshal(x.props)
	s.Data.Missing = s.Data.Missing || missing
	switch {
	case !fits || err != nil:
		f.gone[block.Key] = true
		f.degrade(b, block.Key, "")
		return
	case missing || bad:
		f.degrade(b, block.Key, b.served)
	}
	block.Props = raw
}

func (f *filling) degrade(b *boundBlock, key, served string) {
	f.snapshot.Degradations = slices.DeleteFunc(f.snapshot.Degradations, func(d component.Degradation) bool { return d.BlockKey == key })
	f.snapshot.Degradations = append(f.snapshot.Degradations, component.Degradation{
		BlockKey: key, Wanted: b.wanted, Served: served, Reason: component.DataUnavailable,
	})
}

// byPage is what the page needs to fill a place by itself.
func (f *filling) byPage(at binding.Binding) (PageBinding, bool) {
	variables := f.variables(at)
	if variables == nil {
		return PageBinding{}, false
	}
	raw, err := canonical.Marshal(variables)
	if err != nil {
		return PageBinding{}, false
	}
	out := PageBinding{Pointer: at.Pointer, Document: at.Document, Path: at.Path, Variables: raw, Map: json.RawMessage("null")}
	if at.Map != nil {
		if out.Map, err = canonical.Marshal(at.Map); err != nil {
			return PageBinding{}, false
		}
	}
	return out, true
}

// leaveOut takes blocks away that have no data, with everything below them.
func (f *filling) leaveOut() {
	s := f.snapshot
	byKey := map[string]Block{}
	for _, b := range s.Blocks {
		byKey[b.Key] = b
	}
	var below func(key string)
	below = func(key string) {
		for _, slot := range byKey[key].Slots {
			for _, child := range slot.Blocks {
				f.gone[child] = true
				below(child)
			}
		}
	}
	for _, b := range f.bound {
		if key := s.Blocks[b.at].Key; f.gone[key] {
			below(key)
		}
	}
	blocks := make([]Block, 0, len(s.Blocks))
	for _, b := range s.Blocks {
		if f.gone[b.Key] {
			continue
		}
		b.Slots = f.slots(b.Slots)
		blocks = append(blocks, b)
	}
	s.Blocks = blocks
}

func (f *filling) slots(all []Slot) []Slot {
	kept := []Slot{}
	for _, slot := range all {
		slot.Blocks = slices.DeleteFunc(slices.Clone(slot.Blocks), func(key string) bool { return f.gone[key] })
		if len(slot.Blocks) > 0 {
			kept = append(kept, slot)
		}
	}
	return kept
}

func dropped(key string) Warning {
	return Warning{"SCREEN_DROPPED", fmt.Sprintf("this build cannot render the root of the screen %q", key)}
}
