package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Environment is a named pointer to a release.
type Environment struct{ ent.Schema }

// Mixin of the Environment.
func (Environment) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "env"}} }

// Fields of the Environment.
func (Environment) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("key").MaxLen(64).Immutable(),
		field.Enum("delivery").Values("PUBLIC", "KEY"),
		field.String("live_id").MaxLen(64).Optional().Nillable(),
		field.Int("sequence").Default(0).Comment("counts activations, without holes"),
	}
}

// Edges of the Environment.
func (Environment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("environments").Field("frontend_id").Unique().Required().Immutable(),
		edge.To("live", Release.Type).Field("live_id").Unique(),
		edge.To("activations", Activation.Type),
		edge.To("schedules", ReleaseSchedule.Type),
	}
}

// Indexes of the Environment.
func (Environment) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "key").Unique()}
}
