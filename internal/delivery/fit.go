package delivery

import (
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/screen"
)

// filledProps are the props of one block while data is put into them.
type filledProps struct {
	schemas *component.Schemas
	block   *boundBlock
	props   map[string]any
	at      []binding.Binding // with their places as they are now: what is taken out of a list moves what comes after it; "" once it is gone
}

// without gives the place of a binding what its schema says for nothing, or nothing.
func (x *filledProps) without(j int) {
	pointer := x.at[j].Pointer
	if pointer == "" {
		return
	}
	if value, ok := x.schemas.Default(x.block.schema, x.block.props, x.block.bindings[j].Pointer); ok {
		binding.Put(x.props, pointer, value)
		return
	}
	x.cut(j)
}

// cut takes the place of a binding away.
func (x *filledProps) cut(j int) {
	pointer := x.at[j].Pointer
	binding.Cut(x.props, pointer)
	x.at[j].Pointer = ""
	cut := strings.LastIndexByte(pointer, '/')
	holder, _ := canonical.At(x.props, pointer[:cut])
	if _, isList := holder.([]any); !isList {
		return
	}
	if index, err := strconv.Atoi(pointer[cut+1:]); err == nil {
		x.close(pointer[:cut+1], index)
	}
}

// close moves what stands in a list after an entry that is gone.
func (x *filledProps) close(list string, index int) {
	for j := range x.at {
		rest, is := strings.CutPrefix(x.at[j].Pointer, list)
		if !is {
			continue
		}
		token, below, deep := strings.Cut(rest, "/")
		if i, err := strconv.Atoi(token); err == nil && i > index {
			if x.at[j].Pointer = list + strconv.Itoa(i-1); deep {
				x.at[j].Pointer += "/" + below
			}
		}
	}
}

// fit makes filled props fit: first without the entries that do not, then without what data brought.
func (x *filledProps) fit() (bad, fits bool) {
	x.props = x.schemas.Projected(x.block.schema, x.props)
	wrong := x.wrong()
	if len(wrong) == 0 {
		return false, true
	}
	for j := range slices.Backward(x.at) {
		x.mend(j, wrong)
	}
	if len(x.wrong()) == 0 {
		return true, true
	}
	for j := range slices.Backward(x.at) {
		x.without(j)
	}
	return true, len(x.wrong()) == 0
}

// wrong are the places that do not fit, or could run script. What the page fills in may be missing.
func (x *filledProps) wrong() (pointers []string) {
	for _, v := range x.schemas.ValidateFilled(x.block.schema, x.props) {
		byPage := slices.ContainsFunc(x.block.bindings, func(at binding.Binding) bool { return at.ByPage && at.Pointer == v.Pointer })
		if !byPage {
			pointers = append(pointers, v.Pointer)
		}
	}
	for _, u := range screen.UnsafeURLs(x.props, x.block.isURL) {
		pointers = append(pointers, u.Pointer)
	}
	return pointers
}

// mend takes out of what one binding brought the entries that are wrong, or all of it. It begins with the last binding, so that
// the places in wrong are where they were.
func (x *filledProps) mend(j int, wrong []string) {
	at := x.at[j].Pointer
	value, there := canonical.At(x.props, at)
	if !there || at == "" || x.at[j].ByPage {
		return
	}
	list, isList := value.([]any)
	out := map[int]bool{}
	for _, pointer := range wrong {
		below, is := strings.CutPrefix(pointer, at)
		if !is || below != "" && below[0] != '/' {
			continue
		}
		index, _, _ := strings.Cut(strings.TrimPrefix(below, "/"), "/")
		i, err := strconv.Atoi(index)
		if !isList || err != nil || i >= len(list) {
			x.without(j)
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
	binding.Put(x.props, at, kept)
}
