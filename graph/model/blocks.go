package model

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/delivery"
)

// BlockList is the blocks of a screen. It writes what was selected of them itself: they are rendered already, none of their
// fields can fail or needs a scope of its own, and a goroutine and a context for each field of each of them is most of what a
// screen would cost.
type BlockList []delivery.Block

// MarshalGQLContext writes the selection that ctx is at.
func (l BlockList) MarshalGQLContext(ctx context.Context, w io.Writer) error {
	fields := selected(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections, "Block")
	size := 64
	for i := range l {
		size += len(l[i].Props) + 48*len(fields)
		for _, s := range l[i].Slots {
			size += 48 + 24*len(s.Blocks)
		}
	}
	out := append(make([]byte, 0, size), '[')
	for i := range l {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendBlock(out, fields, &l[i]); err != nil {
			return err
		}
	}
	_, err := w.Write(append(out, ']'))
	return err
}

// UnmarshalGQLContext is here because the generator wants both; blocks are never an input.
func (*BlockList) UnmarshalGQLContext(context.Context, any) error {
	return fmt.Errorf("blocks are not an input")
}

// selection is one field that was asked for.
type selection struct {
	name, begin string // begin is what stands before its value
	fields      []selection
}

// selected is what was asked for of a type, its fragments, aliases and conditions resolved.
func selected(op *graphql.OperationContext, set ast.SelectionSet, on string) []selection {
	collected := graphql.CollectFields(op, set, []string{on})
	all := make([]selection, len(collected))
	for i, f := range collected {
		all[i] = selection{name: f.Name, begin: `"` + f.Alias + `":`}
		switch f.Name {
		case "slots":
			all[i].fields = selected(op, f.Selections, "Slot")
		case "bindings":
			all[i].fields = selected(op, f.Selections, "BlockBinding")
		}
	}
	return all
}

func appendBlock(out []byte, fields []selection, b *delivery.Block) ([]byte, error) {
	out = append(out, '{')
	for i, f := range fields {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, f.begin...)
		switch f.name {
		case "__typename":
			out = append(out, `"Block"`...)
		case "key":
			out = appendText(out, b.Key)
		case "component":
			out = appendText(out, b.Component)
		case "version":
			out = appendText(out, b.Version)
		case "props":
			if len(b.Props) == 0 {
				out = append(out, "null"...)
			}
			out = append(out, b.Props...)
		case "bindings":
			var err error
			if out, err = appendBindings(out, f.fields, b.Bindings); err != nil {
				return nil, err
			}
		case "slots":
			var err error
			if out, err = appendSlots(out, f.fields, b.Slots); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("the field %s of a block is written by nobody", f.name)
		}
	}
	return append(out, '}'), nil
}

func appendBindings(out []byte, fields []selection, bindings []delivery.PageBinding) ([]byte, error) {
	out = append(out, '[')
	for n, b := range bindings {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		for i, f := range fields {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, f.begin...)
			switch f.name {
			case "__typename":
				out = append(out, `"BlockBinding"`...)
			case "pointer":
				out = appendText(out, b.Pointer)
			case "document":
				out = appendText(out, b.Document)
			case "path":
				out = appendText(out, b.Path)
			case "variables":
				out = append(out, b.Variables...)
			case "map":
				out = append(out, b.Map...)
			default:
				return nil, fmt.Errorf("the field %s of a binding is written by nobody", f.name)
			}
		}
		out = append(out, '}')
	}
	return append(out, ']'), nil
}

func appendSlots(out []byte, fields []selection, slots []delivery.Slot) ([]byte, error) {
	out = append(out, '[')
	for n, s := range slots {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		for i, f := range fields {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(out, f.begin...)
			switch f.name {
			case "__typename":
				out = append(out, `"Slot"`...)
			case "name":
				out = appendText(out, s.Name)
			case "blocks":
				out = appendTexts(out, s.Blocks)
			default:
				return nil, fmt.Errorf("the field %s of a slot is written by nobody", f.name)
			}
		}
		out = append(out, '}')
	}
	return append(out, ']'), nil
}

func appendTexts(out []byte, all []string) []byte {
	out = append(out, '[')
	for i, s := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendText(out, s)
	}
	return append(out, ']')
}

// appendText writes a string in JSON. Keys, versions and names of slots hold nothing that is escaped.
func appendText(out []byte, s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\<>&`, r) }) {
		return append(append(append(out, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(out, `""`...) // strings always marshal
	}
	return append(out, quoted...)
}
