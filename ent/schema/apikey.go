package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// APIKey is a credential for a program.
type APIKey struct{ ent.Schema }

// Mixin of the APIKey.
func (APIKey) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "key"}} }

// Fields of the APIKey.
func (APIKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").MaxLen(800).Immutable(),
		field.String("prefix").MaxLen(64).Unique().Immutable().Comment("how the key begins"),
		field.String("secret_hash").MaxLen(80).Unique().Immutable().Sensitive().Comment("SHA-256 of the whole key; the key itself is not kept"),
		field.Strings("scopes").Immutable(),
		field.String("frontend_id").MaxLen(64).Optional().Nillable().Immutable(),
		field.Strings("environments").Immutable(),
		field.Strings("services").Immutable(),
		field.Bool("publishable").Immutable(),
		field.Int("requests_per_minute").Optional().Nillable().Immutable(),
		field.Text("created_by").Immutable().Comment("the actor as JSON"),
		field.Time("used_at").Optional().Nillable().Comment("to the minute"),
		field.Time("expires_at").Optional().Nillable(),
		field.Time("rotated_at").Optional().Nillable().Comment("when another key took over; expires_at is then the end of the overlap"),
		field.Time("revoked_at").Optional().Nillable(),
	}
}

// Edges of the APIKey.
func (APIKey) Edges() []ent.Edge {
	return []ent.Edge{edge.From("frontend", Frontend.Type).Ref("api_keys").Field("frontend_id").Unique().Immutable()}
}
