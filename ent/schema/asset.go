package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Asset is a picture of a frontend. The bytes are in the asset storage, under the hash; several frontends may have the
// same.
type Asset struct{ ent.Schema }

// Mixin of the Asset.
func (Asset) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "ast"}} }

// Fields of the Asset.
func (Asset) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("hash").MaxLen(80).Immutable().Comment("over the stored bytes of the whole picture"),
		field.String("name").MaxLen(800).Immutable().Comment("of the file that was uploaded first"),
		field.String("content_type").MaxLen(64).Immutable(),
		field.Int("width").Immutable(),
		field.Int("height").Immutable(),
		field.Int("size").Immutable().Comment("bytes of the whole picture"),
		field.Text("placeholder").Immutable().Comment("a tiny data URL"),
		field.Time("touched_at").Default(utcNow).Comment("when a draft last took it or gave it up; what nothing uses is kept for a while after that"),
	}
}

// Edges of the Asset.
func (Asset) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("assets").Field("frontend_id").Unique().Required().Immutable(),
	}
}

// Indexes of the Asset.
func (Asset) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "hash").Unique(), index.Fields("hash"), index.Fields("touched_at")}
}
