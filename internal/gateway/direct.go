package gateway

import (
	"bytes"
	"context"
	"net/http"

	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"
)

// direct is a fetch's way to a courier without an HTTP client between: a request of the engine to a service has the same form
// each time, and what would be made of it, headers, a response, copies of both bodies, is thrown away at once. What does not
// have that form, or names variables that a request left undefined, goes the engine's way.
type direct struct {
	resolve.DataSource
	courier courier
}

// The input of a fetch begins with this, and ends with what closes the variables, the body and itself.
const (
	inputBegin = `{"method":"POST","url":"` + nowhere + `","body":`
	inputEnd   = "}}"
)

// Load asks the service.
func (d direct) Load(ctx context.Context, headers http.Header, input []byte) ([]byte, error) {
	if len(headers) > 0 || !bytes.HasPrefix(input, []byte(inputBegin)) || !bytes.HasSuffix(input, []byte(inputEnd)) {
		return d.DataSource.Load(ctx, headers, input)
	}
	// The engine uses its memory again, and a request whose client is gone may still be on its way.
	return d.courier.carry(ctx, bytes.Clone(input[len(inputBegin):len(input)-1])), nil
}

// shorten makes the fetches of a plan direct.
func shorten(n *resolve.FetchTreeNode, couriers map[string]courier) {
	if n == nil {
		return
	}
	for _, child := range n.ChildNodes {
		shorten(child, couriers)
	}
	if n.Item == nil || n.Item.Fetch == nil || n.Item.Fetch.FetchInfo() == nil {
		return
	}
	c, ok := couriers[n.Item.Fetch.FetchInfo().DataSourceName]
	if !ok {
		return
	}
	switch f := n.Item.Fetch.(type) {
	case *resolve.SingleFetch:
		f.DataSource = direct{f.DataSource, c}
	case *resolve.EntityFetch:
		f.DataSource = direct{f.DataSource, c}
	case *resolve.BatchEntityFetch:
		f.DataSource = direct{f.DataSource, c}
	}
}
