package graph

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
)

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// given returns what an omittable input holds; nil both when it is omitted and when it is null.
func given[T any](o graphql.Omittable[*T]) *T { return o.Value() }

func text(o graphql.Omittable[*string]) string {
	if s := o.Value(); s != nil {
		return *s
	}
	return ""
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// mapped is nil-safe mapping of one thing.
func mapped[R, M any](row *R, to func(*R) M) *M {
	if row == nil {
		return nil
	}
	m := to(row)
	return &m
}

func mapAll[R, M any](rows []R, to func(R) M) []M {
	out := make([]M, len(rows))
	for i, row := range rows {
		out[i] = to(row)
	}
	return out
}

func actorOf(a *principal.Actor) *model.Actor {
	if a == nil {
		return nil
	}
	return &model.Actor{ID: a.ID, Kind: model.ActorKind(a.Kind), Name: a.Name}
}

func frontendOf(row *ent.Frontend) *model.Frontend {
	return mapped(row, func(row *ent.Frontend) model.Frontend {
		return model.Frontend{
			ID: row.ID, Slug: row.Slug, Name: row.Name, Origins: row.Origins, PreviewURL: row.PreviewURL,
			UsageEnabled: row.UsageEnabled, Row: row,
		}
	})
}

func environmentOf(row *ent.Environment) *model.Environment {
	return mapped(row, func(row *ent.Environment) model.Environment {
		return model.Environment{ID: row.ID, Key: row.Key, Delivery: model.DeliveryAccess(row.Delivery), Row: row}
	})
}

func screenOf(row *ent.Screen) *model.Screen {
	return mapped(row, func(row *ent.Screen) model.Screen {
		return model.Screen{
			ID: row.ID, Key: row.Key, Title: row.Title, Path: row.Path, Body: model.JSON(row.Body), Version: row.Version,
			UpdatedAt: row.UpdatedAt, UpdatedBy: actorOf(principal.Decode(row.UpdatedBy)), Row: row,
		}
	})
}

func draftBlocksOf(body screen.Body, slotOrder func(string, int) []string) ([]model.DraftBlock, error) {
	var out []model.DraftBlock
	for _, key := range body.Order(slotOrder) {
		b := body.Blocks[key]
		props, err := json.Marshal(b.Props)
		if err != nil {
			return nil, err
		}
		block := model.DraftBlock{Key: key, Component: b.Component, Major: b.Major, Props: props, Slots: []delivery.Slot{}}
		for _, name := range b.SlotNames(slotOrder(b.Component, b.Major)) {
			block.Slots = append(block.Slots, delivery.Slot{Name: name, Blocks: b.Slots[name]})
		}
		out = append(out, block)
	}
	return out, nil
}

func draftOpsOf(ops []screen.Op) ([]model.DraftOp, error) {
	out := make([]model.DraftOp, len(ops))
	for i, op := range ops {
		m := model.DraftOp{
			Kind: model.DraftOpKind(op.Kind), Key: op.Key, Component: optional(op.Component), Major: op.Major,
			Parent: optional(op.Parent), Slot: optional(op.Slot), Index: op.Index,
		}
		var err error
		switch op.Kind {
		case screen.OpInsert, screen.OpUpgrade:
			m.Props, err = rawOf(op.Props)
		case screen.OpSetProps:
			m.Patch, err = rawOf(op.Patch)
		}
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

func rawOf(v map[string]any) (model.JSON, error) {
	if v == nil {
		v = map[string]any{}
	}
	return json.Marshal(v)
}

func problemsOf(found []screen.Problem) []model.Problem {
	return mapAll(found, func(p screen.Problem) model.Problem {
		return model.Problem{
			Severity: model.Severity(p.Severity), Code: model.ProblemCode(p.Code), Message: p.Message,
			Screen: optional(p.Screen), BlockKey: optional(p.BlockKey), Pointer: optional(p.Pointer),
		}
	})
}

func componentOf(row *ent.Component) model.Component {
	return model.Component{ID: row.ID, Key: row.Key, Title: row.Title, Category: optional(row.Category), Row: row}
}

func componentVersionOf(row *ent.ComponentVersion) model.ComponentVersion {
	return model.ComponentVersion{
		ID: row.ID, Version: component.Version{Major: row.Major, Minor: row.Minor}.String(),
		PropsSchema: model.JSON(row.PropsSchema), UISchema: jsonOf(row.UISchema), Slots: nonNil(row.Slots),
		Fallback: jsonOf(row.Fallback), Examples: jsonOf(row.Examples),
	}
}

// jsonOf is null for "".
func jsonOf(s string) model.JSON { return model.JSON(s) }

// buildOf wants the manifest loaded.
func buildOf(row *ent.Build) model.Build {
	b := model.Build{ID: row.ID, Name: row.Name, RegisteredAt: row.RegisteredAt, Row: row}
	if m := row.Edges.Manifest; m != nil {
		b.Manifest, b.LastSeenAt = model.Hash(m.Hash), m.LastSeen
	}
	return b
}

func buildComponentOf(s component.Support) model.BuildComponent {
	return model.BuildComponent{Key: s.Key, Version: s.Version.String(), Range: s.Range}
}

func assetOf(row *ent.Asset) *model.Asset {
	return mapped(row, func(row *ent.Asset) model.Asset {
		return model.Asset{
			ID: row.ID, Hash: model.Hash(row.Hash), URL: asset.Path(row.Hash), Width: row.Width, Height: row.Height,
			Placeholder: row.Placeholder, ContentType: row.ContentType, Size: row.Size, Name: row.Name, CreatedAt: row.CreatedAt, Row: row,
		}
	})
}

func releaseOf(row *ent.Release) *model.Release {
	return mapped(row, func(row *ent.Release) model.Release {
		return model.Release{
			ID: row.ID, Number: row.Number, Hash: model.Hash(row.Hash), Title: row.Title, Notes: row.Notes,
			CreatedAt: row.CreatedAt, Author: actorOf(principal.Decode(row.Author)), Row: row,
		}
	})
}

func activationOf(row *ent.Activation) *model.Activation {
	return mapped(row, func(row *ent.Activation) model.Activation {
		return model.Activation{
			ID: row.ID, Kind: model.ActivationKind(row.Kind), Sequence: row.Sequence, At: row.CreatedAt,
			Actor: actorOf(principal.Decode(row.Actor)), Reason: row.Reason, Row: row,
		}
	})
}

func scheduleOf(row *ent.ReleaseSchedule) *model.ReleaseSchedule {
	return mapped(row, func(row *ent.ReleaseSchedule) model.ReleaseSchedule {
		return model.ReleaseSchedule{ID: row.ID, At: row.At, State: model.ScheduleState(row.State), Problem: row.Problem, Row: row}
	})
}

func changesOf(changes []release.Change) []model.Change {
	return mapAll(changes, func(c release.Change) model.Change {
		return model.Change{
			Kind: model.ItemKind(c.Kind), Key: c.Key, Change: model.ChangeKind(c.Change), Summary: c.Summary,
			Before: jsonOf(string(c.Before)), After: jsonOf(string(c.After)),
		}
	})
}

func planOf(p release.Plan) *model.PublishPlan {
	out := &model.PublishPlan{
		Changes: changesOf(p.Changes), Problems: problemsOf(p.Problems), CanPublish: p.CanPublish(),
		AffectedBuilds: mapAll(p.Affected, func(a release.AffectedBuild) model.AffectedBuild {
			build := buildOf(a.Build)
			return model.AffectedBuild{Build: &build, Screens: a.Screens, Degradations: degradationsOf(a.Degradations)}
		}),
	}
	if p.Live != nil {
		hash := model.Hash(p.Live.Row.Hash)
		out.ExpectedLiveHash = &hash
	}
	return out
}

func degradationsOf(list []component.Degradation) []model.Degradation {
	return mapAll(list, func(d component.Degradation) model.Degradation {
		return model.Degradation{
			BlockKey: d.BlockKey, Wanted: d.Wanted, Served: optional(d.Served), Reason: model.DegradationReason(d.Reason),
		}
	})
}

func releaseRefOf(ref *delivery.ReleaseRef) *model.ReleaseRef {
	return mapped(ref, func(r *delivery.ReleaseRef) model.ReleaseRef {
		return model.ReleaseRef{ID: r.ID, Number: r.Number, Hash: model.Hash(r.Hash), PublishedAt: r.PublishedAt}
	})
}

func snapshotOf(s *delivery.Snapshot) *model.ScreenSnapshot {
	return mapped(s, func(s *delivery.Snapshot) model.ScreenSnapshot {
		params, err := json.Marshal(s.Params)
		if err != nil {
			params = []byte("{}") // strings always marshal
		}
		return model.ScreenSnapshot{
			ID: s.ID, Key: s.Key, Title: s.Title, Path: optional(s.Path), Params: params, Release: releaseRefOf(s.Release),
			ContentHash: model.Hash(s.ContentHash), Root: s.Root, Blocks: s.Blocks, Degradations: degradationsOf(s.Degradations),
		}
	})
}
