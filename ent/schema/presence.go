package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Presence is somebody who looks at a draft through one of several processes. It is how they know of each other's people;
// nothing of it is kept.
type Presence struct{ ent.Schema }

// Fields of the Presence. All times are the database's: processes have clocks of their own.
func (Presence) Fields() []ent.Field {
	return []ent.Field{
		field.String("screen_id").MaxLen(64).Immutable(),
		field.String("person").MaxLen(64).Immutable().Comment("what others see instead of the client"),
		field.String("process").MaxLen(64).Immutable().Comment("that the person is connected to"),
		field.String("name").MaxLen(800),
		field.String("block_key").MaxLen(800).Default(""),
		field.Time("since").Immutable(),
		field.Time("moved_at").Default(func() time.Time { return time.Unix(0, 0).UTC() }).Comment("when block_key was said"),
		field.Time("expires_at").Comment("when the process has not been heard of for too long"),
	}
}

// Indexes of the Presence.
func (Presence) Indexes() []ent.Index {
	return []ent.Index{index.Fields("screen_id", "person", "process").Unique(), index.Fields("process")}
}
