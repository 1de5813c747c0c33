package graph_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/presence"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/testkit"
	"sonata.ai/sonata/internal/usage"
)

// site is everything that one frontend has, or the names of things that nobody has.
type site struct {
	slug, environment string
	frontend          *ent.Frontend
	production        *ent.Environment
	screen            *ent.Screen
	release           *ent.Release
	schedule          string
	component         *ent.Component
	asset             *ent.Asset
	snapshot          string
	nodes             []string // ids of one object of each type
	inEnvironment     []string // those of nodes that belong to production
}

// nowhere is a site that is not there.
func nowhere() site {
	return site{
		slug: "nowhere", environment: "production", frontend: &ent.Frontend{ID: "frt_0", Slug: "nowhere"}, production: &ent.Environment{ID: "env_0"},
		screen: &ent.Screen{ID: "scr_0", Version: 1}, release: &ent.Release{ID: "rel_0"}, schedule: "sch_0",
		component: &ent.Component{ID: "cmp_0"}, asset: &ent.Asset{ID: "ast_0"}, snapshot: "snp_0",
	}
}

// withoutProduction is the site with an environment in place of production that is not there.
func (s site) withoutProduction() site {
	s.environment, s.production, s.schedule = "nowhere", &ent.Environment{ID: "env_0"}, "sch_0"
	return s
}

// anonymize takes the names out of a fault's words, so that those of two sites can be compared.
func (s site) anonymize(words string) string {
	return strings.NewReplacer(s.slug, "SITE", s.frontend.ID, "SITE", s.environment, "ENVIRONMENT").Replace(words)
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
	w := &world{Kit: k, usage: usage.New(k.Store, k.Delivery), presence: presence.New(k.Store)}
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
	s := site{slug: slug, environment: "production", frontend: w.Frontend(slug)}
	on := true
	testkit.Must(w.Frontends.Update(ctx, frontend.UpdateInput{Frontend: slug, UsageEnabled: &on}))(t)
	w.Register(slug, "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	s.asset, _ = w.upload(ctx, t, slug)
	s.screen = w.Screen(slug, "home", "/", `{"format":1,"root":"root","blocks":{"root":{"component":"page","major":1,"props":{"title":"`+slug+` 1"},"slots":{}}}}`)
	first := w.Publish(slug, "first")
	w.Edit(s.screen, testkit.SetProps("root", map[string]any{"title": slug + " 2"}))
	s.release = w.Publish(slug, "second").Release
	testkit.Must(w.Releases.Promote(ctx, release.PromoteInput{Frontend: slug, From: "production", To: "staging"}))(t)
	w.Edit(s.screen, testkit.SetProps("root", map[string]any{"title": slug + " 3"}))
	s.schedule = testkit.Must(w.Releases.Schedule(ctx, release.PublishInput{Frontend: slug, Environment: "production", Title: "later"}, time.Now().Add(time.Hour)))(t).ID
	home := "home"
	snapshot, _, err := w.Delivery.Screen(ctx, delivery.At{Key: &home}, delivery.Context{Frontend: slug, Environment: "production"})
	if err != nil || snapshot == nil {
		t.Fatalf("no snapshot: %v", err)
	}
	s.snapshot = snapshot.ID
	db := w.Store.Reader(ctx)
	for _, e := range db.Frontend.QueryEnvironments(s.frontend).AllX(ctx) {
		e = testkit.Must(w.Frontends.UpdateEnvironment(ctx, e.ID, "KEY"))(t)
		if e.Key == "production" {
			s.production = e
		}
	}
	s.component = db.Frontend.QueryComponents(s.frontend).OnlyX(ctx)
	s.inEnvironment = []string{s.production.ID, first.Activation.ID, s.schedule}
	s.nodes = append([]string{
		s.frontend.ID, s.screen.ID, s.component.ID, db.Component.QueryVersions(s.component).OnlyIDX(ctx),
		db.Frontend.QueryBuilds(s.frontend).OnlyIDX(ctx), s.release.ID, s.asset.ID, s.snapshot,
	}, s.inEnvironment...)
	return s
}

func (w *world) upload(ctx context.Context, t *testing.T, slug string) (*ent.Asset, error) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	row, _, err := w.Assets.Upload(ctx, asset.UploadInput{Frontend: slug, Name: "dot.png", Body: &b})
	return row, err
}

// checksum covers every row that there is, the audit log among them.
func (w *world) checksum(t *testing.T) string {
	t.Helper()
	ctx := testkit.Context(t)
	db := w.Store.Reader(ctx)
	sum := sha256.New()
	fmt.Fprintln(sum, db.Frontend.Query().AllX(ctx), db.Environment.Query().AllX(ctx), db.Screen.Query().AllX(ctx),
		db.ScreenEdit.Query().AllX(ctx), db.Component.Query().AllX(ctx), db.ComponentVersion.Query().AllX(ctx),
		db.Build.Query().AllX(ctx), db.BuildManifest.Query().AllX(ctx), db.Release.Query().AllX(ctx),
		db.ReleaseItem.Query().AllX(ctx), db.Blob.Query().AllX(ctx), db.Activation.Query().AllX(ctx),
		db.ReleaseSchedule.Query().AllX(ctx), db.Asset.Query().AllX(ctx), db.AuditEntry.Query().AllX(ctx),
		db.IdempotencyRecord.Query().AllX(ctx))
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// verb is something that a caller asks of a site.
type verb struct {
	name, scope string
	production  bool // whether it is about that environment
	do          func(ctx context.Context, s site) error
}

// nothing is what a read answers of what is not there.
func nothing(there bool, err error) error {
	if err == nil && !there {
		return fault.NotFoundf("nothing")
	}
	return err
}

func (w *world) writes(t *testing.T) []verb {
	name := "New name"
	publish := func(s site) release.PublishInput {
		return release.PublishInput{Frontend: s.slug, Environment: s.environment, Title: "third", AcknowledgeWarnings: true}
	}
	version := func(s site) int {
		row, err := w.Store.Reader(t.Context()).Screen.Get(t.Context(), s.screen.ID)
		if err != nil {
			return 1
		}
		return row.Version
	}
	return []verb{
		{"frontendUpdate", principal.FrontendsWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Frontends.Update(ctx, frontend.UpdateInput{Frontend: s.slug, Name: &name})
			return err
		}},
		{"environmentCreate", principal.FrontendsWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Frontends.CreateEnvironment(ctx, s.slug, "staging-two", "")
			return err
		}},
		{"environmentUpdate", principal.FrontendsWrite, true, func(ctx context.Context, s site) error {
			_, err := w.Frontends.UpdateEnvironment(ctx, s.production.ID, "KEY")
			return err
		}},
		{"buildRegister", principal.ComponentsWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Components.Register(ctx, component.RegisterInput{Frontend: s.slug, Name: "next", Components: []component.SupportInput{{Key: "page", Version: "1.0"}}})
			return err
		}},
		{"assetUpload", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			_, err := w.upload(ctx, t, s.slug)
			return err
		}},
		{"screenCreate", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Screens.Create(ctx, screen.CreateInput{Frontend: s.slug, Key: "fresh", Title: "Fresh"})
			return err
		}},
		{"screenDuplicate", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Screens.Duplicate(ctx, screen.DuplicateInput{ID: s.screen.ID, Key: "copy", Title: "Copy"})
			return err
		}},
		{"screenUpdate", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Screens.Update(ctx, screen.UpdateInput{ID: s.screen.ID, ExpectedVersion: version(s), Title: &name})
			return err
		}},
		{"screenEdit", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Screens.Edit(ctx, screen.EditInput{Screen: s.screen.ID, ExpectedVersion: version(s), Ops: []screen.Op{testkit.SetProps("root", map[string]any{"title": "edited"})}})
			return err
		}},
		{"releasePublish", principal.ReleaseWrite, true, func(ctx context.Context, s site) error {
			_, err := w.Releases.Publish(ctx, publish(s))
			return err
		}},
		{"releaseRollBack", principal.ReleaseWrite, true, func(ctx context.Context, s site) error {
			_, err := w.Releases.RollBack(ctx, release.RollBackInput{Frontend: s.slug, Environment: s.environment, ToRelease: s.release.ID, Reason: "worse"})
			return err
		}},
		{"releasePromote to", principal.ReleaseWrite, true, func(ctx context.Context, s site) error {
			ctx = principal.With(ctx, withGrant(ctx, s, principal.DeliveryRead))
			_, err := w.Releases.Promote(ctx, release.PromoteInput{Frontend: s.slug, From: "staging", To: s.environment})
			return ignore(err, "NOTHING_TO_PUBLISH")
		}},
		{"releaseSchedule", principal.ReleaseWrite, true, func(ctx context.Context, s site) error {
			_, err := w.Releases.Schedule(ctx, publish(s), time.Now().Add(time.Hour))
			return ignore(err, "NOTHING_TO_PUBLISH")
		}},
		{"releaseScheduleCancel", principal.ReleaseWrite, true, func(ctx context.Context, s site) error {
			_, err := w.Releases.CancelSchedule(ctx, s.schedule)
			return err
		}},
		{"previewLinkCreate", principal.ContentRead, false, func(ctx context.Context, s site) error {
			_, _, err := w.Releases.CreatePreview(ctx, s.slug, "", 1)
			return err
		}},
		{"screenRevert", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			_, err := w.Screens.Revert(ctx, s.screen.ID, version(s), s.release.ID)
			return err
		}},
		{"screenDelete", principal.ContentWrite, false, func(ctx context.Context, s site) error {
			return w.Screens.Delete(ctx, s.screen.ID, version(s))
		}},
	}
}

// withGrant is who asks, with one more scope on the site.
func withGrant(ctx context.Context, s site, scope string) principal.Principal {
	p := principal.From(ctx)
	if len(p.Grants) > 0 && p.Grants[0].Frontend == s.frontend.ID { // callers without any right on it stay such
		p.Grants = append(slices.Clone(p.Grants), testkit.In(testkit.On(s.frontend.ID, scope), "staging"))
	}
	return p
}

func ignore(err error, code string) error {
	if f := fault.As(err); f != nil && f.Code == code {
		return nil
	}
	return err
}

func (w *world) reads() []verb {
	home := delivery.At{Key: new("home")}
	in := func(s site) delivery.Context {
		return delivery.Context{Frontend: s.slug, Environment: s.environment}
	}
	return []verb{
		{"screen", principal.DeliveryRead, true, func(ctx context.Context, s site) error {
			got, _, err := w.Delivery.Screen(ctx, home, in(s))
			return nothing(got != nil, err)
		}},
		{"screen stream", principal.DeliveryRead, true, func(ctx context.Context, s site) error {
			_, err := w.Delivery.WatchScreen(ctx, home, in(s), nil)
			return err
		}},
		{"release stream", principal.DeliveryRead, true, func(ctx context.Context, s site) error {
			_, err := w.Delivery.WatchRelease(ctx, s.slug, s.environment, nil)
			return err
		}},
		{"routes", principal.DeliveryRead, true, func(ctx context.Context, s site) error {
			_, err := w.Delivery.Routes(ctx, s.slug, s.environment)
			return err
		}},
		{"usageReport", principal.DeliveryRead, true, func(ctx context.Context, s site) error {
			accepted, err := w.usage.Report(ctx, usage.Report{Frontend: s.slug, Environment: s.environment, Release: 1})
			return nothing(accepted, err)
		}},
		{"snapshot", principal.DeliveryRead, false, func(ctx context.Context, s site) error {
			got, err := w.Delivery.Snapshot(ctx, s.snapshot)
			return nothing(got != nil, err)
		}},
		{"drafts", principal.ContentRead, false, func(ctx context.Context, s site) error {
			ctx = principal.With(ctx, withGrant(ctx, s, principal.DeliveryRead))
			_, _, err := w.Delivery.Screen(ctx, home, delivery.Context{Frontend: s.slug, Environment: "staging", Draft: true})
			if fault.KindOf(err) == fault.Forbidden { // the frontend is no secret to who reads what it delivers
				return fault.NotFoundf("there is no such frontend")
			}
			return err
		}},
		{"draft stream", principal.ContentRead, false, func(ctx context.Context, s site) error {
			_, err := w.Delivery.WatchDraft(ctx, s.screen.ID, nil)
			return err
		}},
		{"activity stream", principal.ContentRead, false, func(ctx context.Context, s site) error {
			_, err := w.Delivery.WatchActivity(ctx, s.slug)
			return err
		}},
		{"presence stream", principal.ContentRead, false, func(ctx context.Context, s site) error {
			_, err := w.presence.Join(ctx, s.screen.ID, "client-1", "Somebody")
			return err
		}},
		{"problems", principal.ContentRead, false, func(ctx context.Context, s site) error {
			if s.screen.FrontendID == "" { // there is no row to ask with
				_, err := screen.Get(ctx, w.Store.Reader(ctx), s.screen.ID, principal.ContentRead)
				return err
			}
			_, err := w.Screens.Problems(ctx, s.screen)
			return err
		}},
		{"status", principal.ContentRead, true, func(ctx context.Context, s site) error {
			row := *s.screen
			row.FrontendID = s.frontend.ID
			_, err := w.Releases.Status(ctx, &row, s.environment)
			return err
		}},
		{"component.usedBy", principal.ContentRead, false, func(ctx context.Context, s site) error {
			rows, err := w.Screens.Using(ctx, s.frontend.ID, "page", 9)
			return nothing(len(rows) > 0, err)
		}},
		{"screens", principal.ContentRead, false, func(ctx context.Context, s site) error {
			_, err := w.Releases.Screens(ctx, s.frontend, release.ScreenFilter{})
			return err
		}},
		{"changes", principal.ContentRead, false, func(ctx context.Context, s site) error {
			_, err := w.Releases.Changes(ctx, s.release, nil)
			return err
		}},
		{"publishPlan", principal.ContentRead, true, func(ctx context.Context, s site) error {
			_, err := w.Releases.Plan(ctx, s.frontend, s.environment, nil)
			return err
		}},
		{"usage", principal.ContentRead, true, func(ctx context.Context, s site) error {
			_, err := w.usage.OfFrontend(ctx, s.frontend, s.environment, usage.Day)
			return err
		}},
	}
}

// All who may not reach a site get the very words that they would get of one that is not there, and nothing in it
// changes; who may is let.
func TestWalls(t *testing.T) {
	w := newWorld(t)
	mine, other := w.site(t, "mine"), w.site(t, "foreign")
	verbs := append(w.reads(), w.writes(t)...)
	before := w.checksum(t)
	for _, v := range verbs {
		missing := w.words(t, v, nowhere())
		for caller, ctx := range map[string]context.Context{
			"nobody":                  t.Context(),
			"another frontend's key":  testkit.As(t, testkit.On(mine.frontend.ID, principal.Scopes()...)),
			"a key with wrong scopes": testkit.As(t, testkit.On(other.frontend.ID, without(v.scope)...), testkit.On(mine.frontend.ID, v.scope)),
		} {
			w.refused(ctx, t, v, caller, other, missing)
		}
		if v.production {
			staging := testkit.As(t, testkit.In(testkit.On(other.frontend.ID, principal.Scopes()...), "staging"))
			w.refused(staging, t, v, "a key for staging", other, w.words(t, v, other.withoutProduction()))
		}
	}
	if after := w.checksum(t); after != before {
		t.Error("a refused verb left something behind")
	}
	for _, v := range verbs {
		if err := v.do(testkit.As(t, testkit.On(other.frontend.ID, v.scope)), other); err != nil {
			t.Errorf("%s with %s: %v", v.name, v.scope, err)
		}
	}
}

func (w *world) refused(ctx context.Context, t *testing.T, v verb, caller string, s site, missing string) {
	t.Helper()
	err := v.do(ctx, s)
	if got := s.anonymize(fmt.Sprint(err)); fault.KindOf(err) != fault.NotFound || got != missing {
		t.Errorf("%s by %s: %q, but of what is missing %q", v.name, caller, got, missing)
	}
}

// words is what somebody who may do everything gets of what is not there.
func (w *world) words(t *testing.T, v verb, s site) string {
	t.Helper()
	err := v.do(testkit.Context(t), s)
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("%s of what is missing: %v", v.name, err)
	}
	return s.anonymize(fmt.Sprint(err))
}

// without is every scope but those that bring the one along.
func without(scope string) []string {
	return slices.DeleteFunc(principal.Scopes(), func(s string) bool { return slices.Contains(principal.Implied([]string{s}), scope) })
}

// An id opens its object to who may read it there, and to nobody else.
func TestNodesBehindWalls(t *testing.T) {
	w := newWorld(t)
	mine, other := w.site(t, "mine"), w.site(t, "foreign")
	see := func(ctx context.Context, id string) bool {
		got, err := w.resolver.Query().Node(ctx, id)
		if err != nil {
			t.Errorf("node %s: %v", id, err)
		}
		return got != nil
	}
	reads := testkit.On(other.frontend.ID, principal.ContentRead)
	for _, id := range other.nodes {
		if see(t.Context(), id) || see(testkit.As(t, testkit.On(mine.frontend.ID, principal.Scopes()...)), id) ||
			see(testkit.As(t, testkit.On(other.frontend.ID, principal.ReleaseWrite, principal.FrontendsWrite, principal.AuditRead)), id) {
			t.Errorf("%s is seen by who may not read it", id)
		}
		if !see(testkit.As(t, reads), id) {
			t.Errorf("%s is not seen by who may read it", id)
		}
		if see(testkit.As(t, testkit.In(reads, "staging")), id) == slices.Contains(other.inEnvironment, id) {
			t.Errorf("%s and a key for staging", id)
		}
	}
	list, err := w.resolver.Query().Frontends(testkit.As(t, testkit.On(mine.frontend.ID, principal.ContentRead)), nil, nil)
	if err != nil || list.TotalCount != 1 || len(list.Edges) != 1 || list.Edges[0].Node.Slug != "mine" {
		t.Errorf("frontends: %+v, %v", list, err)
	}
	if none, err := w.resolver.Query().Frontends(t.Context(), nil, nil); err != nil || none.TotalCount != 0 || len(none.Edges) != 0 {
		t.Errorf("frontends of nobody: %+v, %v", none, err)
	}
}

// What belongs to another frontend cannot be reached through one's own.
func TestForeignReferences(t *testing.T) {
	w := newWorld(t)
	mine, other := w.site(t, "mine"), w.site(t, "foreign")
	ctx := testkit.As(t, testkit.On(mine.frontend.ID, principal.Scopes()...))
	before := w.checksum(t)
	version := w.Store.Reader(ctx).Screen.GetX(ctx, mine.screen.ID).Version
	for name, do := range map[string]func(of site) error{
		"screenRevert": func(of site) error {
			_, err := w.Screens.Revert(ctx, mine.screen.ID, version, of.release.ID)
			return err
		},
		"releaseRollBack": func(of site) error {
			_, err := w.Releases.RollBack(ctx, release.RollBackInput{Frontend: "mine", Environment: "production", ToRelease: of.release.ID, Reason: "x"})
			return err
		},
		"previewLinkCreate": func(of site) error {
			_, _, err := w.Releases.CreatePreview(ctx, "mine", of.screen.ID, 1)
			return err
		},
		"changes": func(of site) error {
			_, err := w.Releases.Changes(ctx, mine.release, &of.release.ID)
			return err
		},
		"pinned": func(of site) error {
			got, _, err := w.Delivery.Screen(ctx, delivery.At{Key: new("home")}, delivery.Context{Frontend: "mine", Environment: "production", Release: &of.release.ID})
			return nothing(got != nil, err)
		},
	} {
		foreign, missing := do(other), do(nowhere())
		if fault.KindOf(foreign) != fault.NotFound || foreign.Error() != missing.Error() {
			t.Errorf("%s: %v, but of what is missing %v", name, foreign, missing)
		}
	}
	if w.checksum(t) != before {
		t.Error("something was left behind")
	}
}
