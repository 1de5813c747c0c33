package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Ledger is the one row that orders everything: each writing transaction updates it last.
type Ledger struct{ ent.Schema }

// Fields of the Ledger.
func (Ledger) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Immutable(),
		field.Int64("seq").Default(0),
		field.String("audit_head").MaxLen(80).Default(""),
		field.String("installation").MaxLen(64).Optional().Comment("tells this database from every other; a restored one is the same"),
		field.String("key_check").MaxLen(64).Optional().Comment("tells the installation key that processes share from every other; \"\" before one was used"),
	}
}
