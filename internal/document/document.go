// Package document keeps the operations that frontends registered ahead, decides which operations may run, and counts
// those that do.
package document

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync/atomic"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/environment"
	entfrontend "sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/kept"
	"sonata.ai/sonata/internal/store"
)

// TopicChanged is the event of documents that were registered or retired.
const TopicChanged = "documents.changed"

// Changed is the payload of TopicChanged.
type Changed struct {
	Frontend string `json:"frontend"`
}

// Documents is the verbs on trusted documents, and all of them in memory: what is asked with each request must not wait
// for a database.
type Documents struct {
	store    *store.Store
	policy   Policy
	builtIn  map[string]string          // source by hash
	sent     *kept.Kept[string, string] // what clients had kept here by hash, while nothing is enforced
	counters *counters

	graph atomic.Pointer[served]
	index atomic.Pointer[index] // only Load and Apply replace it, one after the other
}

// Policy is what the installation wants of requests that name no frontend.
type Policy struct {
	Mode Mode // "" for the strictest that any frontend has
	// Tokens is how many lexical tokens a document may have; 0 for any number.
	Tokens int
}

// Trusted is a registered document as requests need it.
type Trusted struct {
	ID       string
	Hash     string
	Name     string
	Source   string
	Frontend string        // id
	MaxAge   time.Duration // how old what screens show of it may be, for everybody; 0 when it is each reader's own
	Retired  bool
}

// index is every safelist. It is replaced whole.
type index struct {
	byID      map[string]*safelist
	bySlug    map[string]*safelist
	anywhere  map[string]*Trusted // by each of its ids
	strictest Mode
}

// safelist is what one frontend registered.
type safelist struct {
	id, slug string
	mode     Mode
	public   bool                // whether everybody may know that the frontend is there
	of       map[string]*Trusted // by each of its ids
	all      map[string]*Trusted // by hash; retired ones, too: what is live may be bound to them
}

// maxSent bounds, in bytes, the documents that clients had kept here by hash.
const maxSent = 8 << 20

// Follow says what the graph is from now on. Refuse says why an operation would be refused whenever it is sent, or "".
func (d *Documents) Follow(schema *ast.Schema, refuse func(op *ast.OperationDefinition) string) {
	d.graph.Store(&served{
		schema: schema, refuse: refuse, verdicts: kept.New(maxVerdicts, func(hash string, v verdict) int { return len(hash) + len(v.why) + 128 }),
		sources: kept.New(maxSources, func(hash string, _ *binding.Source) int { return len(hash) + sizeOfSource }),
	})
}

// maxVerdicts bounds, in bytes, for which documents is remembered whether the graph can run them.
const maxVerdicts = 4 << 20

// New returns documents, none of which is known yet: call Follow and Load before the first request. Those in builtIn may run
// everywhere.
func New(s *store.Store, policy Policy, builtIn []string) *Documents {
	d := &Documents{
		store: s, policy: policy, builtIn: map[string]string{}, sent: kept.New(maxSent, func(hash, source string) int { return len(hash) + len(source) }), counters: newCounters(),
	}
	for _, source := range builtIn {
		d.builtIn[HashOf(source)] = source
	}
	d.index.Store(newIndex(map[string]*safelist{}))
	return d
}

// Load reads everything that is registered.
func (d *Documents) Load(ctx context.Context) error {
	ids, err := d.store.Reader(ctx).Frontend.Query().IDs(ctx)
	if err != nil {
		return fmt.Errorf("read frontends: %w", err)
	}
	all := map[string]*safelist{}
	for _, id := range ids {
		if all[id], err = d.read(ctx, id); err != nil {
			return err
		}
	}
	d.index.Store(newIndex(all))
	return nil
}

// Apply follows one event of the ledger.
func (d *Documents) Apply(ctx context.Context, e event.Event) error {
	if e.Topic != TopicChanged && e.Topic != frontend.TopicChanged {
		return nil
	}
	var p Changed // both topics name the frontend alike
	if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
		return fmt.Errorf("event %d: %w", e.Seq, err)
	}
	fresh, err := d.read(ctx, p.Frontend)
	if err != nil {
		return err
	}
	all := maps.Clone(d.index.Load().byID)
	all[p.Frontend] = fresh
	d.index.Store(newIndex(all))
	return nil
}

// read returns what a frontend registered.
func (d *Documents) read(ctx context.Context, frontendID string) (*safelist, error) {
	row, err := d.store.Reader(ctx).Frontend.Query().Where(entfrontend.ID(frontendID)).WithEnvironments().
		WithDocuments().Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	fresh := &safelist{id: row.ID, slug: row.Slug, mode: Mode(row.Safelist), of: map[string]*Trusted{}, all: map[string]*Trusted{}}
	for _, e := range row.Edges.Environments {
		fresh.public = fresh.public || e.Delivery == environment.DeliveryPUBLIC
	}
	for _, x := range row.Edges.Documents {
		t := trustedOf(x)
		if fresh.all[x.Hash] = t; t.Retired {
			continue
		}
		for _, id := range idsOf(x.Body, x.Alias) {
			fresh.of[id] = t
		}
	}
	return fresh, nil
}

func trustedOf(row *ent.TrustedDocument) *Trusted {
	t := &Trusted{ID: row.ID, Hash: row.Hash, Name: row.Name, Source: row.Body, Frontend: row.FrontendID, Retired: row.RetiredAt != nil}
	if row.PublicMaxAge != nil {
		t.MaxAge = time.Duration(*row.PublicMaxAge) * time.Second
	}
	return t
}

func newIndex(all map[string]*safelist) *index {
	x := &index{byID: all, bySlug: map[string]*safelist{}, anywhere: map[string]*Trusted{}, strictest: Off}
	for _, s := range all {
		x.bySlug[s.slug] = s
		x.strictest = strictest(x.strictest, s.mode)
		for id, t := range s.of {
			switch known, taken := x.anywhere[id]; {
			case !taken || known != nil && known.Hash == t.Hash && t.ID < known.ID: // the same document twice: always the same one is meant
				x.anywhere[id] = t
			case known != nil && known.Hash != t.Hash: // an id of two frontends' own: who names neither means neither
				x.anywhere[id] = nil
			}
		}
	}
	return x
}
