package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Instance is a running replica of a service that announced itself. A row is written when it comes, goes, or is another than it
// was; how busy it is, and when it was heard of, is kept in memory alone.
type Instance struct{ ent.Schema }

// Mixin of the Instance.
func (Instance) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "ins"}} }

// Fields of the Instance.
func (Instance) Fields() []ent.Field {
	return []ent.Field{
		field.String("service").MaxLen(64).Immutable().Comment("name: it may come before its service is published"),
		field.String("name").MaxLen(64).Immutable(),
		field.String("url").MaxLen(2048),
		field.String("version").MaxLen(320).Optional().Nillable(),
		field.String("agent").MaxLen(64).Optional().Nillable(),
		field.Float("weight").Default(1),
		field.Bool("leaving").Default(false).Comment("it said so"),
		field.Bool("drained").Default(false).Comment("an operator said so"),
		field.Int("ttl").Comment("seconds without a heartbeat, after which it counts as gone"),
	}
}

// Indexes of the Instance.
func (Instance) Indexes() []ent.Index {
	return []ent.Index{index.Fields("service", "name").Unique()}
}
