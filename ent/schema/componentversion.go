package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ComponentVersion is one registered contract of a component.
type ComponentVersion struct{ ent.Schema }

// Mixin of the ComponentVersion.
func (ComponentVersion) Mixin() []ent.Mixin {
	return []ent.Mixin{identity{prefix: "cpv"}, immutable{}}
}

// Fields of the ComponentVersion. The JSON documents are kept as canonical text: a database type for JSON would
// reorder them, and they are hashed.
func (ComponentVersion) Fields() []ent.Field {
	return []ent.Field{
		field.String("component_id").MaxLen(64).Immutable(),
		field.Int("major").Immutable(),
		field.Int("minor").Immutable(),
		field.Text("props_schema").Immutable(),
		field.Text("ui_schema").Optional().Immutable(),
		field.Strings("slots").Immutable(),
		field.Text("fallback").Optional().Immutable(),
		field.Text("examples").Optional().Immutable(),
		field.String("contract_hash").MaxLen(80).Immutable(),
	}
}

// Edges of the ComponentVersion.
func (ComponentVersion) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("component", Component.Type).Ref("versions").Field("component_id").Unique().Required().Immutable(),
	}
}

// Indexes of the ComponentVersion.
func (ComponentVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("component_id", "major", "minor").Unique()}
}
