package graph

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/principal"
)

func registerIn(in model.DocumentsRegisterInput) document.RegisterInput {
	out := document.RegisterInput{Frontend: in.Frontend}
	for _, d := range in.Documents.Value() {
		one := document.Input{Name: text(d.Name), Source: d.Body}
		if hash := d.Hash.Value(); hash != nil {
			one.Hash = string(*hash)
		}
		out.Documents = append(out.Documents, one)
	}
	for _, hash := range in.FromUnknown.Value() {
		out.FromUnknown = append(out.FromUnknown, string(hash))
	}
	if manifest := in.Manifest.Value(); manifest != nil {
		out.Manifest = json.RawMessage(manifest)
	}
	return out
}

// trustedDocuments maps rows that the caller may see, with their figures.
func (r *Resolver) trustedDocuments(ctx context.Context, rows []*ent.TrustedDocument) ([]model.TrustedDocument, error) {
	ids := mapAll(rows, func(row *ent.TrustedDocument) string { return row.ID })
	figures, err := r.Documents.Figures(ctx, ids...)
	return mapAll(rows, func(row *ent.TrustedDocument) model.TrustedDocument {
		f, why := figures[row.ID], r.Documents.Invalid(row.Hash, row.Body)
		return model.TrustedDocument{
			ID: row.ID, Hash: model.Hash(row.Hash), Name: row.Name, Body: row.Body, Kind: model.OperationKind(row.Kind),
			RegisteredAt: row.RegisteredAt.UTC(), LastUsedAt: utc(row.LastUsedAt), RetiredAt: utc(row.RetiredAt),
			Calls: float64(f.Calls), Errors: float64(f.Errors), P50Ms: f.P50, P95Ms: f.P95,
			Builds: mapAll(f.Builds, buildFiguresOf), Valid: why == "", InvalidReason: optional(why), PublicMaxAge: row.PublicMaxAge,
		}
	}), err
}

// bindable is what a document looks like to bindings.
func (r *Resolver) bindable(d *model.TrustedDocument) *binding.Source {
	return r.Documents.Source(&document.Trusted{ID: d.ID, Hash: string(d.Hash), Name: d.Name, Source: d.Body})
}

func (r *Resolver) documentResult(d *model.TrustedDocument) (model.JSON, error) {
	source := r.bindable(d)
	if source.Problem != "" {
		return nil, nil
	}
	return json.Marshal(source.Result)
}

func (r *Resolver) documentVariables(d *model.TrustedDocument) ([]model.DocumentVariable, error) {
	all := []model.DocumentVariable{}
	for _, v := range r.bindable(d).Variables() {
		one := model.DocumentVariable{Name: v.Name, Type: v.Type, Required: v.Required}
		if v.Default != nil {
			raw, err := json.Marshal(v.Default)
			if err != nil {
				return nil, err
			}
			one.Default = raw
		}
		all = append(all, one)
	}
	return all, nil
}

func updateDocumentOf(in model.DocumentUpdateInput) document.UpdateInput {
	return document.UpdateInput{ID: in.ID, SetPublic: in.PublicMaxAge.IsSet(), PublicMaxAge: in.PublicMaxAge.Value()}
}

func buildFiguresOf(b document.BuildFigures) model.DocumentBuildUsage {
	return model.DocumentBuildUsage{Build: b.Build, Calls: float64(b.Calls), Errors: float64(b.Errors)}
}

// trustedDocument maps one row; nil for none, and for one that the caller may not see.
func (r *Resolver) trustedDocument(ctx context.Context, row *ent.TrustedDocument) (*model.TrustedDocument, error) {
	row = inSight(row, func(d *ent.TrustedDocument) bool {
		return principal.Can(ctx, principal.DocumentsRead, principal.Place{Frontend: d.FrontendID})
	})
	if row == nil {
		return nil, nil
	}
	all, err := r.trustedDocuments(ctx, []*ent.TrustedDocument{row})
	return &all[0], err
}

func (r *Resolver) documents(ctx context.Context, frontendID string, first *int, after, query *string) (*model.TrustedDocumentConnection, error) {
	w, err := readWindow(first, after, 50)
	if err != nil {
		return nil, err
	}
	beginning := ""
	if query != nil {
		beginning = *query
	}
	rows, total, err := r.Documents.List(ctx, frontendID, beginning, w.after, w.limit())
	if err != nil {
		return nil, err
	}
	all, err := r.trustedDocuments(ctx, rows)
	edges, info := paginate(w, all, func(d model.TrustedDocument) string { return d.ID }, func(c string, d model.TrustedDocument) model.TrustedDocumentEdge {
		return model.TrustedDocumentEdge{Cursor: c, Node: &d}
	})
	return &model.TrustedDocumentConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

// unknownDocuments pages by place: the order is that of figures that move.
func (r *Resolver) unknownDocuments(ctx context.Context, frontendID string, first *int, after *string) (*model.UnknownDocumentConnection, error) {
	w, err := readWindow(first, after, 50)
	if err != nil {
		return nil, err
	}
	skip, err := w.number(0)
	if err != nil || skip < 0 {
		return nil, badCursor()
	}
	rows, total, err := r.Documents.Unknown(ctx, frontendID, skip, w.limit())
	place := skip
	edges, info := paginate(w, rows, func(*ent.UnknownDocument) string { place++; return strconv.Itoa(place) }, func(c string, row *ent.UnknownDocument) model.UnknownDocumentEdge {
		return model.UnknownDocumentEdge{Cursor: c, Node: &model.UnknownDocument{
			Hash: model.Hash(row.Hash), Name: optional(row.Name), Body: row.Body, Calls: float64(row.Calls),
			FirstSeenAt: row.CreatedAt.UTC(), LastSeenAt: row.LastSeenAt.UTC(),
		}}
	})
	return &model.UnknownDocumentConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) safelist(ctx context.Context, f *ent.Frontend) *model.SafelistMode {
	mode, known := r.Documents.Mode(ctx, f)
	if !known {
		return nil
	}
	out := model.SafelistMode(mode)
	return &out
}

func (r *Resolver) registerPayload(ctx context.Context, rows []*ent.TrustedDocument, added int, err error) (*model.DocumentsRegisterPayload, error) {
	failures, err := refused(err)
	if err != nil {
		return nil, err
	}
	all, err := r.trustedDocuments(ctx, rows)
	return &model.DocumentsRegisterPayload{Documents: all, Added: added, UserErrors: failures}, err
}

func (r *Resolver) documentPayload(ctx context.Context, row *ent.TrustedDocument, err error) (*model.DocumentPayload, error) {
	failures, err := refused(err)
	if err != nil {
		return nil, err
	}
	out, err := r.trustedDocument(ctx, row)
	return &model.DocumentPayload{Document: out, UserErrors: failures}, err
}

// invalidDocuments says what is wrong with each document, without suggestions: who registers documents need not be one who
// may know the schema.
func invalidDocuments(code model.UserErrorCode, detail document.Invalid) []model.UserError {
	return mapAll(detail, func(x document.Refused) model.UserError {
		out := model.DocumentInvalid{Message: withoutSuggestion(x.Message), Code: code, Path: x.Path, Name: optional(x.Name)}
		if x.Line > 0 {
			out.Line, out.Column = &x.Line, &x.Column
		}
		return out
	})
}

// withoutSuggestion cuts off the names that validation knows better.
func withoutSuggestion(message string) string {
	message, _, _ = strings.Cut(message, " Did you mean ")
	return message
}
