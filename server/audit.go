package server

import (
	"context"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Audit is what the surface asks of the audit log.
type Audit interface {
	// List returns at most limit entries below a sequence that the caller may read, the newest first.
	List(ctx context.Context, f access.Filter, below int64, limit int) ([]access.Entry, error)
}

// An export reads page by page, so that a client that takes its time holds nothing in the database.
const (
	exportPage       = 500
	exportPageWithin = 30 * time.Second // reading one page, and sending it
)

// auditCSV answers GET /audit.csv?frontend=&actor=&action=&subject=&from=&to= with the entries that the caller may read
// and that meet every condition, the newest first.
func auditCSV(p Parts) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.Header().Set("Allow", http.MethodGet)
			refuseProblem(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send a GET request")
			return
		}
		if !mayAnywhere(p, w, r, principal.AuditRead, "reading the audit log") {
			return
		}
		filter, err := filterOf(r)
		if err != nil {
			refuseProblem(w, http.StatusBadRequest, "BAD_REQUEST", fault.As(err).Message)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer p.Access.Follow(ctx, principal.From(ctx), cancel)()
		e := export{log: p.Audit, filter: filter, to: w, control: http.NewResponseController(w)}
		if err := e.run(ctx); err != nil && !e.begun {
			presentProblem(p.Log, w, r, err)
		} else if err != nil {
			if r.Context().Err() == nil { // the client is still there
				p.Log.ErrorContext(ctx, "the export of the audit log broke off", "error", err, "request_id", principal.RequestID(ctx))
			}
			e.breakOff()
		}
	}
}

// filterOf reads the query. A condition that is not understood is refused: the file would hold more than was asked for.
func filterOf(r *http.Request) (f access.Filter, err error) {
	texts := map[string]*string{"frontend": &f.Frontend, "actor": &f.Actor, "action": &f.Action, "subject": &f.Subject}
	times := map[string]*time.Time{"from": &f.From, "to": &f.To}
	for name, values := range r.URL.Query() {
		switch value := values[0]; {
		case len(values) > 1:
			return f, fault.Invalidf("give each condition once")
		case texts[name] != nil:
			*texts[name] = value
		case times[name] == nil:
			return f, fault.Invalidf("the conditions are frontend, actor, action, subject, from and to")
		case value == "":
		default:
			if *times[name], err = timeIn(value); err != nil {
				return f, fault.Invalidf("%s: write a time as 2026-11-24T15:04:05Z, or a day as 2026-11-24 (UTC)", name)
			}
		}
	}
	return f, nil
}

func timeIn(text string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, text)
}

// export writes the log as one file.
type export struct {
	log     Audit
	filter  access.Filter
	to      http.ResponseWriter
	control *http.ResponseController
	begun   bool
}

func (e *export) run(ctx context.Context) error {
	for below := int64(math.MaxInt64); ; {
		page, err := e.page(ctx, below)
		if err != nil {
			return err
		}
		var text strings.Builder
		if !e.begun {
			e.begin()
			writeRecord(&text, columns())
		}
		for _, entry := range page {
			writeRecord(&text, cellsOf(entry))
			below = entry.Seq
		}
		e.control.SetWriteDeadline(time.Now().Add(exportPageWithin)) //nolint:errcheck // a writer without deadlines needs none
		if _, err := io.WriteString(e.to, text.String()); err != nil {
			return err
		}
		if len(page) < exportPage {
			return nil
		}
	}
}

func (e *export) page(ctx context.Context, below int64) ([]access.Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, exportPageWithin)
	defer cancel()
	return e.log.List(ctx, e.filter, below, exportPage)
}

func (e *export) begin() {
	e.begun = true
	head := e.to.Header()
	head.Set("Content-Type", "text/csv; charset=utf-8")
	head.Set("Content-Disposition", `attachment; filename="audit.csv"`)
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
}

// breakOff lets the client see that the file is not whole: nothing more can be sent, not even its end.
func (e *export) breakOff() {
	_ = e.control.Flush()                                        // it is lost either way
	_ = e.control.SetWriteDeadline(time.Now().Add(-time.Second)) // as above
}

func columns() []string {
	return []string{"sequence", "at", "actorKind", "actorId", "actorName", "action", "frontend", "subjectId", "subjectLabel", "detail", "requestId", "id", "hash"}
}

func cellsOf(e access.Entry) []string {
	var actor principal.Actor
	if a := principal.Decode(e.Actor); a != nil {
		actor = *a
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	return []string{
		strconv.FormatInt(e.Seq, 10), e.CreatedAt.UTC().Format(time.RFC3339Nano), string(actor.Kind), actor.ID, actor.Name, e.Action,
		e.Slug, text(e.SubjectID), e.SubjectLabel, e.Detail, text(e.RequestID), e.ID, e.Hash,
	}
}

// writeRecord writes one line of RFC 4180. encoding/csv would change line breaks inside of cells.
func writeRecord(to *strings.Builder, cells []string) {
	for i, cell := range cells {
		if i > 0 {
			to.WriteByte(',')
		}
		cell = harmless(cell)
		if strings.ContainsAny(cell, "\",\r\n") {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		to.WriteString(cell)
	}
	to.WriteString("\r\n")
}

// harmless keeps a spreadsheet from taking a cell for a formula: what begins like one gets an apostrophe before it, also
// behind what some of them skip (spaces, controls, a byte order mark) and in full width.
func harmless(cell string) string {
	start := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.C, r) })
	first, _ := utf8.DecodeRuneInString(start)
	if strings.ContainsRune("=+-@＝＋－＠", first) && start != "" || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") {
		return "'" + cell
	}
	return cell
}
