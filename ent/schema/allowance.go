package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Allowance is what several processes on one database gave away of one caller's limit in the last minute. Whoever changes
// one holds its row. A row that nobody changed for two minutes means nothing.
//
// There is no index but that of the id: with another each change would write it, too.
type Allowance struct{ ent.Schema }

// Fields of the Allowance.
func (Allowance) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxLen(64).Immutable().Comment("hash of the caller and of what is counted"),
		field.Int64("last").Default(0).Comment("number of the newest part of a minute, by the clock of the database"),
		field.Bytes("counts").Optional().Comment("what was given away in each part, the newest first, as varints"),
	}
}
