package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Activation is one move of an environment's pointer.
type Activation struct{ ent.Schema }

// Mixin of the Activation.
func (Activation) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "act"}, immutable{}} }

// Fields of the Activation.
func (Activation) Fields() []ent.Field {
	return []ent.Field{
		field.String("environment_id").MaxLen(64).Immutable(),
		field.Int("sequence").Immutable(),
		field.Enum("kind").Values("PUBLISH", "ROLL_BACK", "PROMOTE", "SCHEDULED").Immutable(),
		field.String("release_id").MaxLen(64).Immutable(),
		field.String("previous_id").MaxLen(64).Optional().Nillable().Immutable(),
		field.Text("actor").Immutable().Comment("the actor as JSON"),
		field.Text("reason").Optional().Nillable().Immutable(),
	}
}

// Edges of the Activation.
func (Activation) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("environment", Environment.Type).Ref("activations").Field("environment_id").Unique().Required().Immutable(),
		edge.To("release", Release.Type).Field("release_id").Unique().Required().Immutable(),
		edge.To("previous", Release.Type).Field("previous_id").Unique().Immutable(),
	}
}

// Indexes of the Activation.
func (Activation) Indexes() []ent.Index {
	return []ent.Index{index.Fields("environment_id", "sequence").Unique()}
}
