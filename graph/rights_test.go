package graph_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/testkit"
)

// A release can be read by its id where it was live and was not withdrawn.
func TestPinnedReleases(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	ctx := testkit.Context(t)
	pinned := func(ctx context.Context, id string) bool {
		got, _, err := w.Delivery.Screen(ctx, delivery.At{Key: new("home")}, delivery.Context{Frontend: "site", Environment: "staging", Release: &id})
		if err != nil {
			t.Error(err)
		}
		return got != nil
	}
	production := testkit.On(s.frontend.ID, principal.DeliveryRead)
	staging := testkit.In(production, "staging")
	releases := w.Store.Reader(ctx).Frontend.QueryReleases(s.frontend).Order(ent.Asc("number")).AllX(ctx) // first, second, and the scheduled one
	for i, want := range []struct{ production, staging, content bool }{{true, false, true}, {true, true, true}, {false, false, true}} {
		id := releases[i].ID
		got := struct{ production, staging, content bool }{
			pinned(testkit.As(t, production), id), pinned(testkit.As(t, staging), id), pinned(testkit.As(t, testkit.On(s.frontend.ID, principal.ContentRead)), id),
		}
		if got != want {
			t.Errorf("release %d: %+v, want %+v", i+1, got, want)
		}
	}
	testkit.Must(w.Releases.RollBack(ctx, release.RollBackInput{Frontend: "site", Environment: "production", ToRelease: releases[0].ID, Reason: "wrong price"}))(t)
	onlyProduction := testkit.As(t, testkit.In(production, "production"))
	get := func() bool {
		id := releases[1].ID
		got, _, err := w.Delivery.Screen(onlyProduction, delivery.At{Key: new("home")}, delivery.Context{Frontend: "site", Environment: "production", Release: &id})
		if err != nil {
			t.Error(err)
		}
		return got != nil
	}
	if get() {
		t.Error("a release is served that was rolled back from")
	}
	testkit.Must(w.Releases.RollBack(ctx, release.RollBackInput{Frontend: "site", Environment: "production", ToRelease: releases[1].ID, Reason: "it was right"}))(t)
	if !get() {
		t.Error("a release is not served that is live again")
	}
}

// A preview link is enough by itself, for what it was made for.
func TestPreviewLinkIsEnough(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	w.site(t, "foreign")
	token, _, err := w.Releases.CreatePreview(testkit.Context(t), "site", s.screen.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	look := func(slug, token string) (*delivery.Snapshot, error) {
		got, _, err := w.Delivery.Screen(t.Context(), delivery.At{Key: new("home")}, delivery.Context{Frontend: slug, Environment: "production", PreviewToken: &token})
		return got, err
	}
	if got, err := look("site", token); err != nil || got == nil {
		t.Errorf("%v, %v", got, err)
	}
	_, known := look("foreign", token)
	_, unknown := look("nowhere", token)
	_, forged := look("site", "forged")
	_, forgedNowhere := look("nowhere", "forged")
	if fault.KindOf(known) != fault.Forbidden || known.Error() != unknown.Error() || fault.KindOf(forged) != fault.Forbidden || forged.Error() != forgedNowhere.Error() {
		t.Errorf("%v, %v, %v, %v", known, unknown, forged, forgedNowhere)
	}
}

// Who makes frontends holds the scope for every one, not for one.
func TestCreatingTakesEveryFrontend(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	_, err := w.Frontends.Create(testkit.As(t, testkit.On(s.frontend.ID, principal.FrontendsWrite)), frontend.CreateInput{Slug: "second", Name: "Second"})
	if fault.KindOf(err) != fault.Forbidden {
		t.Errorf("with the scope on one frontend: %v", err)
	}
	if _, err := w.Frontends.Create(testkit.As(t, testkit.On("", principal.FrontendsWrite)), frontend.CreateInput{Slug: "second", Name: "Second"}); err != nil {
		t.Error(err)
	}
}

// Who may publish but not read is told that it was done, and nothing of what is there.
func TestAnAnswerShowsNoMoreThanMayBeRead(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	hash := "sha256:" + strings.Repeat("0", 64)
	_, err := w.Releases.Publish(testkit.As(t, testkit.On(s.frontend.ID, principal.ReleaseWrite)), release.PublishInput{
		Frontend: "site", Environment: "production", Title: "third", Expect: release.Expected{Check: true, Hash: &hash},
	})
	if moved, ok := fault.As(err).Detail.(release.LiveMoved); !ok || moved.Live != nil || strings.Contains(err.Error(), "release 2") {
		t.Errorf("%v %+v", err, fault.As(err).Detail)
	}
}

// Promoting takes the right to read what is promoted.
func TestPromotingTakesReadingTheSource(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	writes := testkit.In(testkit.On(s.frontend.ID, principal.ReleaseWrite), "production")
	promote := func(from string, grants ...principal.Grant) error {
		_, err := w.Releases.Promote(testkit.As(t, grants...), release.PromoteInput{Frontend: "site", From: from, To: "production"})
		return err
	}
	walled, missing := promote("staging", writes), promote("nowhere", writes)
	if fault.KindOf(walled) != fault.NotFound || strings.ReplaceAll(walled.Error(), "staging", "nowhere") != missing.Error() {
		t.Errorf("%v, but of what is missing %v", walled, missing)
	}
	if err := promote("staging", writes, testkit.In(testkit.On(s.frontend.ID, principal.DeliveryRead), "staging")); ignore(err, "NOTHING_TO_PUBLISH") != nil {
		t.Error(err)
	}
}

// Streams ask again: who may not read any more is told so at once, and who may is not disturbed.
func TestStreamsEndWithTheRight(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	ctx := testkit.Context(t)
	key := testkit.As(t, testkit.On(s.frontend.ID, principal.DeliveryRead))
	if _, err := w.Delivery.WatchRelease(t.Context(), "site", "production", nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a stream without the right: %v", err)
	}
	testkit.Must(w.Frontends.UpdateEnvironment(ctx, s.production.ID, "PUBLIC"))(t)
	home := delivery.At{Key: new("home")}
	in := delivery.Context{Frontend: "site", Environment: "production"}
	pin := in
	pin.Release = &s.release.ID
	releases := testkit.Events(testkit.Must(w.Delivery.WatchRelease(t.Context(), "site", "production", nil))(t))
	screens := testkit.Events(testkit.Must(w.Delivery.WatchScreen(t.Context(), home, in, nil))(t))
	pinned := testkit.Events(testkit.Must(w.Delivery.WatchScreen(t.Context(), home, pin, nil))(t))
	kept := testkit.Events(testkit.Must(w.Delivery.WatchRelease(key, "site", "production", nil))(t))
	for _, err := range []error{next(t, releases).Err, next(t, screens).Err, next(t, pinned).Err, next(t, kept).Err} {
		if err != nil {
			t.Fatal(err)
		}
	}
	testkit.Must(w.Frontends.UpdateEnvironment(ctx, s.production.ID, "KEY"))(t)
	for name, err := range map[string]error{"release": next(t, releases).Err, "screen": next(t, screens).Err, "pinned": next(t, pinned).Err} {
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("the %s stream of nobody goes on: %v", name, err)
		}
	}
	w.Publish("site", "third")
	if ev := next(t, kept); ev.Err != nil || ev.Release.Number != 4 {
		t.Errorf("the stream of who may read: %+v", ev)
	}
}

func next[E any](t *testing.T, events <-chan E) (ev E) {
	t.Helper()
	select {
	case ev = <-events:
	case <-time.After(5 * time.Second):
		t.Error("nothing came")
	}
	return ev
}

// A member who signed in is seen under the own name; whoever else says one.
func TestPresenceShowsTheMembersName(t *testing.T) {
	w := newWorld(t)
	s := w.site(t, "site")
	grants := []principal.Grant{testkit.On(s.frontend.ID, principal.ContentRead)}
	ada := principal.Principal{Actor: principal.Actor{ID: "mem_1", Kind: principal.Member, Name: "Ada"}, Grants: grants, Credential: principal.SessionCredential}
	people := next(t, testkit.Events(testkit.Must(w.presence.Join(principal.With(t.Context(), ada), s.screen.ID, "client-1", "Somebody else"))(t)))
	if len(people) != 1 || people[0].Name != "Ada" {
		t.Errorf("%+v", people)
	}
	if _, err := w.presence.Move(principal.With(t.Context(), ada), s.screen.ID, "client-1", "root"); err != nil {
		t.Error(err)
	}
	if _, err := w.presence.Move(t.Context(), s.screen.ID, "client-1", "root"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("nobody moved somebody: %v", err)
	}
}
