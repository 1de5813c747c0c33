package delivery

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/screenedit"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
)

// DraftEvent is one accepted change of a draft.
type DraftEvent struct {
	FromVersion int
	Screen      *ent.Screen
	Ops         []screen.Op
	Actor       *principal.Actor
	Err         error // the last thing a stream says, when it cannot go on
}

// maxLag is how many edits a reader may be behind before its stream ends.
const maxLag = 500

// WatchDraft is the stream of a screen's edits, for a caller who holds content:read: none is skipped. since is the version that the reader has; nil begins
// with what happens from now on. A reader that is more than 500 edits behind gets an error with the code
// STREAM_LAGGED and the end. Faults: NotFound, Invalid.
func (d *Delivery) WatchDraft(ctx context.Context, screenID string, since *int) (*event.Stream[DraftEvent], error) {
	sub := d.broker.Subscribe(draftTopic(screenID))
	row, err := screen.Get(ctx, d.store.Reader(ctx), screenID, principal.ContentRead)
	if err != nil {
		sub.Close()
		return nil, err
	}
	from := row.Version
	if since != nil {
		from = *since
	}
	if from > row.Version || from < 1 {
		sub.Close()
		return nil, fault.Invalidf("since %d: the screen has version %d", from, row.Version).At("since")
	}
	s := draftStream{d: d, screen: screenID, from: from}
	return event.NewStream(ctx, sub, s.next), nil
}

// draftStream reads edits from the database rather than from a queue: a slow reader costs nothing but its own lag.
type draftStream struct {
	d      *Delivery
	screen string // id
	from   int    // version that the reader has
	read   []DraftEvent
	ended  bool
}

func (s *draftStream) next(ctx context.Context) (ev DraftEvent, state event.State) {
	if s.ended {
		return ev, event.End
	}
	if len(s.read) == 0 {
		var err error
		if s.read, err = s.d.editsFrom(ctx, s.screen, s.from); err != nil {
			s.ended = true
			return DraftEvent{Err: err}, event.More
		}
	}
	if len(s.read) == 0 {
		return ev, event.Nothing
	}
	ev, s.read = s.read[0], s.read[1:]
	s.from = ev.FromVersion + 1
	if len(s.read) == 0 {
		return ev, event.One
	}
	return ev, event.More
}

func (d *Delivery) editsFrom(ctx context.Context, screenID string, from int) ([]DraftEvent, error) {
	db := d.store.Reader(ctx)
	rows, err := db.ScreenEdit.Query().Where(screenedit.ScreenID(screenID), screenedit.FromVersionGTE(from)).
		Order(screenedit.ByFromVersion()).Limit(maxLag + 1).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read edits: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if len(rows) > maxLag {
		return nil, fault.Exhaustedf("this stream is more than %d edits behind: read the screen again and subscribe with its version", maxLag).
			WithCode("STREAM_LAGGED")
	}
	row, err := screen.Get(ctx, db, screenID, principal.ContentRead)
	if err != nil {
		return nil, err
	}
	events := make([]DraftEvent, len(rows))
	for i, r := range rows {
		ops, err := screen.DecodeOps(r.Ops)
		if err != nil {
			return nil, err
		}
		events[i] = DraftEvent{FromVersion: r.FromVersion, Screen: row, Ops: ops, Actor: principal.Decode(r.Actor)}
	}
	return events, nil
}
