package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// UsageCounter is how often something was seen, clicked, or failed in one hour. It belongs to nobody: there is no
// caller in it.
type UsageCounter struct{ ent.Schema }

// Fields of the UsageCounter. A row without block is a whole screen, one without screen a whole frontend.
func (UsageCounter) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("environment").MaxLen(64).Immutable().Comment("key"),
		field.Int64("hour").Immutable().Comment("hours since 1970, UTC"),
		field.String("screen").MaxLen(64).Immutable().Comment("key, or empty"),
		field.String("block").MaxLen(256).Immutable().Comment("key, or empty"),
		field.Int("release").Immutable().Comment("number; 0 when it is not told apart"),
		field.String("build").MaxLen(400).Immutable().Comment("name; empty when it is not known"),
		field.Int64("views").Default(0),
		field.Int64("clicks").Default(0),
		field.Int64("render_errors").Default(0),
	}
}

// Edges of the UsageCounter.
func (UsageCounter) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("usage").Field("frontend_id").Unique().Required().Immutable(),
	}
}

// Indexes of the UsageCounter.
func (UsageCounter) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("frontend_id", "environment", "hour", "screen", "block", "release", "build").Unique().StorageKey("usagecounter_series"),
		index.Fields("hour"),
	}
}
