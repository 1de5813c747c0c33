// Package graph is the GraphQL edge: each resolver decodes, makes one domain call and maps the answer. It knows no
// HTTP.
package graph

import (
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fleet"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/presence"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/usage"
)

//go:generate go tool gqlgen generate

// Resolver holds the parts that resolvers call.
type Resolver struct {
	Store      *store.Store
	Frontends  *frontend.Frontends
	Components *component.Components
	Screens    *screen.Screens
	Releases   *release.Releases
	Delivery   *delivery.Delivery
	Presence   *presence.Presence
	Usage      *usage.Usage
	Documents  *document.Documents
	Keys       *access.Keys
	Members    *access.Members
	Audit      *access.Log
	Refusals   *access.Refusals
	Limits     *access.Limits
	Registry   *registry.Registry
	Fleet      *fleet.Fleet
	// DemoPreviewURL returns the page of the demo that shows a preview.
	DemoPreviewURL func(token string) string
}
