package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SubgraphVersion is a schema as a service published it.
type SubgraphVersion struct{ ent.Schema }

// Mixin of the SubgraphVersion.
func (SubgraphVersion) Mixin() []ent.Mixin {
	return []ent.Mixin{identity{prefix: "sgv"}, immutable{}}
}

// Fields of the SubgraphVersion.
func (SubgraphVersion) Fields() []ent.Field {
	return []ent.Field{
		field.String("service_id").MaxLen(64).Immutable(),
		field.Int("number").Immutable(),
		field.String("hash").MaxLen(80).Immutable().Comment("of the exact source; not unique: the same may be published again"),
		field.Text("sdl").Immutable(),
		field.Text("published_by").Immutable().Comment("the actor as JSON"),
	}
}

// Edges of the SubgraphVersion.
func (SubgraphVersion) Edges() []ent.Edge {
	return []ent.Edge{edge.From("service", Service.Type).Ref("versions").Field("service_id").Unique().Required().Immutable()}
}

// Indexes of the SubgraphVersion.
func (SubgraphVersion) Indexes() []ent.Index {
	return []ent.Index{index.Fields("service_id", "number").Unique()}
}
