package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
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
	gone      map[string]bool      // keys of blocks that are left out
}

type fillingKey struct{}

// fill puts data into a snapshot: everything that is bound is asked for in one round, with the rights of whoever asks, and
// within the deadline. What fails takes its default or is left out, and is listed. Kept says for how long whoever reads the
// same may be given the same: 0 when each is given what is theirs.
func (d *Delivery) fill(ctx context.Context, src *source, s *Snapshot, bound []boundBlock) (warnings []Warning) {
	if len(bound) == 0 {
		return nil
	}
	f := &filling{d: d, frontend: src.frontend, snapshot: s, bound: bound, questions: map[string]*question{}, gone: map[string]bool{}}
	s.Blocks = slices.Clone(s.Blocks) // they are shared with everybody
	s.Degradations = slices.Clone(s.Degradations)
	s.Data = f.collect()
	noteData(ctx, s.Data)
	f.ask(ctx)
	for i := range bound {
		f.block(&bound[i])
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
	first := true
	for _, b := range f.bound {
		for _, at := range b.bindings {
			if at.ByPage {
				continue
			}
			age := time.Duration(0)
			if t := f.d.bindable.Bound(f.frontend, at.Document); t != nil {
				age = t.MaxAge
				if q := f.questionOf(at); q != nil && f.questions[q.key] == nil && len(f.questions) < binding.MaxQuestions {
					f.questions[q.key] = q
				}
			}
			if data.Bound = true; first || age < data.Public {
				data.Public, first = age, false
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
func (f *filling) valueOf(at binding.Binding) (value any, ok, whole bool) {
	asked := f.questionOf(at)
	if asked == nil {
		return nil, false, false
	}
	q := f.questions[asked.key]
	if q == nil || q.data == nil {
		return nil, false, false
	}
	value, ok = at.ValueIn(q.data)
	return value, ok, q.whole
}

// block fills one block, or leaves it out.
func (f *filling) block(b *boundBlock) {
	props, _ := canonical.Clone(b.props).(map[string]any)
	block := &f.snapshot.Blocks[b.at]
	missing := false
	// From the last: what is cut out of a list moves what comes after it.
	for _, at := range slices.Backward(b.bindings) {
		if at.ByPage {
			binding.Cut(props, at.Pointer)
			if page, ok := f.byPage(at); ok {
				block.Bindings = append(slices.Clip(block.Bindings), page)
			}
			continue
		}
		value, ok, whole := f.valueOf(at)
		missing = missing || !whole
		if ok {
			binding.Put(props, at.Pointer, value)
		} else {
			f.withoutData(b, props, at.Pointer)
		}
	}
	slices.Reverse(block.Bindings)
	props, bad, fits := f.fit(b, props)
	missing = missing || bad
	raw, err := canonical.Marshal(props)
	if !fits || err != nil {
		f.gone[block.Key] = true
		f.degrade(b, block.Key, "")
		return
	}
	block.Props = raw
	if missing {
		f.degrade(b, block.Key, b.served)
	}
}

func (f *filling) degrade(b *boundBlock, key, served string) {
	f.snapshot.Data.Missing = true
	f.snapshot.Degradations = slices.DeleteFunc(f.snapshot.Degradations, func(d component.Degradation) bool { return d.BlockKey == key })
	f.snapshot.Degradations = append(f.snapshot.Degradations, component.Degradation{
		BlockKey: key, Wanted: b.wanted, Served: served, Reason: component.DataUnavailable,
	})
}

// withoutData gives a place what its schema says for nothing, or nothing.
func (f *filling) withoutData(b *boundBlock, props map[string]any, pointer string) {
	if value, ok := f.d.components.Schemas.Default(b.schema, b.props, pointer); ok {
		binding.Put(props, pointer, value)
		return
	}
	binding.Cut(props, pointer)
}

// fit makes filled props fit: first without the entries that do not, then without what data brought.
func (f *filling) fit(b *boundBlock, props map[string]any) (fitting map[string]any, bad, fits bool) {
	props = f.d.components.Schemas.Projected(b.schema, props)
	wrong := f.wrong(b, props)
	if len(wrong) == 0 {
		return props, false, true
	}
	for _, at := range slices.Backward(b.bindings) {
		f.mend(b, props, at, wrong)
	}
	if wrong = f.wrong(b, props); len(wrong) == 0 {
		return props, true, true
	}
	for _, at := range slices.Backward(b.bindings) {
		f.withoutData(b, props, at.Pointer)
	}
	return props, true, len(f.wrong(b, props)) == 0
}

// wrong are the places of props that do not fit, or could run script.
func (f *filling) wrong(b *boundBlock, props map[string]any) (pointers []string) {
	for _, v := range f.d.components.Schemas.ValidateFilled(b.schema, props) {
		pointers = append(pointers, v.Pointer)
	}
	pointers = slices.DeleteFunc(pointers, func(at string) bool { return b.leftToPage(at) })
	for _, u := range screen.UnsafeURLs(props, b.isURL) {
		pointers = append(pointers, u.Pointer)
	}
	return pointers
}

// leftToPage reports whether a place is one that the page fills: it may be missing.
func (b *boundBlock) leftToPage(pointer string) bool {
	return slices.ContainsFunc(b.bindings, func(at binding.Binding) bool { return at.ByPage && at.Pointer == pointer })
}

// mend takes out of what one binding brought the entries that are wrong, or all of it.
func (f *filling) mend(b *boundBlock, props map[string]any, at binding.Binding, wrong []string) {
	value, there := canonical.At(props, at.Pointer)
	if !there || at.ByPage {
		return
	}
	list, isList := value.([]any)
	out := map[int]bool{}
	for _, pointer := range wrong {
		below, is := strings.CutPrefix(pointer, at.Pointer)
		if !is || below != "" && below[0] != '/' {
			continue
		}
		index, _, _ := strings.Cut(strings.TrimPrefix(below, "/"), "/")
		i, err := strconv.Atoi(index)
		if !isList || err != nil || i >= len(list) {
			f.withoutData(b, props, at.Pointer)
			return
		}
		out[i] = true
	}
	if len(out) == 0 {
		return
	}
	kept := make([]any, 0, len(list))
	for i, entry := range list {
		if !out[i] {
			kept = append(kept, entry)
		}
	}
	binding.Put(props, at.Pointer, kept)
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
