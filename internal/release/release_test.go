package release_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/ent/releaseschedule"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/testkit"
)

// site is a frontend with one screen that was published once.
func site(t *testing.T) (*testkit.Kit, *ent.Screen) {
	t.Helper()
	k := testkit.New(t)
	k.Frontend("app")
	k.Register("app", "base", testkit.Component("page", "1.0", `"title":{"type":"string"}`), testkit.Component("hero", "1.0", `"title":{"type":"string"}`))
	home := k.Screen("app", "home", "/")
	k.Publish("app", "first")
	return k, home
}

func code(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return fmt.Sprint(err)
}

// Of many who publish at once on the same live release, one wins and the others are told what is live.
func TestOnePublisherWins(t *testing.T) {
	k, home := site(t)
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "new"}))
	live := k.Store.Reader(testkit.Context(t)).Release.Query().OnlyX(testkit.Context(t))
	var won, moved atomic.Int64
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			_, err := k.Releases.Publish(testkit.Context(t), release.PublishInput{
				Frontend: "app", Environment: "production", Title: fmt.Sprint(i), Expect: release.Expected{Check: true, Hash: &live.Hash},
			})
			switch {
			case err == nil:
				won.Add(1)
			case code(err) == "LIVE_MOVED":
				moved.Add(1)
				if detail, ok := fault.As(err).Detail.(release.LiveMoved); !ok || detail.Live.Number != 2 {
					t.Errorf("detail %+v", fault.As(err).Detail)
				}
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || moved.Load() != 11 {
		t.Errorf("%d won, %d were told", won.Load(), moved.Load())
	}
}

// However many look at the clock, a schedule goes live once, as whoever made it.
func TestScheduleGoesLiveOnce(t *testing.T) {
	k, home := site(t)
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "later"}))
	at := time.Now().Add(time.Hour)
	made, err := k.Releases.Schedule(testkit.Context(t), release.PublishInput{Frontend: "app", Environment: "production", Title: "later"}, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Releases.ActivateDue(testkit.Context(t), at.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	db := k.Store.Reader(testkit.Context(t))
	scheduled := func() int {
		return db.Activation.Query().Where(activation.KindEQ(activation.KindSCHEDULED)).CountX(testkit.Context(t))
	}
	if scheduled() != 0 {
		t.Error("went live before its time")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := k.Releases.ActivateDue(testkit.Context(t), at.Add(time.Second)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if state := db.ReleaseSchedule.GetX(testkit.Context(t), made.ID).State; state != releaseschedule.StateDONE || scheduled() != 1 {
		t.Errorf("%s after %d activations", state, scheduled())
	}
	if _, err := k.Releases.CancelSchedule(testkit.Context(t), made.ID); err == nil {
		t.Error("cancelled what is live")
	}
}

// What moved meanwhile is not overwritten, and the failure says so.
func TestScheduleDoesNotOverwrite(t *testing.T) {
	k, home := site(t)
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "later"}))
	at := time.Now().Add(time.Hour)
	made, err := k.Releases.Schedule(testkit.Context(t), release.PublishInput{Frontend: "app", Environment: "production", Title: "later"}, at)
	if err != nil {
		t.Fatal(err)
	}
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "now"}))
	now := k.Publish("app", "now")
	if err := k.Releases.ActivateDue(testkit.Context(t), at.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	db := k.Store.Reader(testkit.Context(t))
	row := db.ReleaseSchedule.GetX(testkit.Context(t), made.ID)
	if row.State != releaseschedule.StateFAILED || row.Problem == nil || !strings.Contains(*row.Problem, "release 3 went live") {
		t.Errorf("%s %v", row.State, row.Problem)
	}
	if live := db.Environment.Query().QueryLive().OnlyIDX(testkit.Context(t)); live != now.Release.ID {
		t.Errorf("live is %s", live)
	}
}

func TestPreviewTokens(t *testing.T) {
	k, home := site(t)
	token, p, err := k.Releases.CreatePreview(testkit.Context(t), "app", home.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Releases.OpenPreview(t.Context(), token, p.Expires.Add(-time.Second)); err != nil || got.Screen != home.ID {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := k.Releases.OpenPreview(t.Context(), token, p.Expires); fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "expired") {
		t.Errorf("expired: %v", err)
	}
	for _, hours := range []int{0, -1, 721} {
		if _, _, err := k.Releases.CreatePreview(testkit.Context(t), "app", "", hours); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%d hours: %v", hours, err)
		}
	}
}

// Changes read like sentences.
func TestDiffInWords(t *testing.T) {
	block := func(component, version string, props map[string]any, children ...string) screen.FrozenBlock {
		b := screen.FrozenBlock{Component: component, Version: version, Props: props, Slots: map[string][]string{}}
		if len(children) > 0 {
			b.Slots["children"] = children
		}
		return b
	}
	home := func(path string, blocks map[string]screen.FrozenBlock) screen.Frozen {
		return screen.Frozen{Format: 1, Key: "home", Title: "Home", Path: path, Root: "root", Blocks: blocks}
	}
	text := map[string]any{"title": "a"}
	base := home("/", map[string]screen.FrozenBlock{
		"root": block("page", "1.0", nil, "hero", "a", "b", "c"), "hero": block("hero", "2.0", text),
		"a": block("banner", "1.0", nil), "b": block("banner", "1.0", nil), "c": block("section", "1.0", nil, "inner"),
		"inner": block("banner", "1.0", nil),
	})
	change := func(edit func(b map[string]screen.FrozenBlock)) screen.Frozen {
		blocks := map[string]screen.FrozenBlock{}
		for k, b := range base.Blocks {
			blocks[k] = b
		}
		edit(blocks)
		return home("/", blocks)
	}
	for name, c := range map[string]struct {
		now  screen.Frozen
		want []string
	}{
		"a prop":    {change(func(b map[string]screen.FrozenBlock) { b["hero"] = block("hero", "2.0", map[string]any{"title": "b"}) }), []string{"hero: title changed"}},
		"props":     {change(func(b map[string]screen.FrozenBlock) { b["hero"] = block("hero", "2.0", map[string]any{"image": "x"}) }), []string{"hero: image added", "hero: title removed"}},
		"a version": {change(func(b map[string]screen.FrozenBlock) { b["hero"] = block("hero", "2.1", text) }), []string{"hero: hero 2.1 instead of 2.0"}},
		"a move":    {change(func(b map[string]screen.FrozenBlock) { b["root"] = block("page", "1.0", nil, "c", "hero", "a", "b") }), []string{"c moved from 4 to 1"}},
		"an insert": {change(func(b map[string]screen.FrozenBlock) {
			b["root"] = block("page", "1.0", nil, "x", "hero", "a", "b", "c")
			b["x"] = block("countdown", "1.0", nil)
		}), []string{"x added (countdown)"}},
		"a removal": {change(func(b map[string]screen.FrozenBlock) {
			b["root"] = block("page", "1.0", nil, "a", "b", "c")
			delete(b, "hero")
		}), []string{"hero removed"}},
		"another parent": {change(func(b map[string]screen.FrozenBlock) {
			b["root"] = block("page", "1.0", nil, "hero", "a", "c")
			b["c"] = block("section", "1.0", nil, "inner", "b")
		}), []string{"b moved from root to c"}},
		"a path": {home("/start", base.Blocks), []string{"path changed from / to /start"}},
	} {
		got, err := release.Diff(&release.Content{Screens: map[string]screen.Frozen{"home": base}}, release.Content{Screens: map[string]screen.Frozen{"home": c.now}})
		if err != nil || len(got) != 1 || !slices.Equal(got[0].Summary, c.want) {
			t.Errorf("%s: %+v %v, want %v", name, got, err, c.want)
		}
	}
}

// Equal content is an equal hash, whatever order things were made in; A, B, A makes three releases.
func TestReleaseHashes(t *testing.T) {
	k, home := site(t)
	first := k.Store.Reader(testkit.Context(t)).Release.Query().OnlyX(testkit.Context(t))
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": "b"}))
	second := k.Publish("app", "b").Release
	if _, err := k.Releases.Publish(testkit.Context(t), release.PublishInput{Frontend: "app", Environment: "production", Title: "again"}); code(err) != "NOTHING_TO_PUBLISH" {
		t.Errorf("the same again: %v", err)
	}
	k.Edit(home, testkit.SetProps("root", map[string]any{"title": nil}))
	third := k.Publish("app", "a").Release
	if third.Hash != first.Hash || third.Number != 3 || second.Hash == first.Hash {
		t.Errorf("%s %s %s", first.Hash, second.Hash, third.Hash)
	}
}
