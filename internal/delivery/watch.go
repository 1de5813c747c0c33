package delivery

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/release"
)

// initial is the kind of a stream's first event.
const initial = "INITIAL"

// ReleaseEvent says that another release is live.
type ReleaseEvent struct {
	Kind            string
	Sequence        int
	Cursor          string
	Release         *ReleaseRef
	Previous        *ReleaseRef
	Changed         []string
	RefetchWithinMs int
	Err             error  // the last thing a stream says, when it cannot go on
	Written         func() // to be called once the event is on the wire
}

// ScreenEvent says that a screen looks different.
type ScreenEvent struct {
	Cause    string
	Snapshot *Snapshot
	Warnings []Warning
	Err      error  // the last thing a stream says, when it cannot go on
	Written  func() // to be called once the event is on the wire
}

// Frontends spread their refetches over this many milliseconds per open stream, and over ten seconds at most.
const (
	spreadPerStream = 2
	spreadAtMost    = 10_000
)

// spread is within how many milliseconds to refetch. It is rounded up, by a sixteenth at most, so that those who come one
// after the other, after a break for instance, are told the same, which is worked out once.
func spread(streams int) int {
	ms := spreadPerStream * streams
	step := max(1, 1<<bits.Len(uint(ms))>>5)
	return min(spreadAtMost, (ms+step-1)/step*step)
}

// WatchRelease is the stream of which release is live. It subscribes first, sends the present state, then each later
// one; a slow reader sees fewer. It ends with Forbidden once the reader may not read the environment any more, and with
// ctx. Faults: NotFound, Invalid.
func (d *Delivery) WatchRelease(ctx context.Context, ref, environment string, since *string) (*event.Stream[ReleaseEvent], error) {
	f, e, err := d.environment(ctx, ref, environment)
	if err != nil {
		return nil, err
	}
	s := releaseStream{d: d, connection: connectionOf(ctx), frontend: f.row.ID, environment: environment, topic: environmentTopic(e.row.ID)}
	if since != nil {
		if err := s.resume(ctx, e, *since); err != nil {
			return nil, err
		}
	}
	return event.NewStream(ctx, d.broker.Subscribe(s.topic, accessTopic(f.row.ID)), s.next), nil
}

// releaseStream remembers what one stream was sent last.
type releaseStream struct {
	d                            *Delivery
	connection                   *connection
	frontend, environment, topic string
	begun                        bool // by an event or a cursor
	ended                        bool
	last                         *release.View
	sequence                     int
}

// resume takes up where a cursor left off. It may be of an activation that only another process has heard of yet: what
// is older is not sent then. One of none (a restored backup) counts as no cursor.
func (s *releaseStream) resume(ctx context.Context, e *liveEnvironment, cursor string) error {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	of, number, ok := strings.Cut(string(raw), " ")
	sequence, errNumber := strconv.Atoi(number)
	if err != nil || !ok || errNumber != nil || of != e.row.ID {
		return fault.Invalidf("since is not a cursor of this stream: pass the cursor of the last event, or leave it out").At("since")
	}
	if sequence == e.row.Sequence && e.view != nil {
		s.last, s.sequence, s.begun = e.view, sequence, true
		return nil
	}
	then, err := s.d.store.Reader(ctx).Activation.Query().
		Where(activation.EnvironmentID(e.row.ID), activation.Sequence(sequence)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read activation: %w", err)
	}
	if s.last, err = s.d.releases.View(ctx, then.ReleaseID); err != nil {
		return err
	}
	s.sequence, s.begun = sequence, true
	return nil
}

// next returns the event that brings the reader from what it was sent last to now.
func (s *releaseStream) next(ctx context.Context) (ev ReleaseEvent, state event.State) {
	if s.ended {
		return ev, event.End
	}
	_, e, err := s.d.environmentIn(ctx, s.d.index.Load(), s.frontend, s.environment)
	if fault.KindOf(err) == fault.NotFound { // it was there when the stream began
		err = closed()
	}
	if err != nil {
		s.ended = true
		return ReleaseEvent{Err: err, Written: func() {}}, event.More
	}
	if e.view == nil || e.row.Sequence <= s.sequence {
		return ev, event.Nothing
	}
	n := e.newsSince(s.last)
	ev = ReleaseEvent{
		Kind: e.kind, Sequence: e.row.Sequence, Release: n.to, Previous: n.from, Cursor: n.cursor, Changed: n.changed,
		RefetchWithinMs: spread(s.d.broker.Count(s.topic)),
		Written:         s.d.written(s.connection, e),
	}
	if !s.begun {
		ev.Kind, ev.Written = initial, func() {}
	}
	s.last, s.sequence, s.begun = e.view, e.row.Sequence, true
	return ev, event.One
}

// news is what an activation changed for who was sent a certain release last. Nobody changes it.
type news struct {
	last     *release.View
	from, to *ReleaseRef
	cursor   string
	changed  []string
}

// newsSince returns what an activation changed since a release. Nearly all streams were sent the same one last, so what was
// worked out for the stream before is worked out.
func (e *liveEnvironment) newsSince(last *release.View) *news {
	if n := e.news.Load(); n != nil && n.last == last {
		return n
	}
	n := &news{
		last: last, from: refOf(last), to: refOf(e.view), changed: release.ChangedScreens(last, e.view),
		cursor: base64.RawURLEncoding.EncodeToString([]byte(e.row.ID + " " + strconv.Itoa(e.row.Sequence))),
	}
	e.news.Store(n)
	return n
}

// WatchScreen is the stream of one screen's picture: the snapshot at once unless it has the hash that the reader
// names, then again whenever its content hash changed. It ends with Forbidden once the reader may not read where it
// comes from any more. Faults as for Screen.
func (d *Delivery) WatchScreen(ctx context.Context, at At, c Context, since *string) (*event.Stream[ScreenEvent], error) {
	f, e, src, err := d.source(ctx, c)
	if err != nil {
		return nil, err
	}
	s := screenStream{d: d, connection: connectionOf(ctx), at: at, c: c, since: since}
	topics := []string{accessTopic(f.row.ID), dataTopic}
	switch {
	case c.Draft || c.PreviewToken != nil:
		s.draft, topics = true, append(topics, draftsTopic(f.row.ID), previewsTopic)
	case c.Release != nil:
		topics = append(topics, pinnedTopic(f.row.ID))
	default:
		topics = append(topics, environmentTopic(e.row.ID))
	}
	sub := d.broker.Subscribe(topics...)
	s.sub = sub
	if c.PreviewToken != nil { // the stream completes with its link
		var end context.CancelFunc
		ctx, end = context.WithDeadline(ctx, src.ends)
		context.AfterFunc(ctx, end)
	}
	return event.NewStream(ctx, sub, s.next), nil
}

// screenStream remembers what one stream was sent last.
type screenStream struct {
	d          *Delivery
	connection *connection
	at         At
	c          Context
	since      *string
	draft      bool
	begun      bool
	ended      bool
	last       string // content hash; "" when there was no screen

	missing bool // the last picture lacked data
	picture string
	sub     *event.Subscription
	heard   int64         // how often data was back when it was filled
	tried   time.Time     // when it was filled
	wait    time.Duration // before it is filled again
	timer   *time.Timer
}

func (s *screenStream) next(ctx context.Context) (ev ScreenEvent, state event.State) {
	if s.ended {
		return ev, event.End
	}
	e := s.live()
	src, snapshot, r, warnings, err := s.read(ctx)
	if fault.KindOf(err) == fault.NotFound { // it was there when the stream began
		err = closed()
	}
	if err != nil {
		s.ended = true
		return ScreenEvent{Err: err, Written: func() {}}, event.More
	}
	hash := ""
	if snapshot != nil {
		hash = snapshot.ContentHash
	}
	resumed := !s.begun && s.since != nil && *s.since == hash
	if resumed && (r == nil || len(r.bound) == 0) { // what data was shown beside it, nobody knows
		s.begun, s.last = true, hash
	}
	same := s.begun && hash == s.last
	if same && !s.triesAgain() {
		return ev, event.Nothing
	}
	if snapshot != nil {
		if snapshot, warnings, err = s.d.filled(ctx, src, snapshot, r, warnings); err != nil {
			s.ended = true
			return ScreenEvent{Err: err, Written: func() {}}, event.More
		}
	}
	picture := pictureOf(snapshot)
	s.filled(missesData(snapshot, warnings))
	if same && picture == s.picture {
		return ev, event.Nothing
	}
	ev = ScreenEvent{Cause: initial, Snapshot: snapshot, Warnings: warnings, Written: func() {}}
	if !same && !resumed && !s.draft && e != nil && (s.begun || s.since != nil) {
		ev.Cause = e.kind
		ev.Written = s.d.written(s.connection, e)
	}
	s.begun, s.last, s.picture = true, hash, picture
	return ev, event.One
}

// How long a picture that lacks data waits before it is tried again by itself; a service that is back is a reason to try again
// after an eighth of that, and a second at least: one that comes and goes must not be asked in a circle.
const (
	retryFirst = time.Second
	retryMost  = 30 * time.Second
	retryEarly = 8
)

// triesAgain reports whether a picture that lacks data is to be filled once more now. If not, it will be asked again.
func (s *screenStream) triesAgain() bool {
	if !s.missing {
		return false
	}
	since := time.Since(s.tried)
	early := max(retryFirst, s.wait/retryEarly)
	if since >= early && (since >= s.wait || s.heard != s.d.back.Load()) {
		return true
	}
	if s.heard != s.d.back.Load() {
		s.wakeAfter(early - since)
	} else {
		s.wakeAfter(s.wait - since)
	}
	return false
}

// filled notes what became of filling a picture.
func (s *screenStream) filled(missing bool) {
	s.heard, s.tried = s.d.back.Load(), time.Now()
	if s.missing = missing; !missing {
		s.wait = 0
		return
	}
	s.wait = min(retryMost, max(retryFirst, 2*s.wait))
	s.wakeAfter(s.wait + rand.N(s.wait/4))
}

// wakeAfter has the stream asked again.
func (s *screenStream) wakeAfter(wait time.Duration) {
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(wait, s.sub.Nudge)
}

// pictureOf is what tells that data made another picture of the same content.
func pictureOf(s *Snapshot) string {
	if s == nil || !s.Data.Bound {
		return ""
	}
	hash, err := contentHash("", "", "", &rendered{root: s.Root, blocks: s.Blocks, degradations: s.Degradations})
	if err != nil {
		return ""
	}
	return hash
}

// read is Screen without data.
func (s *screenStream) read(ctx context.Context) (*source, *Snapshot, *rendered, []Warning, error) {
	f, _, src, err := s.d.source(ctx, s.c)
	noteReading(ctx, s.c, f, src, err)
	if err != nil || src == nil {
		return nil, nil, nil, nil, err
	}
	snapshot, r, warnings, err := s.d.snapshot(ctx, src, s.at, s.c.Manifest)
	return src, snapshot, r, warnings, err
}

// missesData reports whether it is worth to try again when data may be back.
func missesData(s *Snapshot, warnings []Warning) bool {
	if s == nil {
		return len(warnings) > 0
	}
	return s.Data.Missing
}

// live is read before the snapshot: a change in between wakes the stream again.
func (s *screenStream) live() *liveEnvironment {
	f := s.d.index.Load().find(s.c.Frontend)
	if f == nil {
		return nil
	}
	return f.environments[s.c.Environment]
}
