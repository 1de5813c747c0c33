// Package testkit opens the whole domain on a temporary database, without sockets, for tests of verbs and streams.
package testkit

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit/postgres"
)

// Kit is every verb on one temporary database, with the ledger's tailer running.
type Kit struct {
	t          testing.TB
	Store      *store.Store
	Storage    *asset.Disk
	Assets     *asset.Assets
	Frontends  *frontend.Frontends
	Components *component.Components
	Screens    *screen.Screens
	Releases   *release.Releases
	Delivery   *delivery.Delivery
	Secrets    *store.Secrets
}

// Context is that of the test, with Sonata itself asking: it may do everything.
func Context(t testing.TB) context.Context {
	t.Helper()
	return principal.With(t.Context(), principal.Sonata())
}

// As is the context of the test, with an API key asking that holds these grants; without any it is a key that may do
// nothing.
func As(t testing.TB, grants ...principal.Grant) context.Context {
	t.Helper()
	return principal.With(t.Context(), principal.Principal{
		Actor:  principal.Actor{ID: "key_test", Kind: principal.APIKey, Name: "Test"},
		Grants: grants, Credential: principal.KeyCredential, CredentialID: "key_test",
	})
}

// On is a grant of scopes on one frontend; "" is every frontend.
func On(frontend string, scopes ...string) principal.Grant {
	return principal.Grant{Frontend: frontend, Scopes: scopes}
}

// In is the grant, for these environments alone.
func In(g principal.Grant, environments ...string) principal.Grant {
	g.Environments = environments
	return g
}

// New opens a kit that ends with the test.
func New(t testing.TB) *Kit {
	t.Helper()
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	address := store.File(filepath.Join(dir, "test.db"))
	if fresh := postgres.Fresh(t); fresh != "" {
		var err error
		address, err = store.ParseAddress(fresh)
		must(t, err)
	}
	s, err := store.Open(ctx, address, store.Pool{Connections: 20})
	must(t, err)
	secrets, err := store.OpenSecrets("", dir)
	must(t, err)
	k := &Kit{t: t, Store: s, Secrets: secrets, Frontends: frontend.New(s), Components: component.New(s)}
	k.Storage, err = asset.OpenDisk(filepath.Join(dir, "assets"))
	must(t, err)
	k.Assets = asset.New(s, k.Storage)
	documents := document.New(s, document.Policy{}, nil)
	k.Screens = screen.New(s, k.Components, documents)
	k.Releases = release.New(s, k.Components, secrets, documents)
	k.Delivery, err = delivery.New(s, k.Releases, k.Components, event.NewBroker(), documents)
	must(t, err)
	tailer := event.NewTailer(s, func(err error) { t.Errorf("tailer: %v", err) }, documents.Apply, k.Delivery.Apply)
	s.OnCommit(tailer.Committed)
	must(t, tailer.Start(ctx))
	must(t, documents.Load(ctx))
	must(t, k.Delivery.Load(ctx))
	done := make(chan error, 1)
	go func() { done <- tailer.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		must(t, <-done)
		must(t, s.Close())
	})
	return k
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Must ends the test on an error and returns the value.
func Must[V any](v V, err error) func(t testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		must(t, err)
		return v
	}
}

// Frontend registers a frontend.
func (k *Kit) Frontend(slug string) *ent.Frontend {
	k.t.Helper()
	return Must(k.Frontends.Create(Context(k.t), frontend.CreateInput{Slug: slug, Name: slug}))(k.t)
}

// Component is a component version for Register: key, version and the properties of its schema as JSON; a page has
// the slot children.
func Component(key, version, properties string) component.SupportInput {
	in := component.SupportInput{
		Key: key, Version: version,
		PropsSchema: json.RawMessage(fmt.Sprintf(`{"type":"object","properties":{%s}}`, properties)),
	}
	if key == "page" {
		in.Slots = &[]string{"children"}
	}
	return in
}

// Register registers a build and returns its manifest's hash.
func (k *Kit) Register(slug, build string, components ...component.SupportInput) string {
	k.t.Helper()
	row := Must(k.Components.Register(Context(k.t), component.RegisterInput{Frontend: slug, Name: build, Components: components}))(k.t)
	manifest, err := k.Store.Reader(Context(k.t)).Build.QueryManifest(row).Only(Context(k.t))
	must(k.t, err)
	return manifest.Hash
}

// Screen creates a screen with an empty page, or with the body that is given.
func (k *Kit) Screen(slug, key, path string, body ...string) *ent.Screen {
	k.t.Helper()
	in := screen.CreateInput{Frontend: slug, Key: key, Title: key, Path: path}
	if len(body) > 0 {
		in.Body = json.RawMessage(body[0])
	}
	return Must(k.Screens.Create(Context(k.t), in))(k.t)
}

// Insert is an op that puts a block under the root.
func Insert(key, component string, props map[string]any) screen.Op {
	return screen.Op{Kind: screen.OpInsert, Key: key, Parent: "root", Slot: "children", Component: component, Props: props}
}

// SetProps is an op that patches a block.
func SetProps(key string, patch map[string]any) screen.Op {
	return screen.Op{Kind: screen.OpSetProps, Key: key, Patch: patch}
}

// Edit applies ops to the newest version of a screen.
func (k *Kit) Edit(row *ent.Screen, ops ...screen.Op) *ent.Screen {
	k.t.Helper()
	now := Must(screen.Get(Context(k.t), k.Store.Reader(Context(k.t)), row.ID, principal.ContentWrite))(k.t)
	got := Must(k.Screens.Edit(Context(k.t), screen.EditInput{Screen: row.ID, ExpectedVersion: now.Version, Ops: ops}))(k.t)
	return got.Screen
}

// Publish publishes everything that changed to production.
func (k *Kit) Publish(slug, title string) release.Result {
	k.t.Helper()
	return Must(k.Releases.Publish(Context(k.t), release.PublishInput{
		Frontend: slug, Environment: frontend.Production, Title: title, AcknowledgeWarnings: true,
	}))(k.t)
}

// Events is a stream as a channel, for a reader that takes an event when it likes; it is closed at the end.
func Events[E any](s *event.Stream[E]) <-chan E {
	out := make(chan E)
	go func() {
		defer close(out)
		for ev, ok := s.Wait(); ok; ev, ok = s.Wait() {
			out <- ev
		}
	}()
	return out
}
