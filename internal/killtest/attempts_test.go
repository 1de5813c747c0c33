package killtest

import (
	"database/sql"
	"encoding/json"
)

// found is what the file says about the attempts: how often each change is there, and its idempotency record.
type found struct {
	edits     map[string][]edit   // by marker, every edit once
	releases  map[string]string   // id by title
	published map[string][]string // activation ids by release, of publishes
	reasons   map[string][]string // activation ids by reason
	promoted  map[string]bool     // activation ids of promotes
	schedules map[string][]string // ids by release
	records   map[string]string   // id in the kept result, by mutation and key
	promotes  int                 // records of promotes
}

type edit struct {
	screen string
	from   int
}

func nothing() found {
	return found{
		edits: map[string][]edit{}, releases: map[string]string{}, published: map[string][]string{}, reasons: map[string][]string{},
		promoted: map[string]bool{}, schedules: map[string][]string{}, records: map[string]string{},
	}
}

func (f *found) noteEdit(screenID string, from int, ops string) {
	seen := map[string]bool{}
	for _, marker := range markers.FindAllString(ops, -1) {
		if !seen[marker] {
			f.edits[marker] = append(f.edits[marker], edit{screenID, from})
		}
		seen[marker] = true
	}
}

// look reads what was written since the last time, besides edits.
func (c *checker) look(r reader) {
	r.t.Helper()
	f := &c.found
	c.fresh(r, "releases", "id, title", func(scan func(...any)) {
		var id, title string
		if scan(&id, &title); f.releases[title] != "" {
			r.t.Errorf("two releases are titled %s", title)
		}
		f.releases[title] = id
	})
	c.fresh(r, "activations", "id, kind, release_id, reason", func(scan func(...any)) {
		var id, kind, of string
		var reason sql.NullString
		switch scan(&id, &kind, &of, &reason); kind {
		case "PUBLISH":
			f.published[of] = append(f.published[of], id)
		case "ROLL_BACK":
			f.reasons[reason.String] = append(f.reasons[reason.String], id)
		case "PROMOTE":
			f.promoted[id] = true
		}
	})
	c.fresh(r, "release_schedules", "id, release_id", func(scan func(...any)) {
		var id, of string
		scan(&id, &of)
		f.schedules[of] = append(f.schedules[of], id)
	})
	c.fresh(r, "idempotency_records", "mutation, key, result", func(scan func(...any)) {
		var mutation, key, kept string
		scan(&mutation, &key, &kept)
		var result struct{ ID string }
		if err := json.Unmarshal([]byte(kept), &result); err != nil || result.ID == "" {
			r.t.Errorf("idempotency record %s %s: %s (%v)", mutation, key, kept, err)
		}
		f.records[mutation+" "+key] = result.ID
		if mutation == "releasePromote" {
			f.promotes++
		}
	})
}

// changes returns the ids of the changes that an attempt made: of the screen, the activation or the schedule.
func (f found) changes(a *attempt) (ids []string) {
	switch a.mutation {
	case "screenEdit":
		for _, e := range f.edits[a.marker] {
			ids = append(ids, e.screen)
		}
	case "releasePublish":
		ids = f.published[f.releases[a.marker]]
	case "releaseSchedule":
		ids = f.schedules[f.releases[a.marker]]
	case "releaseRollBack":
		ids = f.reasons[a.marker]
	case "releasePromote": // it writes nothing of the client's: its record names it
		if id := f.records[a.mutation+" "+a.key]; f.promoted[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// attempts compares the file with what the clients know: acknowledged is there, refused is not, unanswered is whole or
// absent, nothing is there twice, and the idempotency record is there exactly when its change is.
func (c *checker) attempts(r reader) {
	r.t.Helper()
	c.look(r)
	f := c.found
	if f.promotes != len(f.promoted) {
		r.t.Errorf("%d promotes, %d idempotency records of promotes", len(f.promoted), f.promotes)
	}
	for _, a := range append(c.again, c.journal.since(c.checked)...) {
		ids, record := f.changes(a), f.records[a.mutation+" "+a.key]
		if a.outcome == unknown {
			c.unanswered[len(ids) > 0]++
		}
		switch {
		case len(ids) > 1:
			r.t.Errorf("%s is there %d times", a, len(ids))
		case a.outcome == done && len(ids) == 0:
			r.t.Errorf("LOST: %s", a)
		case a.outcome == refused && len(ids) != 0:
			r.t.Errorf("%s is there", a)
		case (record != "") != (len(ids) == 1) || record != "" && record != ids[0]:
			r.t.Errorf("%s: changes %v, idempotency record %q", a, ids, record)
		case a.outcome == done && a.id != ids[0]:
			r.t.Errorf("%s: acknowledged %s, stored %s", a, a.id, ids[0])
		}
		if a.version != 0 && len(ids) == 1 && f.edits[a.marker][0].from+1 != a.version {
			r.t.Errorf("%s: acknowledged version %d, stored from version %d", a, a.version, f.edits[a.marker][0].from)
		}
		if a.mutation == "releasePublish" && len(ids) == 0 && f.releases[a.marker] != "" {
			r.t.Errorf("%s: half of it is there: a release without its activation", a)
		}
	}
	c.checked, c.again = len(c.journal.attempts), nil
}
