package document

import (
	"context"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/trusteddocument"
	"sonata.ai/sonata/internal/binding"
)

// How much is kept of what documents look like to bindings; they are some kilobytes each.
const (
	maxSources   = 4 << 20
	sizeOfSource = 8 << 10
)

// Bindable returns what screens of a frontend can be bound to, by hash. What is not there, or retired, says so.
func (d *Documents) Bindable(ctx context.Context, frontendID string, hashes []string) (map[string]*binding.Source, error) {
	found := map[string]*binding.Source{}
	for _, hash := range hashes {
		if found[hash] != nil {
			continue
		}
		t := d.Bound(frontendID, hash)
		if t == nil { // it may have been registered a moment ago, by another process
			row, err := d.store.Reader(ctx).TrustedDocument.Query().Where(trusteddocument.FrontendID(frontendID), trusteddocument.Hash(hash)).Only(ctx)
			if err != nil && !ent.IsNotFound(err) {
				return nil, fmt.Errorf("read document: %w", err)
			}
			if err == nil {
				t = trustedOf(row)
			}
		}
		found[hash] = bindable(t, d.Source)
	}
	return found, nil
}

// BindableIn is Bindable for one document, in a graph that is not served.
func (d *Documents) BindableIn(graph *ast.Schema, frontendID, hash string) *binding.Source {
	return bindable(d.Bound(frontendID, hash), func(t *Trusted) *binding.Source {
		if why := d.InvalidIn(graph, t.Source); why != "" {
			return binding.Unusable(t.Name, "the graph cannot run it: "+why)
		}
		return binding.NewSource(graph, t.Name, t.Source)
	})
}

func bindable(t *Trusted, read func(*Trusted) *binding.Source) *binding.Source {
	switch {
	case t == nil:
		return binding.Unusable("", "no document with this hash is registered for the frontend: register it, or choose another")
	case t.Retired:
		return binding.Unusable(t.Name, "it is retired: choose another, or register it again")
	}
	return read(t)
}

// Bound is the document of a frontend with a hash, retired or not: what is live goes on with what it is bound to. It is nil
// for none.
func (d *Documents) Bound(frontendID, hash string) *Trusted {
	s := d.index.Load().byID[frontendID]
	if s == nil {
		return nil
	}
	return s.all[hash]
}

// Source is what a document looks like to bindings in the graph that is served.
func (d *Documents) Source(t *Trusted) *binding.Source {
	graph := d.graph.Load()
	if known, ok := graph.sources.Get(t.Hash); ok {
		return known
	}
	source := binding.NewSource(graph.schema, t.Name, t.Source)
	if why := d.Invalid(t.Hash, t.Source); why != "" {
		source = binding.Unusable(t.Name, "the graph cannot run it: "+why)
	}
	graph.sources.Put(t.Hash, source)
	return source
}
