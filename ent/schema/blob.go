package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// Blob is immutable content, addressed by the hash of its canonical JSON.
type Blob struct{ ent.Schema }

// Mixin of the Blob.
func (Blob) Mixin() []ent.Mixin { return []ent.Mixin{immutable{}} }

// Fields of the Blob.
func (Blob) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxLen(80).StorageKey("hash").Immutable(),
		field.Enum("kind").Values("SCREEN", "COMPONENTS", "ASSETS").Immutable(),
		field.Text("body").Immutable(),
		field.Int("size").Immutable(),
		field.Time("created_at").Default(utcNow).Immutable(),
	}
}
