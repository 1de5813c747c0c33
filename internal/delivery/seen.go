package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"sonata.ai/sonata/ent/buildmanifest"
	"sonata.ai/sonata/internal/store"
)

// sightings remembers which manifests clients named, until they are written.
type sightings struct {
	mu      sync.Mutex
	pending map[sighting]time.Time
	written map[sighting]time.Time
}

type sighting struct{ frontend, manifest string }

// A manifest is written as seen at most once an hour: the figure is for days.
const (
	seenEvery  = time.Hour
	flushEvery = time.Minute
)

func newSightings() *sightings {
	return &sightings{pending: map[sighting]time.Time{}, written: map[sighting]time.Time{}}
}

// note is called for every request that names a known manifest; known manifests are few.
func (s *sightings) note(frontend, manifest string) {
	at := sighting{frontend, manifest}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.written[at]) >= seenEvery {
		s.pending[at] = now
	}
}

func (s *sightings) take() map[sighting]time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.pending
	s.pending = map[sighting]time.Time{}
	for at, when := range taken {
		s.written[at] = when
	}
	return taken
}

// giveBack takes what could not be written, for the next time.
func (s *sightings) giveBack(taken map[sighting]time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at, when := range taken {
		delete(s.written, at)
		if _, later := s.pending[at]; !later {
			s.pending[at] = when
		}
	}
}

// RunSightings writes which manifests were seen, until ctx ends and once then.
func (d *Delivery) RunSightings(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			if err := d.writeSightings(last); err != nil {
				onError(err)
			}
			return nil
		case <-ticker.C:
			if err := d.writeSightings(ctx); err != nil {
				onError(err)
			}
		}
	}
}

func (d *Delivery) writeSightings(ctx context.Context) error {
	taken := d.seen.take()
	if len(taken) == 0 {
		return nil
	}
	err := d.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		for at, when := range taken {
			err := tx.BuildManifest.Update().Where(buildmanifest.FrontendID(at.frontend), buildmanifest.Hash(at.manifest),
				buildmanifest.Or(buildmanifest.LastSeenIsNil(), buildmanifest.LastSeenLT(when.UTC()))). // another process may have seen it later
				SetLastSeen(when.UTC()).Exec(ctx)
			if err != nil {
				return fmt.Errorf("write sighting: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		d.seen.giveBack(taken)
	}
	return err
}
