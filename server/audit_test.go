package server

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/principal"
)

// logOf is an audit log of so many entries; at is the sequence below which it can no longer be read, label what each is
// about.
type logOf struct {
	entries int64
	at      int64
	label   string
	asked   []access.Filter
}

func (l *logOf) List(_ context.Context, f access.Filter, below int64, limit int) (page []access.Entry, err error) {
	l.asked = append(l.asked, f)
	if below <= l.at {
		return nil, errors.New("the disk is gone")
	}
	for seq := min(below-1, l.entries); seq > 0 && len(page) < limit; seq-- {
		page = append(page, access.Entry{Slug: "shop", AuditEntry: &ent.AuditEntry{
			ID: "aud_x", Seq: seq, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 678000, time.UTC), SubjectLabel: l.label, Detail: `{"a":"b"}`,
			Actor: principal.Actor{ID: "mem_1", Kind: principal.Member, Name: `=cmd|'/c calc'!A1`}.Encode(), Action: "frontendUpdate", Hash: "sha256:x",
		}})
	}
	return page, nil
}

// nobodyFollows is access to a server where nothing ends.
type nobodyFollows struct{ Access }

func (nobodyFollows) Follow(context.Context, principal.Principal, func()) func() { return func() {} }

func exported(t *testing.T, log Audit, query string, scopes ...string) (*http.Response, string, error) {
	t.Helper()
	p := Parts{Audit: log, Access: nobodyFollows{}, Log: slog.New(slog.DiscardHandler), Refused: func(context.Context, string, string) {}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := principal.Principal{Actor: principal.Actor{ID: "mem_1", Kind: principal.Member}, Grants: []principal.Grant{{Scopes: scopes}}}
		if scopes == nil {
			who = principal.Unknown()
		}
		auditCSV(p)(w, r.WithContext(principal.With(r.Context(), who)))
	}))
	defer srv.Close()
	response, err := srv.Client().Get(srv.URL + "/audit.csv" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// The whole log is one file, whatever pages it was read in.
func TestTheExportIsWhole(t *testing.T) {
	t.Parallel()
	for _, n := range []int64{0, 1, exportPage - 1, exportPage, exportPage + 1, 3 * exportPage} {
		response, body, err := exported(t, &logOf{entries: n}, "", principal.AuditRead)
		if err != nil || response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "text/csv; charset=utf-8" ||
			response.Header.Get("Content-Disposition") != `attachment; filename="audit.csv"` {
			t.Fatalf("%d entries: %v %v", n, response, err)
		}
		records, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || int64(len(records)) != n+1 || !slices.Equal(records[0], columns()) {
			t.Errorf("%d entries: %d records, %v", n, len(records), err)
		}
	}
}

// A file that breaks off cannot be taken for a whole one.
func TestAnExportThatBreaksOffIsSeen(t *testing.T) {
	t.Parallel()
	if response, body, err := exported(t, &logOf{entries: 3 * exportPage, at: exportPage + 1}, "", principal.AuditRead); err == nil {
		t.Errorf("status %d, %d bytes as if that were all", response.StatusCode, len(body))
	}
	response, body, err := exported(t, &logOf{entries: 1, at: 1<<63 - 1}, "", principal.AuditRead)
	if err != nil || response.StatusCode != http.StatusInternalServerError || !strings.Contains(body, "INTERNAL") || strings.Contains(body, "disk") {
		t.Errorf("status %d: %s %v", response.StatusCode, body, err)
	}
}

// What people write stays in its cell and is no formula.
func TestCellsAreHarmless(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]string{
		"plain":                  "plain",
		"":                       "",
		`=HYPERLINK("http://x")`: `"'=HYPERLINK(""http://x"")"`,
		"+1":                     "'+1",
		"-1":                     "'-1",
		"@SUM(A1)":               "'@SUM(A1)",
		"\t=1":                   "'\t=1",
		"\r=1":                   "\"'\r=1\"",
		"a\r\n=1,b":              "\"a\r\n=1,b\"",
		`say "hi"`:               `"say ""hi"""`,
		"\n=1":                   "\"'\n=1\"",
		" =1":                    "' =1",
		"\u00a0+1":               "'\u00a0+1",
		"\ufeff@x":               "'\ufeff@x",
		"\u202e-1":               "'\u202e-1",
		"＝1+1":                   "'＝1+1",
		"a=b":                    "a=b",
		" ":                      " ",
	} {
		_, body, err := exported(t, &logOf{entries: 1, label: label}, "", principal.AuditRead)
		line := `1,2026-01-02T03:04:05.000678Z,MEMBER,mem_1,'=cmd|'/c calc'!A1,frontendUpdate,shop,,` + want + `,"{""a"":""b""}",,aud_x,sha256:x` + "\r\n"
		if _, got, _ := strings.Cut(body, "\r\n"); err != nil || got != line {
			t.Errorf("%q:\n%q, want\n%q (%v)", label, got, line, err)
		}
	}
}

func TestTheExportTakesConditions(t *testing.T) {
	t.Parallel()
	log := &logOf{}
	exported(t, log, "?frontend=shop&actor=mem_1&action=releasePublish&subject=env_1&from=2026-01-02&to=2026-01-03T04:05:06%2B02:00", principal.AuditRead)
	want := access.Filter{
		Frontend: "shop", Actor: "mem_1", Action: "releasePublish", Subject: "env_1",
		From: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 3, 2, 5, 6, 0, time.UTC),
	}
	if len(log.asked) != 1 || !log.asked[0].To.Equal(want.To) {
		t.Fatalf("asked for %v", log.asked)
	}
	if log.asked[0].To = want.To; log.asked[0] != want {
		t.Errorf("asked for %v, want %v", log.asked[0], want)
	}
	for query, status := range map[string]int{"?from=yesterday": 400, "?frontends=shop": 400, "?actor=a&actor=b": 400, "?from=&to=": 200} {
		if response, body, _ := exported(t, &logOf{}, query, principal.AuditRead); response.StatusCode != status {
			t.Errorf("%s: %d %s", query, response.StatusCode, body)
		}
	}
	if response, body, _ := exported(t, &logOf{}, "", principal.ContentRead); response.StatusCode != 403 || !strings.Contains(body, "audit:read") {
		t.Errorf("without the scope: %d %s", response.StatusCode, body)
	}
	if response, _, _ := exported(t, &logOf{}, ""); response.StatusCode != 401 || response.Header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("without a credential: %d", response.StatusCode)
	}
}
