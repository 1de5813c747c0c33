//go:build postgres

package processestest

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"sonata.ai/sonata/internal/testkit/process"
)

const (
	crowdScreens    = 5
	crowdEditors    = 200
	crowdPublishers = 20
)

// 200 editors and 20 publishers at once, on two processes: no edit is lost, releases and events have no holes, and what
// was acknowledged is there exactly once.
func TestNothingIsLostInACrowd(t *testing.T) {
	edits := number(t, "PROCESS_EDITS", 5)
	f := newFleet(t, process.Build(t))
	f.start()
	f.start()
	screens := f.crowd()
	var editing, publishing sync.WaitGroup
	var accepted, merged atomic.Int64
	values := make([]int, crowdEditors) // acknowledged last
	for n := range crowdEditors {
		editing.Go(func() {
			id, version := screens[n%crowdScreens], 1
			for value := 1; value <= edits; {
				var out struct{ ScreenEdit crowdPayload }
				err := f.ask(t.Context(), f.any(n+value), f.key, `mutation($input: ScreenEditInput!) { screenEdit(input: $input) { screen { version } rebased userErrors { code message } } }`, map[string]any{"input": map[string]any{
					"screen": id, "expectedVersion": version, "ops": []any{map[string]any{"setProps": map[string]any{"key": block(n), "patch": map[string]any{"title": fmt.Sprint(value)}}}},
				}}, &out)
				if err != nil {
					t.Errorf("editor %d: %v", n, err)
					return
				}
				if len(out.ScreenEdit.UserErrors) > 0 {
					t.Errorf("editor %d: an edit of a block of its own was refused: %v", n, out.ScreenEdit.UserErrors)
					return
				}
				if out.ScreenEdit.Rebased {
					merged.Add(1)
				}
				version = out.ScreenEdit.Screen.Version
				values[n] = value
				value++
				accepted.Add(1)
			}
		})
	}
	done := make(chan struct{})
	var mu sync.Mutex
	numbers := map[int64]bool{}
	refused := map[string]int{}
	for n := range crowdPublishers {
		publishing.Go(func() {
			for turn := 0; ; turn++ {
				select {
				case <-done:
					return
				default:
				}
				var out struct{ ReleasePublish payload }
				err := f.ask(t.Context(), f.any(n+turn), f.key, `mutation($input: ReleasePublishInput!) { releasePublish(input: $input) { release { number } userErrors { code message } } }`, map[string]any{"input": map[string]any{
					"frontend": "shop", "environment": "production", "title": fmt.Sprintf("%d of %d", turn, n), "acknowledgeWarnings": true,
				}}, &out)
				mu.Lock()
				switch {
				case err != nil:
					t.Errorf("publisher %d: %v", n, err)
				case len(out.ReleasePublish.UserErrors) > 0:
					refused[out.ReleasePublish.UserErrors[0].Code]++
				case numbers[out.ReleasePublish.Release.Number]:
					t.Errorf("two were told that they made release %d", out.ReleasePublish.Release.Number)
				default:
					numbers[out.ReleasePublish.Release.Number] = true
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	editing.Wait()
	close(done)
	publishing.Wait()
	t.Logf("%d edits, %d of them merged; %d publishes, refused %v", accepted.Load(), merged.Load(), len(numbers), refused)
	for code := range refused {
		if code != "NOTHING_TO_PUBLISH" {
			t.Errorf("a publish was refused with %s", code)
		}
	}
	f.crowdKept(screens, values)
	var releases, highest int
	if err := f.sql().QueryRowContext(t.Context(), "SELECT count(*), max(number) FROM releases").Scan(&releases, &highest); err != nil {
		t.Fatal(err)
	}
	if releases != len(numbers)+1 || highest != releases { // one is the demo's
		t.Errorf("%d releases to number %d, %d were acknowledged", releases, highest, len(numbers)+1)
	}
	f.whole()
	f.noBug()
}

type crowdPayload struct {
	Screen     *struct{ Version int }
	Rebased    bool
	UserErrors []struct{ Code, Message string }
}

func block(n int) string { return fmt.Sprintf("editor-%d", n) }

// crowd makes screens on which every editor has a block.
func (f *fleet) crowd() (screens []string) {
	f.t.Helper()
	for s := range crowdScreens {
		blocks := map[string]any{}
		var children []string
		for n := s; n < crowdEditors; n += crowdScreens {
			children = append(children, block(n))
			blocks[block(n)] = map[string]any{"component": "banner", "major": 1, "props": map[string]any{"title": "0"}, "slots": map[string]any{}}
		}
		blocks["root"] = map[string]any{"component": "page", "major": 1, "props": map[string]any{}, "slots": map[string]any{"children": children}}
		var out struct {
			ScreenCreate struct {
				Screen     *struct{ ID string }
				UserErrors []struct{ Code, Message string }
			}
		}
		err := f.ask(f.t.Context(), f.any(s), f.key, `mutation($input: ScreenCreateInput!) { screenCreate(input: $input) { screen { id } userErrors { code message } } }`, map[string]any{"input": map[string]any{
			"frontend": "shop", "key": fmt.Sprintf("crowd-%d", s), "title": "Crowd", "path": fmt.Sprintf("/crowd/%d", s),
			"body": map[string]any{"format": 1, "root": "root", "blocks": blocks},
		}}, &out)
		if err == nil && len(out.ScreenCreate.UserErrors) > 0 {
			err = errors.New(out.ScreenCreate.UserErrors[0].Message)
		}
		if err != nil {
			f.t.Fatal(err)
		}
		screens = append(screens, out.ScreenCreate.Screen.ID)
	}
	return screens
}

// crowdKept compares every draft with what its editors were told last, and its version with how many edits there were.
func (f *fleet) crowdKept(screens []string, values []int) {
	f.t.Helper()
	for s, id := range screens {
		var stored string
		var version, edits int
		err := f.sql().QueryRowContext(f.t.Context(), "SELECT body, version, (SELECT count(*) FROM screen_edits e WHERE e.screen_id = s.id) FROM screens s WHERE id = $1", id).Scan(&stored, &version, &edits)
		if err != nil {
			f.t.Fatal(err)
		}
		var body struct {
			Blocks map[string]struct{ Props struct{ Title string } }
		}
		if err := json.Unmarshal([]byte(stored), &body); err != nil {
			f.t.Fatal(err)
		}
		all := 0
		for n := s; n < crowdEditors; n += crowdScreens {
			all += values[n]
			if got := body.Blocks[block(n)].Props.Title; got != fmt.Sprint(values[n]) {
				f.t.Errorf("the last edit of %d is lost: %q, want %d", n, got, values[n])
			}
		}
		if version != all+1 || edits != all {
			f.t.Errorf("screen %d has version %d and %d edits, %d were acknowledged", s, version, edits, all)
		}
	}
}
