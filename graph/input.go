package graph

import (
	"encoding/json"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
)

// exactlyOne checks a @oneOf input that came as a variable: the validator only sees those written in the document.
func exactlyOne(what string, set ...bool) error {
	n := 0
	for _, s := range set {
		if s {
			n++
		}
	}
	if n != 1 {
		return fault.Invalidf("%s: give exactly one of its members", what).At(what)
	}
	return nil
}

func atOf(in model.ScreenAt) (delivery.At, error) {
	at := delivery.At{Key: in.Key.Value(), Path: in.Path.Value()}
	return at, exactlyOne("at", at.Key != nil, at.Path != nil)
}

func contextOf(in model.DeliveryContext) (delivery.Context, error) {
	c := delivery.Context{
		Frontend: in.Frontend, Environment: in.Environment, Manifest: (*string)(in.Manifest.Value()), Locale: in.Locale.Value(),
	}
	p := in.Perspective.Value()
	if p == nil {
		return c, nil
	}
	draft := p.Draft.Value()
	c.Release, c.PreviewToken = p.Release.Value(), p.PreviewToken.Value()
	c.Draft = draft != nil && *draft
	return c, exactlyOne("perspective", c.Release != nil, draft != nil, c.PreviewToken != nil)
}

func expectedOf(in graphql.Omittable[*model.Hash]) release.Expected {
	return release.Expected{Check: in.IsSet(), Hash: (*string)(in.Value())}
}

// propsOf reads a JSON object of an op; absent is nil.
func propsOf(raw model.JSON, op int, field string) (map[string]any, error) {
	if raw == nil {
		return nil, nil
	}
	at := []string{"ops", strconv.Itoa(op), field}
	v, err := canonical.Decode(json.RawMessage(raw))
	if f := fault.As(err); f != nil {
		return nil, f.At(at...)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fault.Invalidf("ops[%d] %s: must be an object", op, field).At(at...)
	}
	return object, err
}

func opsOf(in []model.ScreenOp) ([]screen.Op, error) {
	ops := make([]screen.Op, len(in))
	for i, o := range in {
		insert, move, remove, set, upgrade := o.Insert.Value(), o.Move.Value(), o.Remove.Value(), o.SetProps.Value(), o.Upgrade.Value()
		err := exactlyOne("ops["+strconv.Itoa(i)+"]", insert != nil, move != nil, remove != nil, set != nil, upgrade != nil)
		if f := fault.As(err); f != nil {
			return nil, f.At("ops", strconv.Itoa(i))
		}
		switch {
		case insert != nil:
			ops[i] = screen.Op{
				Kind: screen.OpInsert, Key: text(insert.Key), Component: insert.Component, Major: given(insert.Major),
				Parent: insert.Parent, Slot: insert.Slot, Index: given(insert.Index),
			}
			ops[i].Props, err = propsOf(insert.Props.Value(), i, "props")
		case move != nil:
			ops[i] = screen.Op{Kind: screen.OpMove, Key: move.Key, Parent: move.Parent, Slot: move.Slot, Index: &move.Index}
		case remove != nil:
			ops[i] = screen.Op{Kind: screen.OpRemove, Key: remove.Key}
		case set != nil:
			ops[i] = screen.Op{Kind: screen.OpSetProps, Key: set.Key}
			ops[i].Patch, err = propsOf(set.Patch, i, "patch")
		default:
			ops[i] = screen.Op{Kind: screen.OpUpgrade, Key: upgrade.Key, Major: &upgrade.Major}
			ops[i].Props, err = propsOf(upgrade.Props, i, "props")
		}
		if err != nil {
			return nil, err
		}
	}
	return ops, nil
}

// rawIn is an omittable JSON input: nil when it is omitted or null.
func rawIn(in graphql.Omittable[model.JSON]) json.RawMessage {
	if v := in.Value(); string(v) != "null" {
		return json.RawMessage(v)
	}
	return nil
}

func supportOf(in model.ComponentSupportInput) component.SupportInput {
	out := component.SupportInput{
		Key: in.Key, Version: in.Version, Range: text(in.Range), Title: in.Title.Value(), Category: in.Category.Value(),
		PropsSchema: rawIn(in.PropsSchema), UISchema: rawIn(in.UISchema), Fallback: rawIn(in.Fallback), Examples: rawIn(in.Examples),
	}
	if slots := in.Slots.Value(); slots != nil {
		out.Slots = &slots
	}
	return out
}

// listIn is an omittable list: nil when it is omitted or null.
func listIn(in graphql.Omittable[[]string]) *[]string {
	if list := in.Value(); list != nil {
		return &list
	}
	return nil
}

func publishOf(in model.ReleasePublishInput) release.PublishInput {
	return release.PublishInput{
		Frontend: in.Frontend, Environment: in.Environment, Screens: listIn(in.Screens), Title: in.Title, Notes: in.Notes.Value(),
		Expect: expectedOf(in.ExpectedLiveHash), AcknowledgeWarnings: in.AcknowledgeWarnings, IdempotencyKey: text(in.IdempotencyKey),
	}
}

func scheduleInputOf(in model.ReleaseScheduleInput) release.PublishInput {
	return release.PublishInput{
		Frontend: in.Frontend, Environment: in.Environment, Screens: listIn(in.Screens), Title: in.Title, Notes: in.Notes.Value(),
		Expect: expectedOf(in.ExpectedLiveHash), AcknowledgeWarnings: in.AcknowledgeWarnings, IdempotencyKey: text(in.IdempotencyKey),
	}
}

// chosen is a list argument: nil when it is omitted or null.
func chosen(list []string) *[]string {
	if list == nil {
		return nil
	}
	return &list
}

func selectionOf(at model.ScreenAt, in model.DeliveryContext) (delivery.At, delivery.Context, error) {
	where, err := atOf(at)
	if err != nil {
		return where, delivery.Context{}, err
	}
	selected, err := contextOf(in)
	return where, selected, err
}
