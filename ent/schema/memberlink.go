package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// MemberLink is a one-time link: an invitation, or a way to set a new password.
type MemberLink struct{ ent.Schema }

// Mixin of the MemberLink.
func (MemberLink) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "mlk"}} }

// Fields of the MemberLink.
func (MemberLink) Fields() []ent.Field {
	return []ent.Field{
		field.String("member_id").MaxLen(64).Immutable(),
		field.String("token_hash").MaxLen(80).Unique().Immutable().Sensitive().Comment("SHA-256; the token itself is not kept"),
		field.Time("expires_at").Immutable(),
	}
}

// Edges of the MemberLink.
func (MemberLink) Edges() []ent.Edge {
	return []ent.Edge{edge.From("member", Member.Type).Ref("links").Field("member_id").Unique().Required().Immutable()}
}
