package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// BuildManifest is the list of what a bundle can render, addressed by hash. It outlives the build's name.
type BuildManifest struct{ ent.Schema }

// Mixin of the BuildManifest.
func (BuildManifest) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "man"}} }

// Fields of the BuildManifest.
func (BuildManifest) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("hash").MaxLen(80).Immutable(),
		field.Text("entries").Immutable(),
		field.Time("last_seen").Optional().Nillable().Comment("when a client named it last, to the hour"),
	}
}

// Edges of the BuildManifest.
func (BuildManifest) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("manifests").Field("frontend_id").Unique().Required().Immutable(),
		edge.To("builds", Build.Type),
	}
}

// Indexes of the BuildManifest.
func (BuildManifest) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "hash").Unique()}
}
