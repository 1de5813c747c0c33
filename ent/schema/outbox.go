package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Outbox is the durable list of events. Its id is the ledger's sequence: commit order, without holes.
type Outbox struct{ ent.Schema }

// Fields of the Outbox.
func (Outbox) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id").StorageKey("seq").Immutable(),
		field.String("topic").MaxLen(100).Immutable(),
		field.Text("payload").Immutable(),
		field.Time("created_at").Default(utcNow).Immutable(),
	}
}
