package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ScreenEdit is one accepted edit: it made from_version+1 out of from_version.
type ScreenEdit struct{ ent.Schema }

// Mixin of the ScreenEdit.
func (ScreenEdit) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "edt"}, immutable{}} }

// Fields of the ScreenEdit.
func (ScreenEdit) Fields() []ent.Field {
	return []ent.Field{
		field.String("screen_id").MaxLen(64).Immutable(),
		field.Int("from_version").Immutable(),
		field.Enum("kind").Values("OPS", "META", "WHOLE").Immutable().
			Comment("OPS: block edits; META: title or path; WHOLE: the draft was replaced, deleted or brought back"),
		field.Text("ops").Immutable(),
		field.Text("inverse").Immutable(),
		field.Text("actor").Immutable(),
	}
}

// Edges of the ScreenEdit.
func (ScreenEdit) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("screen", Screen.Type).Ref("edits").Field("screen_id").Unique().Required().Immutable(),
	}
}

// Indexes of the ScreenEdit.
func (ScreenEdit) Indexes() []ent.Index {
	return []ent.Index{index.Fields("screen_id", "from_version").Unique()}
}
