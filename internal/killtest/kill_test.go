package killtest

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// TestProcess builds the binary once for everything that is said about the process.
func TestProcess(t *testing.T) {
	binary := process.Build(t)
	t.Run("killed under load", func(t *testing.T) { killedUnderLoad(t, binary) })
	t.Run("killed at the first start", func(t *testing.T) { killedAtStart(t, binary) })
	t.Run("asked to stop", func(t *testing.T) { askedToStop(t, binary) })
	t.Run("started wrongly", func(t *testing.T) { startedWrongly(t, binary) })
}

func settings(t *testing.T) (rounds int, seed uint64) {
	t.Helper()
	rounds, seed = 4, uint64(time.Now().UnixNano())
	for name, into := range map[string]func(uint64){
		"KILL_ROUNDS": func(n uint64) { rounds = int(n) },
		"KILL_SEED":   func(n uint64) { seed = n },
	} {
		if value := os.Getenv(name); value != "" {
			n, err := strconv.ParseUint(value, 10, 62)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			into(n)
		}
	}
	t.Logf("KILL_ROUNDS=%d KILL_SEED=%d", rounds, seed)
	return rounds, seed
}

// scheduleTick is how often the server looks for schedules that are due, beginning with its start.
const scheduleTick = 500 * time.Millisecond

// campaign is many rounds of load, kill, look and restart on one database.
type campaign struct {
	binary, database string
	rng              *rand.Rand
	seed             uint64
	journal          *journal
	mirror           *mirror // nil for a file
	checker          *checker
	first            map[string]draft // to replay everything from
	screens          []target
	placed           map[string]bool
	live             []string
	starts           []time.Duration
	began            int // position in the journal where the round began
}

func killedUnderLoad(t *testing.T, binary string) {
	rounds, seed := settings(t)
	j := &journal{run: strconv.FormatUint(seed, 36)}
	c := &campaign{
		binary: binary, database: database(t), rng: rand.New(rand.NewPCG(seed, 0)), seed: seed,
		journal: j, placed: map[string]bool{},
	}
	s := process.Start(t, binary, c.database)
	t.Logf("empty database: ready after %s", s.Ready.Round(time.Millisecond))
	c.mirror = newMirror(t, c.database)
	c.checker = newChecker(j, c.mirror, nil)
	c.prepare(t, s)
	for round := range rounds {
		c.load(t, s, round)
		c.noRace(t, s)
		c.checker.check(t, c.database)
		if t.Failed() {
			t.Fatalf("round %d of %d, seed %d; the server said:\n%s", round+1, rounds, seed, s.Stderr())
		}
		for c.rng.IntN(3) == 0 { // once more, while it starts and what is overdue goes live
			again, _ := process.Launch(t, binary, c.database)
			time.Sleep(time.Duration(5+c.rng.IntN(60)) * time.Millisecond)
			again.Kill()
			c.noRace(t, again)
			c.checker.check(t, c.database)
		}
		s = process.Start(t, binary, c.database)
		c.starts = append(c.starts, s.Ready)
		c.settle(t, s)
		c.repeat(t, s)
		c.readPlaced(t)
	}
	time.Sleep(scheduleTick) // the last schedules come due
	c.settle(t, s)
	s.Stop(t)
	c.noRace(t, s)
	newChecker(j, c.mirror, c.first).check(t, c.database)
	c.summarize(t)
}

// prepare adds what the demo does not have, and reads what the load writes to.
func (c *campaign) prepare(t *testing.T, s *process.Server) {
	t.Helper()
	do(t, s, `mutation { environmentCreate(input: {frontend: "shop", key: "calm"}) { userErrors { message } } }`, nil, &struct{}{})
	do(t, s, `mutation { screenCreate(input: {frontend: "shop", key: "extra", title: "Extra"}) { userErrors { message } } }`, nil, &struct{}{})
	var data struct {
		Frontend struct {
			Screens struct {
				Edges []struct{ Node struct{ ID, Key string } }
			}
		}
	}
	do(t, s, `{ frontend(slug: "shop") { screens { edges { node { id key } } } } }`, nil, &data)
	blocks := map[string]map[string]string{
		"home": {
			"hero": "title", "promises": "title", "grid": "title", "story": "title", "story-text": "title", "drop": "title",
			"voices": "title", "questions": "title", "letter": "title", "voice-ida": "quote", "voice-mei": "author",
		},
		"product": {"product": "title", "care": "title", "care-text": "title", "promises": "title", "more": "title"},
		"footer":  {"root": "tagline"},
	}
	for _, e := range data.Frontend.Screens.Edges {
		at := target{id: e.Node.ID, root: e.Node.Key != "footer", blocks: blocks[e.Node.Key]}
		if at.blocks == nil { // the empty page: a block of their own for everybody
			at.blocks = map[string]string{}
			var ops []any
			for n := range editors {
				key := fmt.Sprintf("own-%02d", n)
				at.blocks[key] = "title"
				ops = append(ops, map[string]any{"insert": map[string]any{"key": key, "parent": "root", "component": "banner", "props": map[string]any{"title": "x"}}})
			}
			do(t, s, editDocument, map[string]any{"input": map[string]any{"screen": e.Node.ID, "expectedVersion": 1, "ops": ops}}, &struct{}{})
		}
		c.screens = append(c.screens, at)
	}
	c.checker.begin(t, c.database)
	c.first = maps.Clone(c.checker.drafts)
}

func do(t *testing.T, s *process.Server, document string, variables map[string]any, data any) {
	t.Helper()
	if err := s.Do(t.Context(), document, variables, data); err != nil {
		t.Fatalf("%v\n%s", err, s.Stderr())
	}
}

// load lets everybody work for a moment and kills the process in the middle of it.
func (c *campaign) load(t *testing.T, s *process.Server, round int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	lasts := time.Duration(50+c.rng.IntN(350)) * time.Millisecond
	if c.rng.IntN(3) == 0 { // die while schedules go live
		for lasts = time.Until(s.Began); lasts < 50*time.Millisecond; lasts += scheduleTick {
		}
		lasts += time.Duration(c.rng.IntN(100)) * time.Millisecond
	}
	l := &load{
		server: s, journal: c.journal, screens: c.screens, placed: c.placed, live: c.live,
		killAt: time.Now().Add(lasts), seed: c.seed, round: round,
	}
	c.began = len(c.journal.attempts)
	ended := make(chan error, 1)
	go func() { ended <- l.run(ctx) }()
	time.Sleep(lasts)
	s.Kill()
	cancel() // after the kill: what the process answered before still counts
	if err := <-ended; err != nil {
		t.Errorf("round %d: %v", round+1, err)
	}
	c.live = l.live
}

// readPlaced looks which banners are there: an unanswered edit may have placed or removed one.
func (c *campaign) readPlaced(t *testing.T) {
	t.Helper()
	db := c.open(t)
	defer db.Close()
	clear(c.placed)
	reader{t, db}.each("SELECT s.id || ' ' || b.key FROM screens s, json_each(s.body, '$.blocks') b WHERE b.key LIKE 'banner-%'", func(scan func(...any)) {
		var name string
		scan(&name)
		c.placed[name] = true
	})
}

// open opens what is stored now.
func (c *campaign) open(t *testing.T) *sql.DB {
	t.Helper()
	if c.mirror != nil {
		return open(t, c.mirror.read(t))
	}
	return open(t, c.database)
}

// settle waits until everything that is due went live, and compares what is served with what is stored.
func (c *campaign) settle(t *testing.T, s *process.Server) {
	t.Helper()
	db := c.open(t)
	defer db.Close()
	r, by := reader{t, db}, time.Now()
	deadline := time.Now().Add(10 * time.Second)
	for r.overdue(by) > 0 || !c.serves(t, s, r) {
		if time.Now().After(deadline) {
			t.Fatalf("%d schedules are overdue, or something else is served than is stored:\n%s", r.overdue(by), s.Stderr())
		}
		time.Sleep(20 * time.Millisecond)
		if c.mirror != nil {
			c.mirror.read(t)
		}
	}
}

func (c *campaign) serves(t *testing.T, s *process.Server, r reader) bool {
	t.Helper()
	same := true
	r.each("SELECT e.key, coalesce(e.live_id, '') FROM environments e", func(scan func(...any)) {
		var key, live string
		scan(&key, &live)
		var data struct {
			Screen *struct{ Release struct{ ID string } }
		}
		do(t, s, `query($e: String!) { screen(at: {key: "home"}, context: {frontend: "shop", environment: $e}) { release { id } } }`, map[string]any{"e": key}, &data)
		if data.Screen == nil {
			same = same && live == ""
			return
		}
		same = same && data.Screen.Release.ID == live
	})
	return same
}

// repeat sends acknowledged and unanswered requests again, with their keys: the first answer the same, the others
// happen once at most.
func (c *campaign) repeat(t *testing.T, s *process.Server) {
	t.Helper()
	var again []*attempt
	for _, a := range c.journal.last() {
		again = append(again, a)
	}
	for _, a := range c.journal.since(c.began) {
		if a.outcome == unknown {
			again = append(again, a)
		}
	}
	for _, a := range again {
		code, _, err := a.send(t.Context(), s)
		if a.mutation == "releasePromote" && code == "INVALID" {
			continue // nothing was live in staging
		}
		if err != nil {
			t.Errorf("repeated after the restart: %v", err)
		}
		if a.outcome == unknown {
			t.Errorf("repeated after the restart: no answer to %s", a)
		}
	}
	c.checker.again = again
}

func (c *campaign) noRace(t *testing.T, s *process.Server) {
	t.Helper()
	for _, word := range []string{"DATA RACE", "panic", "level=ERROR", "goroutine "} {
		if strings.Contains(s.Stderr(), word) {
			t.Errorf("the server said %q:\n%s", word, s.Stderr())
		}
	}
}

func (c *campaign) summarize(t *testing.T) {
	t.Helper()
	count := map[string]int{}
	for _, a := range c.journal.attempts {
		count[a.mutation+" "+a.outcome.String()]++
	}
	var lines []string
	for what, n := range count {
		lines = append(lines, fmt.Sprintf("%s %d", what, n))
	}
	slices.Sort(lines)
	slices.Sort(c.starts)
	db := c.open(t)
	defer db.Close()
	var states []string
	reader{t, db}.each("SELECT state || ' ' || count(*) FROM release_schedules GROUP BY state", func(scan func(...any)) {
		var line string
		scan(&line)
		states = append(states, line)
	})
	t.Logf("%s; %d unanswered at a kill, of which %d had happened", strings.Join(lines, ", "),
		c.checker.unanswered[false]+c.checker.unanswered[true], c.checker.unanswered[true])
	t.Logf("schedules: %s", strings.Join(states, ", "))
	t.Logf("restart after a kill: median %s, slowest %s of %d", c.starts[len(c.starts)/2].Round(time.Millisecond),
		c.starts[len(c.starts)-1].Round(time.Millisecond), len(c.starts))
}

// killedAtStart kills the process while it makes its database and seeds it, and starts it again on what is left.
func killedAtStart(t *testing.T, binary string) {
	rounds, seed := settings(t)
	rng := rand.New(rand.NewPCG(seed, 1))
	for range rounds {
		database := database(t)
		s, _ := process.Launch(t, binary, database)
		time.Sleep(time.Duration(rng.IntN(150)) * time.Millisecond)
		s.Kill()
		s = process.Start(t, binary, database)
		var data struct {
			Frontends struct{ TotalCount int }
			Screen    *struct{ Blocks []struct{ Key string } }
		}
		do(t, s, `{ frontends { totalCount } screen(at: {path: "/"}, context: {frontend: "shop"}) { blocks { key } } }`, nil, &data)
		if data.Frontends.TotalCount != 1 || data.Screen == nil || len(data.Screen.Blocks) < 10 {
			t.Errorf("half a demo: %+v", data)
		}
		s.Kill()
		m := newMirror(t, database)
		if m != nil {
			m.settle(t)
		}
		c := newChecker(&journal{}, m, nil)
		c.begin(t, database)
		c.check(t, database)
	}
}
