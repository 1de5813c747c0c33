package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// AssetRemoval says that the files of a picture are being removed, or were lately: an upload of the same picture, maybe
// through another process, looks whether it found files that are gone now.
type AssetRemoval struct{ ent.Schema }

// Mixin of the AssetRemoval. Each removal has an id of its own.
func (AssetRemoval) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "arm"}} }

// Fields of the AssetRemoval.
func (AssetRemoval) Fields() []ent.Field {
	return []ent.Field{
		field.String("hash").MaxLen(80).Unique().Immutable().Comment("of the picture"),
		field.Bool("done").Default(false),
	}
}
