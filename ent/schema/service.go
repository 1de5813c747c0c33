package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// Service is a backend that contributes a subgraph. It is kept when it is withdrawn, so that its versions stay and its
// numbers go on.
type Service struct{ ent.Schema }

// Mixin of the Service.
func (Service) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "svc"}} }

// Fields of the Service.
func (Service) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").MaxLen(64).Unique().Immutable(),
		field.String("url").MaxLen(2048).Comment("where it is asked while no instance is registered"),
		field.String("owner").MaxLen(800).Optional().Nillable(),
		field.Text("description").Optional().Nillable(),
		field.String("contact").MaxLen(800).Optional().Nillable(),
		field.String("repository").MaxLen(2048).Optional().Nillable(),
		field.String("docs_url").MaxLen(2048).Optional().Nillable(),
		field.Strings("allowed_hosts").Comment("hosts that its instances may announce"),
		field.String("node_prefix").MaxLen(20).Optional().Nillable().Comment("what ids of its objects begin with, up to the underscore"),
		field.String("live_id").MaxLen(64).Optional().Nillable().Comment("the version in the graph; none while it is withdrawn"),
		field.Int("replicas").Optional().Nillable().Comment("instances that should run; none as long as nobody said"),
		field.String("replicas_reason").MaxLen(2000).Default(""),
		field.Time("replicas_at").Optional().Nillable(),
		field.Int("policy_minimum").Optional().Nillable().Comment("replicas; the policy is whole or not there at all"),
		field.Int("policy_maximum").Optional().Nillable().Comment("replicas"),
		field.Float("policy_target").Optional().Nillable().Comment("utilization of an instance, of 1"),
		field.Int("policy_calm_down").Optional().Nillable().Comment("seconds"),
	}
}

// Edges of the Service.
func (Service) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("versions", SubgraphVersion.Type),
		edge.To("live", SubgraphVersion.Type).Field("live_id").Unique(),
	}
}

// Indexes of the Service.
func (Service) Indexes() []ent.Index { return []ent.Index{index.Fields("node_prefix").Unique()} }
