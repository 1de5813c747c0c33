package document

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	entbuild "sonata.ai/sonata/ent/build"
	"sonata.ai/sonata/ent/documentusage"
	"sonata.ai/sonata/ent/trusteddocument"
	"sonata.ai/sonata/ent/unknowndocument"
	"sonata.ai/sonata/internal/store"
)

// counters is what ran since it was last written. What callers can make up is bounded.
type counters struct {
	mu      sync.Mutex
	used    map[use]*tally
	last    map[string]time.Time // by id of the document
	unknown map[stranger]*sighting
	known   map[string]int   // entries of unknown, by frontend
	from    map[stranger]int // entries of unknown, by frontend and address (in hash) of callers that are not known
}

type use struct {
	document, frontend, build string
	bucket                    int
}

type tally struct{ calls, errors int64 }

// stranger is a document that is not registered.
type stranger struct{ frontend, hash string }

type sighting struct {
	name, source string
	calls        int64
	first, last  time.Time
}

// The bounds of what is counted.
const (
	maxUses       = 20_000 // entries between two times of writing; builds are not told apart beyond
	maxBuildName  = 100    // bytes of a build's name
	maxUnknown    = 1000   // documents of each frontend that are kept
	unknownFor    = 30 * 24 * time.Hour
	flushEvery    = 3 * time.Second
	flushWithin   = 2 * time.Second // at the end of the process
	atOnce        = 200             // rows of one statement: a database takes only so many parameters
	sweepEvery    = time.Hour
	maxNewUnknown = 100 // of each frontend between two times of writing: strangers can make up any number
	maxFromOne    = 10  // of those from one address
)

func newCounters() *counters {
	return &counters{used: map[use]*tally{}, last: map[string]time.Time{}, unknown: map[stranger]*sighting{}, known: map[string]int{}, from: map[stranger]int{}}
}

func (c *counters) ran(t *Trusted, build string, bucket int, failed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := use{document: t.ID, frontend: t.Frontend, build: build, bucket: bucket}
	got := c.used[key]
	if got == nil {
		if len(key.build) > maxBuildName || len(c.used) >= maxUses {
			key.build = ""
		}
		if got = c.used[key]; got == nil {
			got = &tally{}
			c.used[key] = got
		}
	}
	got.calls++
	if failed {
		got.errors++
	}
	c.last[t.ID] = time.Now().UTC()
}

// seen counts a document that is not registered, sent from an address; "" for callers that are known.
func (c *counters) seen(frontend, address, hash, name, source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := stranger{frontend, hash}
	got := c.unknown[key]
	if got == nil {
		from := stranger{frontend, address}
		if c.known[frontend] >= maxNewUnknown || address != "" && c.from[from] >= maxFromOne {
			return
		}
		c.known[frontend]++
		c.from[from]++
		got = &sighting{name: name, source: source, first: time.Now().UTC()}
		c.unknown[key] = got
	}
	got.calls++
	got.last = time.Now().UTC()
}

func (c *counters) take() *counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := &counters{used: c.used, last: c.last, unknown: c.unknown, known: c.known, from: c.from}
	fresh := newCounters()
	c.used, c.last, c.unknown, c.known, c.from = fresh.used, fresh.last, fresh.unknown, fresh.known, fresh.from
	return taken
}

// giveBack adds what could not be written to what came since.
func (c *counters) giveBack(taken *counters) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, n := range taken.used {
		if got := c.used[key]; got != nil {
			got.calls, got.errors = got.calls+n.calls, got.errors+n.errors
		} else if len(c.used) < maxUses {
			c.used[key] = n
		}
	}
	for id, at := range taken.last {
		if at.After(c.last[id]) {
			c.last[id] = at
		}
	}
	for key, n := range taken.unknown {
		if got := c.unknown[key]; got != nil {
			got.calls += n.calls
		} else if c.known[key.frontend] < maxNewUnknown {
			c.unknown[key] = n
			c.known[key.frontend]++
		}
	}
}

// Ran counts one run of the operation of a request; took below zero is for subscriptions. Documents that are registered
// for nobody are not counted.
func (d *Documents) Ran(ctx context.Context, took time.Duration, failed bool) {
	a := From(ctx)
	if a == nil || a.trusted == nil {
		return
	}
	bucket := noTime
	if took >= 0 {
		bucket = bucketOf(float64(took) / float64(time.Millisecond))
	}
	d.counters.ran(a.trusted, a.Build, bucket, failed)
}

// Run writes the counters every three seconds until ctx ends and once then: a crash loses that much.
func (d *Documents) Run(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	var swept time.Time
	for {
		if now := time.Now(); now.Sub(swept) > sweepEvery {
			swept = now
			if err := d.sweep(ctx, now); err != nil && ctx.Err() == nil {
				onError(err)
			}
		}
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWithin)
			defer cancel()
			if err := d.flush(last); err != nil {
				onError(err)
			}
			return nil
		case <-ticker.C:
			if err := d.flush(ctx); err != nil && ctx.Err() == nil {
				onError(err)
			}
		}
	}
}

// flush writes what was counted, or keeps it for the next time. It records no fact: what clients run is no act of
// authoring.
func (d *Documents) flush(ctx context.Context) error {
	taken := d.counters.take()
	if len(taken.used) == 0 && len(taken.unknown) == 0 {
		return nil
	}
	uses, unknown := &counters{used: taken.used, last: taken.last}, &counters{unknown: taken.unknown}
	errUses := d.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error { return writeUses(ctx, tx, uses) })
	if errUses != nil {
		d.counters.giveBack(uses)
	}
	errUnknown := d.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error { return writeUnknown(ctx, tx, unknown) })
	if errUnknown != nil {
		d.counters.giveBack(unknown)
	}
	return errors.Join(errUses, errUnknown)
}

func writeUses(ctx context.Context, tx *store.Tx, taken *counters) error {
	builds, merged := map[string]map[string]bool{}, map[use]tally{}
	for key, n := range taken.used {
		if key.build != "" {
			names, err := buildsOf(ctx, tx, builds, key.frontend)
			if err != nil {
				return err
			}
			if !names[key.build] {
				key.build = ""
			}
		}
		sum := merged[key]
		merged[key] = tally{sum.calls + n.calls, sum.errors + n.errors}
	}
	creates := make([]*ent.DocumentUsageCreate, 0, len(merged))
	for key, n := range merged {
		creates = append(creates, tx.DocumentUsage.Create().SetDocumentID(key.document).SetBuild(key.build).SetBucket(key.bucket).
			SetCalls(n.calls).SetErrors(n.errors))
	}
	for some := range slices.Chunk(creates, atOnce) {
		err := tx.DocumentUsage.CreateBulk(some...).OnConflict(
			sql.ConflictColumns(documentusage.FieldDocumentID, documentusage.FieldBuild, documentusage.FieldBucket),
			sql.ResolveWith(adding(documentusage.Table, documentusage.FieldCalls, documentusage.FieldErrors)),
		).Exec(ctx)
		if err != nil {
			return fmt.Errorf("write uses of documents: %w", err)
		}
	}
	for id, at := range taken.last {
		if err := tx.TrustedDocument.Update().Where(trusteddocument.ID(id), trusteddocument.Or(trusteddocument.LastUsedAtIsNil(), trusteddocument.LastUsedAtLT(at))).SetLastUsedAt(at).Exec(ctx); err != nil {
			return fmt.Errorf("write last use of a document: %w", err)
		}
	}
	return nil
}

func buildsOf(ctx context.Context, tx *store.Tx, known map[string]map[string]bool, frontendID string) (map[string]bool, error) {
	if names, ok := known[frontendID]; ok {
		return names, nil
	}
	list, err := tx.Build.Query().Where(entbuild.FrontendID(frontendID)).Select(entbuild.FieldName).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read builds: %w", err)
	}
	names := map[string]bool{}
	for _, n := range list {
		names[n] = true
	}
	known[frontendID] = names
	return names, nil
}

// adding is what an insert does to a row that is there.
func adding(table string, columns ...string) func(*sql.UpdateSet) {
	return func(s *sql.UpdateSet) {
		for _, column := range columns {
			s.Set(column, sql.Expr(table+"."+column+" + excluded."+column))
		}
	}
}

// writeUnknown keeps those of each frontend that were sent last: what is made up is sent once, what is in use again. What was registered meanwhile is not unknown.
func writeUnknown(ctx context.Context, tx *store.Tx, taken *counters) error {
	touched := map[string]bool{}
	for key, n := range taken.unknown {
		registered, err := tx.TrustedDocument.Query().
			Where(trusteddocument.FrontendID(key.frontend), trusteddocument.Hash(key.hash), trusteddocument.RetiredAtIsNil()).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for document: %w", err)
		}
		if registered {
			continue
		}
		touched[key.frontend] = true
		err = tx.UnknownDocument.Create().SetFrontendID(key.frontend).SetHash(key.hash).SetName(n.name).SetBody(n.source).
			SetCalls(n.calls).SetCreatedAt(n.first).SetLastSeenAt(n.last).OnConflict(
			sql.ConflictColumns(unknowndocument.FieldFrontendID, unknowndocument.FieldHash),
			sql.ResolveWith(func(s *sql.UpdateSet) {
				adding(unknowndocument.Table, unknowndocument.FieldCalls)(s)
				s.SetExcluded(unknowndocument.FieldLastSeenAt)
			}),
		).Exec(ctx)
		if ent.IsValidationError(err) { // nobody can list what cannot be kept
			continue
		}
		if err != nil {
			return fmt.Errorf("write unknown document: %w", err)
		}
	}
	for frontendID := range touched {
		surplus, err := tx.UnknownDocument.Query().Where(unknowndocument.FrontendID(frontendID)).
			Order(ent.Desc(unknowndocument.FieldLastSeenAt)).Offset(maxUnknown).Limit(2 * maxUnknown).IDs(ctx)
		if err != nil {
			return fmt.Errorf("count unknown documents: %w", err)
		}
		for some := range slices.Chunk(surplus, atOnce) {
			if _, err := tx.UnknownDocument.Delete().Where(unknowndocument.IDIn(some...)).Exec(ctx); err != nil {
				return fmt.Errorf("remove unknown documents: %w", err)
			}
		}
	}
	return nil
}

func (d *Documents) sweep(ctx context.Context, now time.Time) error {
	return d.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.UnknownDocument.Delete().Where(unknowndocument.LastSeenAtLT(now.Add(-unknownFor))).Exec(ctx); err != nil {
			return fmt.Errorf("remove old unknown documents: %w", err)
		}
		return nil
	})
}
