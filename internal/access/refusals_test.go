package access_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/testkit"
)

func from(ctx context.Context, address string) context.Context {
	return principal.WithSource(principal.With(ctx, principal.Unknown()), address)
}

// counted is what was counted, the newest first, as a line each.
func counted(t *testing.T, r *access.Refusals) string {
	t.Helper()
	rows, total, err := r.List(as(t.Context(), principal.Grant{Role: principal.Admin}), "", 1000)
	if err != nil || total != len(rows) {
		t.Fatalf("%d rows of %d, %v", len(rows), total, err)
	}
	var lines []string
	for _, row := range rows {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %d", row.Minute.UTC().Format("15:04"), row.Caller, row.Action, row.Code, row.Count))
	}
	return strings.Join(lines, "\n")
}

// Refusals are counted by caller, action, code and minute, over flushes and restarts, without a fact in the ledger.
func TestRefusalsAreCounted(t *testing.T) {
	k := testkit.New(t)
	before, err := k.Store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 12, 0, 30, 0, time.UTC)
	var r *access.Refusals
	restart := func() {
		r = access.NewRefusals(k.Store)
		r.At(func() time.Time { return now })
	}
	flush := func() {
		if err := r.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	restart()
	stranger, member := from(t.Context(), "192.0.2.7"), as(t.Context())
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { r.Note(stranger, "sessionCreate", "FORBIDDEN") })
	}
	wg.Wait()
	r.Note(member, "releasePublish", "NOT_FOUND")
	flush()
	r.Note(stranger, "sessionCreate", "FORBIDDEN")
	flush()
	restart()
	r.Note(stranger, "sessionCreate", "FORBIDDEN")
	flush()
	now = now.Add(time.Minute)
	r.Note(stranger, "sessionCreate", "FORBIDDEN")
	r.Note(from(t.Context(), ""), "origin", "FORBIDDEN")
	flush()
	flush()
	lines := strings.Split(counted(t, r), "\n")
	for _, want := range []string{"12:00 192.0.2.7 sessionCreate FORBIDDEN 52", "12:00 mem_x releasePublish NOT_FOUND 1", "12:01 192.0.2.7 sessionCreate FORBIDDEN 1", "12:01 unknown origin FORBIDDEN 1"} {
		if !strings.Contains(strings.Join(lines, "\n")+"\n", want+"\n") {
			t.Errorf("no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "12:01") {
		t.Errorf("%d lines, the newest first:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	if after, err := k.Store.Seq(t.Context()); err != nil || after != before {
		t.Errorf("the ledger moved from %d to %d, %v", before, after, err)
	}
}

// Whoever comes from everywhere costs a bounded number of rows.
func TestRefusalsHaveABound(t *testing.T) {
	k := testkit.New(t)
	r := access.NewRefusals(k.Store)
	now := time.Date(2026, 1, 1, 12, 0, 30, 0, time.UTC)
	r.At(func() time.Time { return now })
	for n := range 20_000 {
		r.Note(from(t.Context(), fmt.Sprintf("2001:db8::%x", n)), strings.Repeat("long ", 100), "FORBIDDEN")
		if n%5000 == 0 {
			if err := r.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.Note(from(t.Context(), "2001:db8::1"), strings.Repeat("long ", 100), "FORBIDDEN") // known already
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, total, err := r.List(as(t.Context(), principal.Grant{Role: principal.Admin}), "", math.MaxInt32)
	if err != nil || total != 501 {
		t.Fatalf("%d rows, %v", total, err)
	}
	var all, others int64
	for _, row := range rows {
		all += row.Count
		if row.Caller == access.Others {
			others += row.Count
		}
	}
	if all != 20_001 || others != 19_500 {
		t.Errorf("counted %d, %d of them as of others", all, others)
	}
	now = now.Add(time.Minute)
	r.Note(from(t.Context(), "192.0.2.7"), "origin", "FORBIDDEN")
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if lines := counted(t, r); !strings.HasPrefix(lines, "12:01 192.0.2.7 origin FORBIDDEN 1") {
		t.Errorf("the next minute counts by caller again:\n%.200s", lines)
	}
	now = now.Add(30 * 24 * time.Hour)
	if err := r.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if lines := counted(t, r); strings.Count(lines, "\n") != 0 {
		t.Errorf("after 30 days there is\n%.500s", lines)
	}
}

// What cannot be written is kept and written later; counting never waits for it.
func TestRefusalsSurviveAFailure(t *testing.T) {
	k := testkit.New(t)
	r := access.NewRefusals(k.Store)
	r.Note(from(t.Context(), "192.0.2.7"), "origin", "FORBIDDEN")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Flush(gone); err == nil {
		t.Fatal("written without a database")
	}
	r.Note(from(t.Context(), "192.0.2.7"), "origin", "FORBIDDEN")
	done := make(chan error, 1)
	running, stop := context.WithCancel(t.Context())
	go func() { done <- r.Run(running, func(err error) { t.Error(err) }) }()
	stop() // the last of it is written at the end
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if lines := counted(t, r); !strings.HasSuffix(lines, "192.0.2.7 origin FORBIDDEN 2") {
		t.Errorf("counted %s", lines)
	}
}

func TestRefusalsAreForWhoReadsTheWholeLog(t *testing.T) {
	k := testkit.New(t)
	r := access.NewRefusals(k.Store)
	for _, g := range []principal.Grant{{Scopes: []string{principal.AuditRead}, Frontend: "frt_x"}, {Role: principal.Designer}} {
		if rows, _, err := r.List(as(t.Context(), g), "", 10); err == nil {
			t.Errorf("%v reads %v", g, rows)
		}
	}
}
