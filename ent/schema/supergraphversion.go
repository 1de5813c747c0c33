package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// SupergraphVersion is the whole graph as it was composed after a change of a service.
type SupergraphVersion struct{ ent.Schema }

// Mixin of the SupergraphVersion.
func (SupergraphVersion) Mixin() []ent.Mixin {
	return []ent.Mixin{identity{prefix: "spv"}, immutable{}}
}

// Fields of the SupergraphVersion.
func (SupergraphVersion) Fields() []ent.Field {
	return []ent.Field{
		field.Int("number").Unique().Immutable(),
		field.String("hash").MaxLen(80).Immutable().Comment("of the SDL"),
		field.Text("sdl").Immutable().Comment("what clients see"),
		field.JSON("members", map[string]string{}).Immutable().Comment("id of the subgraph version by that of the service"),
	}
}
