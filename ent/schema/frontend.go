package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Frontend is a registered client application that owns screens, components and releases.
type Frontend struct{ ent.Schema }

// Mixin of the Frontend.
func (Frontend) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "frt"}} }

// Fields of the Frontend.
func (Frontend) Fields() []ent.Field {
	return []ent.Field{
		field.String("slug").MaxLen(64).Unique().Immutable(),
		field.String("name").MaxLen(800),
		field.Strings("origins").Default([]string{}),
		field.String("preview_url").MaxLen(2048).Optional().Nillable(),
		field.Enum("safelist").Values("OFF", "LOG", "ENFORCE").Default("OFF"),
		field.Bool("usage_enabled").Default(false).Comment("whether reports of usage are counted"),
	}
}

// Edges of the Frontend.
func (Frontend) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("environments", Environment.Type),
		edge.To("components", Component.Type),
		edge.To("manifests", BuildManifest.Type),
		edge.To("builds", Build.Type),
		edge.To("screens", Screen.Type),
		edge.To("releases", Release.Type),
		edge.To("assets", Asset.Type),
		edge.To("usage", UsageCounter.Type),
		edge.To("api_keys", APIKey.Type),
		edge.To("documents", TrustedDocument.Type),
		edge.To("unknown_documents", UnknownDocument.Type),
	}
}
