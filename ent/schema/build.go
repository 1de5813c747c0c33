package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Build is one shipped bundle of a frontend, by name; it points at its newest manifest.
type Build struct{ ent.Schema }

// Mixin of the Build.
func (Build) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "bld"}} }

// Fields of the Build.
func (Build) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("name").MaxLen(400).Immutable(),
		field.String("manifest_id").MaxLen(64),
		field.Time("registered_at").Default(utcNow),
	}
}

// Edges of the Build.
func (Build) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("builds").Field("frontend_id").Unique().Required().Immutable(),
		edge.From("manifest", BuildManifest.Type).Ref("builds").Field("manifest_id").Unique().Required(),
	}
}

// Indexes of the Build.
func (Build) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "name").Unique()}
}
