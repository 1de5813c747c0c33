package delivery_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/testkit"
)

// world is a frontend whose components only ever grow in allowed ways.
type world struct {
	*testkit.Kit
	t         *testing.T
	rnd       *rand.Rand
	home      *ent.Screen
	minors    map[string]int // newest minor of major 1, by component
	manifests []string
	blocks    int
}

var kinds = []string{"hero", "banner", "grid"}

// properties of a component's minor: each minor adds one that is optional.
func properties(minor int) string {
	names := []string{`"title":{"type":"string"}`}
	for i := 1; i <= minor; i++ {
		names = append(names, fmt.Sprintf(`"p%d":{"type":"string"}`, i))
	}
	return strings.Join(names, ",")
}

// register registers a build with a random choice of components, some at newer minors than anybody had before.
func (w *world) register() {
	support := []component.SupportInput{testkit.Component("page", "1.0", `"title":{"type":"string"}`)}
	for _, kind := range kinds {
		if w.rnd.Intn(4) == 0 {
			continue
		}
		minor := w.rnd.Intn(w.minors[kind] + 2)
		w.minors[kind] = max(w.minors[kind], minor)
		in := testkit.Component(kind, fmt.Sprintf("1.%d", minor), properties(minor))
		if kind == "grid" && w.minors["banner"] >= 0 {
			in.Fallback = json.RawMessage(`{"component":"banner","major":1,"props":{"title":{"$prop":"/title"}}}`)
		}
		support = append(support, in)
	}
	if w.rnd.Intn(3) == 0 {
		support[len(support)-1].Range = "~1." + fmt.Sprint(w.rnd.Intn(3))
	}
	row, err := w.Components.Register(testkit.Context(w.t), component.RegisterInput{Frontend: "app", Name: fmt.Sprint("b", len(w.manifests)), Components: support})
	if err != nil {
		return // a range that leaves its own version out, or a fallback that is not there yet
	}
	m, err := w.Store.Reader(testkit.Context(w.t)).Build.QueryManifest(row).Only(testkit.Context(w.t))
	if err != nil {
		w.t.Fatal(err)
	}
	w.manifests = append(w.manifests, m.Hash)
}

// edit adds a block with as many props as the newest minor has, or changes one.
func (w *world) edit() {
	kind := kinds[w.rnd.Intn(len(kinds))]
	props := map[string]any{"title": fmt.Sprint("t", w.rnd.Intn(100))}
	for i := 1; i <= w.minors[kind]; i++ {
		if w.rnd.Intn(2) == 0 {
			props[fmt.Sprintf("p%d", i)] = "x"
		}
	}
	w.blocks++
	w.Edit(w.home, testkit.Insert(fmt.Sprint("k", w.blocks), kind, props))
}

// answer is what one build is served of one release, as bytes.
func (w *world) answer(release, manifest string) string {
	key := "home"
	c := delivery.Context{Frontend: "app", Environment: "production", Release: &release}
	if manifest != "" {
		c.Manifest = &manifest
	}
	got, warnings, err := w.Delivery.Screen(testkit.Context(w.t), delivery.At{Key: &key}, c)
	if err != nil {
		w.t.Fatal(err)
	}
	raw, err := json.Marshal(map[string]any{"screen": got, "warnings": warnings})
	if err != nil {
		w.t.Fatal(err)
	}
	if got != nil && manifest != "" {
		w.checkServed(got, manifest)
	}
	return string(raw)
}

// checkServed validates each block against the schemas that the build registered.
func (w *world) checkServed(s *delivery.Snapshot, manifest string) {
	build, err := w.Components.Build(testkit.Context(w.t), w.home.FrontendID, manifest)
	if err != nil || build == nil {
		w.t.Fatalf("build %s: %v", manifest, err)
	}
	for _, b := range s.Blocks {
		var props map[string]any
		if err := json.Unmarshal(b.Props, &props); err != nil {
			w.t.Fatal(err)
		}
		fits := false
		for _, def := range build.Registered.All() {
			fits = fits || def.Key == b.Component && len(w.Components.Schemas.Validate(def.PropsSchema, props)) == 0
		}
		if !fits {
			w.t.Fatalf("block %s (%s) fits no schema that the build registered: %s", b.Key, b.Component, b.Props)
		}
	}
}

// A release's answer never changes, whatever is registered, edited or published later, and every block that is served
// fits a schema that the build registered.
func TestReleasesNeverChange(t *testing.T) {
	for seed := range int64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := &world{Kit: testkit.New(t), t: t, rnd: rand.New(rand.NewSource(seed)), minors: map[string]int{"hero": 0, "banner": 0, "grid": 0}}
			w.Frontend("app")
			w.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`), testkit.Component("hero", "1.0", properties(0)),
				testkit.Component("banner", "1.0", properties(0)), testkit.Component("grid", "1.0", properties(0)))
			w.home = w.Screen("app", "home", "/")
			answers := map[[2]string]string{}
			var releases []string
			for step := range 12 {
				for range w.rnd.Intn(3) {
					w.register()
				}
				w.edit()
				releases = append(releases, w.Publish("app", fmt.Sprint("step ", step)).Release.ID)
				for _, release := range releases {
					for _, manifest := range append([]string{""}, w.manifests...) {
						at := [2]string{release, manifest}
						now := w.answer(release, manifest)
						if before, had := answers[at]; had && before != now {
							t.Fatalf("the answer of a release changed:\n%s\n%s", before, now)
						}
						answers[at] = now
					}
				}
			}
		})
	}
}

// An unknown manifest gets an answer with a warning; once it is registered the same question is answered for it.
func TestManifestBecomesKnown(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", ""), testkit.Component("hero", "1.0", properties(0)))
	home := k.Screen("app", "home", "/")
	k.Edit(home, testkit.Insert("h", "hero", map[string]any{"title": "x"}))
	k.Publish("app", "one")
	pageOnly, err := component.NewManifest([]component.Support{{Key: "page", Version: component.Version{Major: 1}, ContractHash: contractOf(t, k, home, "page")}})
	if err != nil {
		t.Fatal(err)
	}
	hash, path := pageOnly.Hash(), "/"
	ask := func() (*delivery.Snapshot, []delivery.Warning) {
		s, warnings, err := k.Delivery.Screen(testkit.Context(t), delivery.At{Path: &path}, delivery.Context{Frontend: "app", Environment: "production", Manifest: &hash})
		if err != nil {
			t.Fatal(err)
		}
		return s, warnings
	}
	if s, warnings := ask(); len(warnings) != 1 || len(s.Blocks) != 2 {
		t.Errorf("unknown: %v %v", s, warnings)
	}
	if got := k.Register("app", "page only", testkit.Component("page", "1.0", "")); got != hash {
		t.Fatalf("registered %s, worked out %s", got, hash)
	}
	if s, warnings := ask(); len(warnings) != 0 || len(s.Blocks) != 1 {
		t.Errorf("known: %v %v", s, warnings)
	}
}

func contractOf(t *testing.T, k *testkit.Kit, row *ent.Screen, key string) string {
	t.Helper()
	c, err := k.Components.Catalogue(testkit.Context(t), row.FrontendID)
	if err != nil {
		t.Fatal(err)
	}
	def, _ := c.Newest(key, 1)
	return def.ContractHash()
}

// A slow reader sees fewer, later states, never an older one after a newer, and always the last.
func TestReleaseStreamCoalesces(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	home, other := k.Screen("app", "home", "/"), k.Screen("app", "other", "/other")
	k.Publish("app", "first")
	ctx, cancel := context.WithCancel(testkit.Context(t))
	eventsStream, err := k.Delivery.WatchRelease(ctx, "app", "production", nil)
	if err != nil {
		t.Fatal(err)
	}
	events := testkit.Events(eventsStream)
	first := <-events
	if first.Kind != "INITIAL" || first.Sequence != 1 || first.Previous != nil || fmt.Sprint(first.Changed) != "[home other]" {
		t.Fatalf("first event: %+v", first)
	}
	for i := range 5 { // nobody reads
		k.Edit(home, testkit.SetProps("root", map[string]any{"title": fmt.Sprint(i)}))
		k.Publish("app", fmt.Sprint("home ", i))
	}
	k.Edit(other, testkit.SetProps("root", map[string]any{"title": "x"}))
	last := k.Publish("app", "other")
	seen := 0
	for sequence := first.Sequence; sequence < last.Activation.Sequence; {
		ev := <-events
		if ev.Sequence <= sequence || ev.Previous == nil {
			t.Fatalf("after %d came %+v", sequence, ev)
		}
		sequence, seen = ev.Sequence, seen+1
	}
	if seen > 2 {
		t.Errorf("%d events for a reader that did not read", seen)
	}
	// A second stream takes up where the first was at its beginning: one event with everything since.
	resumedStream, err := k.Delivery.WatchRelease(ctx, "app", "production", &first.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	resumed := testkit.Events(resumedStream)
	if ev := <-resumed; ev.Kind != "PUBLISH" || ev.Previous.Number != 1 || fmt.Sprint(ev.Changed) != "[home other]" {
		t.Errorf("resumed: %+v", ev)
	}
	cancel()
	for range events {
		t.Error("an event after the end")
	}
}

// The screen stream speaks only when its own picture changed, and ends with the last picture.
func TestScreenStreamFollowsOnePicture(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	home, other := k.Screen("app", "home", "/"), k.Screen("app", "other", "/other")
	k.Publish("app", "first")
	path := "/"
	eventsStream, err := k.Delivery.WatchScreen(testkit.Context(t), delivery.At{Path: &path}, delivery.Context{Frontend: "app", Environment: "production"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	events := testkit.Events(eventsStream)
	hash := (<-events).Snapshot.ContentHash
	k.Edit(other, testkit.SetProps("root", map[string]any{"title": "x"}))
	k.Publish("app", "other")
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "y"}))
	k.Publish("app", "home")
	ev := <-events
	if ev.Snapshot.ContentHash == hash || ev.Snapshot.Release.Number != 3 || ev.Cause != "PUBLISH" {
		t.Errorf("got %+v of release %d", ev, ev.Snapshot.Release.Number)
	}
	k.Screens.Delete(testkit.Context(t), home.ID, 2)
	k.Publish("app", "gone")
	if ev := <-events; ev.Snapshot != nil {
		t.Errorf("a deleted screen: %+v", ev.Snapshot)
	}
}

// Every edit arrives, in order, however slowly it is read; a reader that is too far behind is told so.
func TestDraftStreamSkipsNothing(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	home := k.Screen("app", "home", "/")
	since := 1
	eventsStream, err := k.Delivery.WatchDraft(testkit.Context(t), home.ID, &since)
	if err != nil {
		t.Fatal(err)
	}
	events := testkit.Events(eventsStream)
	const edits = 60
	for i := range edits {
		k.Edit(home, testkit.SetProps("root", map[string]any{"title": fmt.Sprint(i)}))
	}
	for i := range edits {
		ev := <-events
		if ev.FromVersion != i+1 || len(ev.Ops) != 1 || ev.Ops[0].Patch["title"] != fmt.Sprint(i) {
			t.Fatalf("edit %d: %+v", i, ev)
		}
	}
	for i := range 450 {
		k.Edit(home, testkit.SetProps("root", map[string]any{"title": fmt.Sprint("more ", i)}))
	}
	lateStream, err := k.Delivery.WatchDraft(testkit.Context(t), home.ID, &since)
	if err != nil {
		t.Fatal(err)
	}
	late := testkit.Events(lateStream)
	if ev := <-late; ev.Err == nil || !strings.Contains(ev.Err.Error(), "behind") {
		t.Errorf("a lagging reader: %+v", ev)
	}
	if _, open := <-late; open {
		t.Error("the stream went on")
	}
}

func TestSnapshotIDs(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", ""))
	k.Screen("app", "product", "/p/:handle")
	k.Publish("app", "first")
	path := "/p/la%20mp"
	got, _, err := k.Delivery.Screen(testkit.Context(t), delivery.At{Path: &path}, delivery.Context{Frontend: "app", Environment: "production"})
	if err != nil || got.Params["handle"] != "la mp" {
		t.Fatalf("%+v %v", got, err)
	}
	again, err := k.Delivery.Snapshot(testkit.Context(t), got.ID)
	if err != nil || again == nil || again.ContentHash != got.ContentHash || again.Params["handle"] != "la mp" {
		t.Errorf("node: %+v %v", again, err)
	}
	for _, id := range []string{"snp_", "snp_!!", got.ID[:len(got.ID)-4], got.ID + "A", "scr_x", strings.ToUpper(got.ID)} {
		if s, err := k.Delivery.Snapshot(testkit.Context(t), id); s != nil || err != nil {
			t.Errorf("%s: %+v %v", id, s, err)
		}
	}
	draft, _, err := k.Delivery.Screen(testkit.Context(t), delivery.At{Path: &path}, delivery.Context{Frontend: "app", Environment: "production", Draft: true})
	if err != nil || draft.ID == got.ID {
		t.Fatalf("%+v %v", draft, err)
	}
	if s, err := k.Delivery.Snapshot(testkit.Context(t), draft.ID); s != nil || err != nil {
		t.Errorf("a draft's id: %+v %v", s, err)
	}
}

// Who asks right after a publish how it reached open streams gets the whole figure.
func TestReachedCountsStreams(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	home := k.Screen("app", "home", "/")
	k.Publish("app", "first")
	const streams = 3
	for range streams {
		eventsStream, err := k.Delivery.WatchRelease(testkit.Context(t), "app", "production", nil)
		if err != nil {
			t.Fatal(err)
		}
		events := testkit.Events(eventsStream)
		go func() {
			for ev := range events {
				ev.Written()
			}
		}()
	}
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "x"}))
	published := k.Publish("app", "second")
	for range 20 { // the streams subscribe by themselves: the first publish may be before that
		if got, ok := k.Delivery.Reached(testkit.Context(t), published.Activation.ID); ok && got.Streams == streams && got.Last > 0 {
			return
		}
		k.Edit(home, testkit.SetProps("root", map[string]any{"title": fmt.Sprint(published.Release.Number)}))
		published = k.Publish("app", "again")
	}
	t.Error("the streams were never counted")
}

// A pinned context sees one state of what is live, whatever is published meanwhile.
func TestPinnedReadsAreOfOneRelease(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`))
	home := k.Screen("app", "home", "/")
	k.Publish("app", "first")
	path := "/"
	number := func(ctx context.Context) int {
		s, _, err := k.Delivery.Screen(ctx, delivery.At{Path: &path}, delivery.Context{Frontend: "app", Environment: "production"})
		if err != nil {
			t.Fatal(err)
		}
		return s.Release.Number
	}
	pinned := delivery.Pin(testkit.Context(t))
	before := number(pinned)
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "x"}))
	k.Publish("app", "second")
	if after := number(pinned); before != 1 || after != 1 || number(testkit.Context(t)) != 2 {
		t.Errorf("pinned at %d, then %d; others see %d", before, after, number(testkit.Context(t)))
	}
}

// What an unknown manifest gets has another id than what it gets once it is registered.
func TestUnknownManifestsHaveTheirOwnID(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", ""))
	k.Screen("app", "home", "/")
	k.Publish("app", "first")
	path := "/"
	unknown := "sha256:" + strings.Repeat("0", 64)
	ask := func(manifest *string) *delivery.Snapshot {
		s, _, err := k.Delivery.Screen(testkit.Context(t), delivery.At{Path: &path}, delivery.Context{Frontend: "app", Environment: "production", Manifest: manifest})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	known := k.Register("app", "base", testkit.Component("page", "1.0", ""))
	ids := map[string]bool{ask(nil).ID: true, ask(&unknown).ID: true, ask(&known).ID: true}
	if len(ids) != 3 {
		t.Errorf("%d ids for three variants", len(ids))
	}
	for id := range ids {
		if s, err := k.Delivery.Snapshot(testkit.Context(t), id); err != nil || s == nil || s.ID != id {
			t.Errorf("node(%s): %+v %v", id, s, err)
		}
	}
}
