package killtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// editors is how many people edit at once.
const editors = 20

// The environments of the load. Nobody publishes to the calm one, so its schedules find it as they left it.
const (
	production = "production"
	staging    = "staging"
	calm       = "calm"
)

// target is a screen with the blocks that can be written to, and the prop that takes any text.
type target struct {
	id     string
	root   bool // takes banners below its root
	blocks map[string]string
}

// load is one round of people at work.
type load struct {
	server  *process.Server
	journal *journal
	screens []target
	placed  map[string]bool // screen id and block key of the banners that are there
	killAt  time.Time
	seed    uint64
	round   int

	mu   sync.Mutex
	errs []error
	live []string // releases that were live in production, to roll back to
}

// run keeps everybody busy until ctx ends and returns what nobody should have seen.
func (l *load) run(ctx context.Context) error {
	var group sync.WaitGroup
	start := func(n int, work func(context.Context, *rand.Rand) error) {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(l.seed, uint64(l.round*1000+n)))
			for ctx.Err() == nil {
				if err := work(ctx, rng); err != nil {
					l.mu.Lock()
					l.errs = append(l.errs, err)
					l.mu.Unlock()
					return
				}
			}
		})
	}
	for n := range editors {
		e := &editor{load: l, n: n, versions: map[string]int{}}
		start(n, e.edit)
	}
	start(editors, l.publish)
	start(editors+1, l.schedule)
	group.Wait()
	return errors.Join(l.errs...)
}

// editor is one person who edits drafts.
type editor struct {
	*load
	n        int
	versions map[string]int // of the screens, as last read
}

// edit sends one edit of one to three ops. The version is the one that this editor saw last, so edits of others are
// merged over; a conflict makes the editor read again.
func (e *editor) edit(ctx context.Context, rng *rand.Rand) error {
	at := e.screens[rng.IntN(len(e.screens))]
	if rng.IntN(2) == 0 { // half of the edits are made on what was just read
		delete(e.versions, at.id)
	}
	if e.versions[at.id] == 0 {
		version, err := readVersion(ctx, e.server, at.id)
		if err != nil || version == 0 {
			return err
		}
		e.versions[at.id] = version
	}
	a := e.journal.begin("screenEdit")
	ops, after := e.ops(rng, at, a.marker)
	a.input = map[string]any{"screen": at.id, "expectedVersion": e.versions[at.id], "ops": ops}
	_, _, err := a.send(ctx, e.server)
	switch a.outcome {
	case done:
		e.versions[at.id] = a.version
		after()
	case refused:
		delete(e.versions, at.id)
	}
	return err
}

// ops returns what to send and what to remember once it is acknowledged.
func (e *editor) ops(rng *rand.Rand, at target, marker string) (ops []any, after func()) {
	keys := slices.Sorted(maps.Keys(at.blocks))
	for range 1 + rng.IntN(2) {
		key := keys[e.n%len(keys)]
		if rng.IntN(3) == 0 { // else people keep to their own block, or hardly any edit would go through
			key = keys[rng.IntN(len(keys))]
		}
		ops = append(ops, map[string]any{"setProps": map[string]any{"key": key, "patch": map[string]any{at.blocks[key]: marker}}})
	}
	if !at.root || rng.IntN(3) > 0 {
		return ops, func() {}
	}
	key := fmt.Sprintf("banner-%d", e.n)
	name := at.id + " " + key
	e.mu.Lock()
	there := e.placed[name]
	e.mu.Unlock()
	if there {
		ops = append(ops, map[string]any{"remove": map[string]any{"key": key}})
	} else {
		ops = append(ops, map[string]any{"insert": map[string]any{
			"key": key, "parent": "root", "component": "banner", "index": rng.IntN(10), "props": map[string]any{"title": marker},
		}})
	}
	return ops, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.placed[name] = !there
	}
}

func readVersion(ctx context.Context, s *process.Server, id string) (int, error) {
	var data struct{ Node *struct{ Version int } }
	err := s.Do(ctx, `query($id: ID!) { node(id: $id) { ... on Screen { version } } }`, map[string]any{"id": id}, &data)
	if errors.Is(err, process.ErrNoAnswer) {
		return 0, nil
	}
	if err != nil || data.Node == nil {
		return 0, fmt.Errorf("read screen %s: %w", id, err)
	}
	return data.Node.Version, nil
}

// publish moves one environment's pointer, in one of the ways there are.
func (l *load) publish(ctx context.Context, rng *rand.Rand) error {
	a := &attempt{}
	switch n := rng.IntN(10); {
	case n < 6:
		a = l.journal.begin("releasePublish")
		a.input = map[string]any{"title": a.marker, "acknowledgeWarnings": true, "environment": production}
		if n == 0 {
			a.input["screens"] = []string{"home"}
		}
		if n > 3 {
			a.input["environment"] = staging
		}
	case n < 8 && len(l.live) > 0:
		a = l.journal.begin("releaseRollBack")
		a.input = map[string]any{"environment": production, "toRelease": l.live[rng.IntN(len(l.live))], "reason": a.marker}
	default:
		a = l.journal.begin("releasePromote")
		a.marker = ""
		a.input = map[string]any{"from": staging, "to": production}
		if n == 9 {
			a.input = map[string]any{"from": production, "to": staging}
		}
	}
	a.input["frontend"] = "shop"
	code, made, err := a.send(ctx, l.server)
	if a.mutation == "releasePromote" && code == "INVALID" {
		err = nil // nothing is live in staging yet
	}
	if made != "" && (a.input["environment"] == production || a.input["to"] == production) {
		l.live = append(l.live, made)
	}
	time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
	return err
}

// schedule lets a release go live soon: while the load runs, or when the process will be dead.
func (l *load) schedule(ctx context.Context, rng *rand.Rand) error {
	a := l.journal.begin("releaseSchedule")
	at := time.Now().Add(time.Duration(60+rng.IntN(400)) * time.Millisecond)
	if rng.IntN(2) == 0 {
		at = l.killAt.Add(time.Duration(rng.IntN(250)-100) * time.Millisecond)
	}
	a.input = map[string]any{
		"frontend": "shop", "environment": []string{production, staging, calm}[rng.IntN(3)], "title": a.marker,
		"acknowledgeWarnings": true, "at": at.UTC().Format(time.RFC3339Nano),
	}
	_, _, err := a.send(ctx, l.server)
	time.Sleep(time.Duration(30+rng.IntN(60)) * time.Millisecond)
	return err
}
