package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Component is what can be placed on a screen.
type Component struct{ ent.Schema }

// Mixin of the Component.
func (Component) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "cmp"}} }

// Fields of the Component.
func (Component) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("key").MaxLen(64).Immutable(),
		field.String("title").MaxLen(800),
		field.String("category").MaxLen(400).Optional(),
	}
}

// Edges of the Component.
func (Component) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("components").Field("frontend_id").Unique().Required().Immutable(),
		edge.To("versions", ComponentVersion.Type),
	}
}

// Indexes of the Component.
func (Component) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "key").Unique()}
}
