package graph_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/presence"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/testkit"
	"sonata.ai/sonata/internal/usage"
)

// site is one frontend.
type site struct {
	frontend   *ent.Frontend
	production *ent.Environment
	screen     *ent.Screen
	release    *ent.Release
	nodes      []string // ids of one object of each type
}

type world struct {
	*testkit.Kit
	usage    *usage.Usage
	presence *presence.Presence
	resolver *graph.Resolver
}

func newWorld(t *testing.T) *world {
	t.Helper()
	k := testkit.New(t)
	w := &world{Kit: k, usage: usage.New(k.Store, k.Delivery), presence: presence.New(k.Store, k.Secrets)}
	w.resolver = &graph.Resolver{
		Store: k.Store, Frontends: k.Frontends, Components: k.Components, Screens: k.Screens, Releases: k.Releases,
		Delivery: k.Delivery, Presence: w.presence, Usage: w.usage,
	}
	return w
}

// site makes a frontend with one object of each type, whose every environment has the delivery KEY.
func (w *world) site(t *testing.T, slug string) site {
	t.Helper()
	ctx := testkit.Context(t)
	s := site{frontend: w.Frontend(slug)}
	on := true
	testkit.Must(w.Frontends.Update(ctx, frontend.UpdateInput{Frontend: slug, UsageEnabled: &on}))(t)
	w.Register(slug, "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	picture := w.upload(ctx, t, slug)
	s.screen = w.Screen(slug, "home", "/", `{"format":1,"root":"root","blocks":{"root":{"component":"page","major":1,"props":{"title":"`+slug+` 1"},"slots":{}}}}`)
	first := w.Publish(slug, "first")
	w.Edit(s.screen, testkit.SetProps("root", map[string]any{"title": slug + " 2"}))
	s.release = w.Publish(slug, "second").Release
	testkit.Must(w.Releases.Promote(ctx, release.PromoteInput{Frontend: slug, From: "production", To: "staging"}))(t)
	w.Edit(s.screen, testkit.SetProps("root", map[string]any{"title": slug + " 3"}))
	schedule := testkit.Must(w.Releases.Schedule(ctx, release.PublishInput{Frontend: slug, Environment: "production", Title: "later"}, time.Now().Add(time.Hour)))(t).ID
	home := "home"
	snapshot, _, err := w.Delivery.Screen(ctx, delivery.At{Key: &home}, delivery.Context{Frontend: slug, Environment: "production"})
	if err != nil || snapshot == nil {
		t.Fatalf("no snapshot: %v", err)
	}
	db := w.Store.Reader(ctx)
	for _, e := range db.Frontend.QueryEnvironments(s.frontend).AllX(ctx) {
		e = testkit.Must(w.Frontends.UpdateEnvironment(ctx, e.ID, "KEY"))(t)
		if e.Key == "production" {
			s.production = e
		}
	}
	page := db.Frontend.QueryComponents(s.frontend).OnlyX(ctx)
	s.nodes = []string{
		s.frontend.ID, s.screen.ID, page.ID, db.Component.QueryVersions(page).OnlyIDX(ctx), db.Frontend.QueryBuilds(s.frontend).OnlyIDX(ctx),
		s.release.ID, picture.ID, snapshot.ID, s.production.ID, first.Activation.ID, schedule,
	}
	return s
}

func (w *world) upload(ctx context.Context, t *testing.T, slug string) *ent.Asset {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	row, _, err := w.Assets.Upload(ctx, asset.UploadInput{Frontend: slug, Name: "dot.png", Body: &b})
	if err != nil {
		t.Fatal(err)
	}
	return row
}

// ignore takes a fault with a code for success.
func ignore(err error, code string) error {
	if f := fault.As(err); f != nil && f.Code == code {
		return nil
	}
	return err
}
