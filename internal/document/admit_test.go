package document

import (
	"testing"

	"sonata.ai/sonata/internal/principal"
)

// BenchmarkAdmit is what deciding about a document takes: of 700 bytes, among 1,000 that are registered. The limit beside it
// is its hash.
func BenchmarkAdmit(b *testing.B) {
	source := ""
	registered := &safelist{id: "frt_1", slug: "shop", mode: Enforce, public: true, of: map[string]*Trusted{}}
	for i := range 1000 {
		source = "query Screen" + string(rune('a'+i%26)) + longQuery + " #" + string(rune('a'+i/26%26)) + string(rune('a'+i/676))
		t := &Trusted{ID: "doc", Hash: HashOf(source), Source: source, Frontend: "frt_1"}
		for _, id := range idsOf(source, "") {
			registered.of[id] = t
		}
	}
	d := New(nil, Policy{}, nil)
	d.index.Store(newIndex(map[string]*safelist{"frt_1": registered}))
	open := &safelist{id: "frt_2", slug: "open", mode: Off, public: true, of: map[string]*Trusted{}}
	d.index.Store(newIndex(map[string]*safelist{"frt_1": registered, "frt_2": open}))
	for name, in := range map[string]Request{
		"free text, off":           {Source: source, Client: "open"},
		"registered text, enforce": {Source: source, Client: "shop"},
		"registered id, enforce":   {ID: HashOf(source), Client: "shop"},
		"by no name":               {ID: HashOf(source)},
	} {
		b.Run(name, func(b *testing.B) {
			ctx := With(principal.With(b.Context(), principal.Unknown()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Admit(ctx, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("the hash alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			HashOf(source)
		}
	})
}

const longQuery = `($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { ...Snapshot } }
fragment Snapshot on ScreenSnapshot {
  id key title path params contentHash root
  release { id number hash publishedAt }
  blocks { key component version props slots { name blocks } }
  degradations { blockKey wanted served reason }
}`
