package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Screen is one view of a frontend; this row is its draft.
type Screen struct{ ent.Schema }

// Mixin of the Screen.
func (Screen) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "scr"}} }

// Fields of the Screen.
func (Screen) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("key").MaxLen(64).Immutable(),
		field.String("title").MaxLen(800),
		field.String("path").MaxLen(512).Optional().Nillable(),
		field.Text("body").Comment("canonical JSON"),
		field.String("content_hash").MaxLen(80).Comment("over title, path and body: equal to the live one means in sync"),
		field.Int("version").Default(1),
		field.Bool("deleted").Default(false),
		field.Time("updated_at").Default(utcNow),
		field.Text("updated_by").Optional().Comment("the actor as JSON"),
	}
}

// Edges of the Screen.
func (Screen) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("screens").Field("frontend_id").Unique().Required().Immutable(),
		edge.To("edits", ScreenEdit.Type),
	}
}

// Indexes of the Screen.
func (Screen) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "key").Unique()}
}
