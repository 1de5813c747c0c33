package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ReleaseSchedule is a frozen release that goes live at a time, exactly once.
type ReleaseSchedule struct{ ent.Schema }

// Mixin of the ReleaseSchedule.
func (ReleaseSchedule) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "sch"}} }

// Fields of the ReleaseSchedule.
func (ReleaseSchedule) Fields() []ent.Field {
	return []ent.Field{
		field.String("environment_id").MaxLen(64).Immutable(),
		field.String("release_id").MaxLen(64).Immutable(),
		field.String("base_id").MaxLen(64).Optional().Nillable().Immutable().
			Comment("what was live when it was made; anything else at the time means failure, not overwriting"),
		field.Int("base_sequence").Immutable().Comment("sequence of the environment when it was made"),
		field.Time("at").Immutable(),
		field.Enum("state").Values("PENDING", "DONE", "FAILED", "CANCELLED").Default("PENDING"),
		field.Text("problem").Optional().Nillable(),
		field.Text("actor").Immutable().Comment("the actor as JSON"),
	}
}

// Edges of the ReleaseSchedule.
func (ReleaseSchedule) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("environment", Environment.Type).Ref("schedules").Field("environment_id").Unique().Required().Immutable(),
		edge.To("release", Release.Type).Field("release_id").Unique().Required().Immutable(),
	}
}

// Indexes of the ReleaseSchedule.
func (ReleaseSchedule) Indexes() []ent.Index {
	return []ent.Index{index.Fields("state", "at")}
}
