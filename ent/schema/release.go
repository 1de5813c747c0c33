package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Release is an immutable numbered snapshot of a frontend.
type Release struct{ ent.Schema }

// Mixin of the Release.
func (Release) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "rel"}, immutable{}} }

// Fields of the Release.
func (Release) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.Int("number").Immutable(),
		field.String("hash").MaxLen(80).Immutable().Comment("over the items; not unique: the same content may be released again"),
		field.String("title").MaxLen(800).Immutable(),
		field.Text("notes").Optional().Nillable().Immutable(),
		field.String("parent_id").MaxLen(64).Optional().Nillable().Immutable(),
		field.Text("author").Immutable().Comment("the actor as JSON"),
	}
}

// Edges of the Release.
func (Release) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("releases").Field("frontend_id").Unique().Required().Immutable(),
		edge.To("items", ReleaseItem.Type),
	}
}

// Indexes of the Release.
func (Release) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "number").Unique()}
}
