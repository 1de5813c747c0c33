package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Session is a member who is signed in somewhere. One that ended is deleted.
type Session struct{ ent.Schema }

// Mixin of the Session.
func (Session) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "ses"}} }

// Fields of the Session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.String("member_id").MaxLen(64).Immutable(),
		field.String("token_hash").MaxLen(80).Unique().Immutable().Sensitive().Comment("SHA-256; the token itself is not kept"),
		field.Time("expires_at").Immutable(),
		field.Time("used_at").Default(utcNow).Comment("to the minute"),
	}
}

// Edges of the Session.
func (Session) Edges() []ent.Edge {
	return []ent.Edge{edge.From("member", Member.Type).Ref("sessions").Field("member_id").Unique().Required().Immutable()}
}

// Indexes of the Session.
func (Session) Indexes() []ent.Index { return []ent.Index{index.Fields("expires_at")} }
