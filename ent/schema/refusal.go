package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Refusal counts requests of one caller that were refused for one reason within one minute.
type Refusal struct{ ent.Schema }

// Mixin of the Refusal.
func (Refusal) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "rfs"}} }

// Fields of the Refusal.
func (Refusal) Fields() []ent.Field {
	return []ent.Field{
		field.Time("minute").Immutable(),
		field.String("caller").MaxLen(200).Immutable().Comment("id of the actor, or the address of one that is not known"),
		field.Text("actor").Immutable().Comment("the actor as JSON; empty for one that is not known"),
		field.String("action").MaxLen(100).Immutable(),
		field.String("code").MaxLen(64).Immutable(),
		field.Int64("count").Default(0),
	}
}

// Indexes of the Refusal.
func (Refusal) Indexes() []ent.Index {
	return []ent.Index{index.Fields("minute", "caller", "action", "code").Unique()}
}
