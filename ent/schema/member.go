package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Member is a person who signs in.
type Member struct{ ent.Schema }

// Mixin of the Member.
func (Member) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "mem"}} }

// Fields of the Member.
func (Member) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").MaxLen(1016).Unique().Immutable().Comment("normalized"),
		field.String("name").MaxLen(800),
		field.String("password_hash").MaxLen(200).Default("").Sensitive().Comment("argon2id in PHC form; empty until the invitation is accepted"),
		field.Text("grants").Comment("JSON"),
		field.Time("last_signed_in_at").Optional().Nillable(),
	}
}

// Edges of the Member.
func (Member) Edges() []ent.Edge {
	return []ent.Edge{edge.To("sessions", Session.Type), edge.To("links", MemberLink.Type)}
}
