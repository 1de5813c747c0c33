package graph

import (
	"context"
	"math"
	"strconv"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/principal"
)

func (r *Resolver) auditLog(ctx context.Context, first *int, after *string, f access.Filter) (*model.AuditEntryConnection, error) {
	w, err := readWindow(first, after, 50)
	if err != nil {
		return nil, err
	}
	below, err := w.number(math.MaxInt)
	if err != nil {
		return nil, err
	}
	total, err := r.Audit.Count(ctx, f)
	if err != nil {
		return nil, err
	}
	rows, err := r.Audit.List(ctx, f, int64(below), w.limit())
	edges, info := paginate(w, rows, func(e access.Entry) string { return strconv.FormatInt(e.Seq, 10) }, func(c string, e access.Entry) model.AuditEntryEdge {
		return model.AuditEntryEdge{Cursor: c, Node: auditEntryOf(e)}
	})
	return &model.AuditEntryConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) auditRefusals(ctx context.Context, first *int, after *string) (*model.AuditRefusalConnection, error) {
	w, err := readWindow(first, after, 50)
	if err != nil {
		return nil, err
	}
	rows, total, err := r.Refusals.List(ctx, w.after, w.limit())
	if err != nil {
		return nil, absent(err)
	}
	edges, info := paginate(w, rows, func(row *ent.Refusal) string { return row.ID }, func(c string, row *ent.Refusal) model.AuditRefusalEdge {
		return model.AuditRefusalEdge{Cursor: c, Node: auditRefusalOf(row)}
	})
	return &model.AuditRefusalConnection{Edges: edges, PageInfo: info, TotalCount: total}, nil
}

func auditFilterOf(subject *string, in *model.AuditFilter) access.Filter {
	var f access.Filter
	if subject != nil {
		f.Subject = *subject
	}
	if in == nil {
		return f
	}
	f.Actor, f.Action, f.Frontend = text(in.Actor), text(in.Action), text(in.Frontend)
	if from := given(in.From); from != nil {
		f.From = *from
	}
	if to := given(in.To); to != nil {
		f.To = *to
	}
	return f
}

func auditEntryOf(e access.Entry) *model.AuditEntry {
	entry := &model.AuditEntry{
		ID: e.ID, Sequence: float64(e.Seq), At: e.CreatedAt.UTC(), Actor: actorOf(actorIn(e.Actor)), Action: e.Action,
		Frontend: optional(e.Slug), SubjectID: e.SubjectID, SubjectLabel: e.SubjectLabel, Detail: model.JSON(e.Detail),
		RequestID: e.RequestID, Hash: model.Hash(e.Hash),
	}
	if e.PreviousHash != "" {
		entry.PreviousHash = (*model.Hash)(&e.PreviousHash)
	}
	return entry
}

// actorIn reads who did something; nobody, when the log was tampered with.
func actorIn(stored string) *principal.Actor {
	if a := principal.Decode(stored); a != nil {
		return a
	}
	nobody := principal.Nobody()
	return &nobody
}

func auditRefusalOf(row *ent.Refusal) *model.AuditRefusal {
	out := &model.AuditRefusal{
		At: row.Minute.UTC().Truncate(time.Minute), Actor: actorOf(principal.Decode(row.Actor)), Action: row.Action, Code: row.Code,
		Count: float64(row.Count),
	}
	if out.Actor == nil {
		out.Source = &row.Caller
	}
	return out
}
