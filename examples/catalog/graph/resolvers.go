// Package graph is the part of the graph that the catalog contributes.
package graph

import (
	"context"
	"encoding/base64"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/examples/catalog/store"
)

//go:generate sh -c "cd .. && go tool gqlgen generate"

// Resolver answers the fields. Address is where this service answers, for the addresses of pictures.
type Resolver struct {
	Store   *store.Store
	Address string
}

// Query answers the fields of Query.
func (r *Resolver) Query() QueryResolver { return query{r} }

// Product answers the fields of a product that are not kept as they are served.
func (r *Resolver) Product() ProductResolver { return product{r} }

// Entity answers what the gateway asks to join this part of the graph with others.
func (r *Resolver) Entity() EntityResolver { return entity{r} }

type (
	query   struct{ *Resolver }
	product struct{ *Resolver }
	entity  struct{ *Resolver }
)

const mostProducts = 100

// Products answers a page. One more than asked for is read, to know whether there is a next one.
func (r query) Products(ctx context.Context, first int, after, category *string) (*ProductConnection, error) {
	if first < 1 || first > mostProducts {
		return nil, badInput("first is a number from 1 to %d", mostProducts)
	}
	behind, err := idOf(after)
	if err != nil {
		return nil, err
	}
	in := ""
	if category != nil {
		in = *category
	}
	page, total, err := r.Store.Page(ctx, behind, in, first+1)
	if err != nil {
		return nil, err
	}
	c := &ProductConnection{Edges: []ProductEdge{}, TotalCount: total, PageInfo: &PageInfo{HasNextPage: len(page) > first, HasPreviousPage: after != nil}}
	for _, p := range page[:min(first, len(page))] {
		c.Edges = append(c.Edges, ProductEdge{Cursor: cursorOf(p.ID), Node: &p})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// Product answers one product.
func (r query) Product(ctx context.Context, id string) (*store.Product, error) {
	found, err := r.Store.Products(ctx, []string{id})
	if p, ok := found[id]; ok {
		return &p, nil
	}
	return nil, err
}

// Categories answers all categories.
func (r query) Categories(ctx context.Context) ([]store.Category, error) {
	return r.Store.Categories(ctx)
}

// ImageURL answers where the picture is: clients reach this service for it, not the gateway.
func (r product) ImageURL(_ context.Context, p *store.Product) (*string, error) {
	address := r.Address + p.Image
	return &address, nil
}

// FindManyProductByIDs answers the products that other services know only the id of, in the order in which they are asked
// for; null for what is not there.
func (r entity) FindManyProductByIDs(ctx context.Context, keys []*ProductByIDsInput) ([]*store.Product, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	found, err := r.Store.Products(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*store.Product, len(ids))
	for i, id := range ids {
		if p, ok := found[id]; ok {
			out[i] = &p
		}
	}
	return out, nil
}

// FindManyCategoryByIDs does the same for categories.
func (r entity) FindManyCategoryByIDs(ctx context.Context, keys []*CategoryByIDsInput) ([]*store.Category, error) {
	ids, at := make([]string, len(keys)), map[string][]int{}
	for i, k := range keys {
		ids[i], at[k.ID] = k.ID, append(at[k.ID], i)
	}
	found, err := r.Store.Categories(ctx, ids...)
	out := make([]*store.Category, len(keys))
	for _, c := range found {
		for _, i := range at[c.ID] {
			out[i] = &c
		}
	}
	return out, err
}

// Cursors say nothing to clients, so that another order of pages can have others.
func cursorOf(id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id)) }

func idOf(cursor *string) (string, error) {
	if cursor == nil {
		return "", nil
	}
	id, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil {
		return "", badInput("after is the cursor of an edge, as it was answered")
	}
	return string(id), nil
}

func badInput(format string, args ...any) error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": "BAD_USER_INPUT"}
	return err
}

// Present makes the error that clients see. What is not meant for them is logged: it may tell of the database.
func Present(ctx context.Context, err error) *gqlerror.Error {
	shown := graphql.DefaultErrorPresenter(ctx, err)
	if shown.Unwrap() == nil {
		return shown // it was written for clients
	}
	if ctx.Err() == nil { // else whoever asked is gone
		slog.Error("a field failed", "path", shown.Path.String(), "error", shown.Unwrap())
	}
	return &gqlerror.Error{Message: "internal error", Path: shown.Path, Extensions: map[string]any{"code": "INTERNAL"}}
}
