package document

import (
	"encoding/json"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/fault"
)

func TestManifestsOfClientsTools(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		manifest string
		entries  []Entry
		refused  string
	}{
		"Apollo's":                {`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"b","name":"B","type":"query","body":"{b}"},{"id":"a","name":"A","type":"query","body":"{a}"}]}`, []Entry{{"b", "B", "{b}"}, {"a", "A", "{a}"}}, ""},
		"a map, in order of ids":  {`{"b":"{b}","a":"{a}"}`, []Entry{{"a", "", "{a}"}, {"b", "", "{b}"}}, ""},
		"a map with an id format": {`{"format":"query Format { a }"}`, []Entry{{"format", "", "query Format { a }"}}, ""},
		"nothing":                 {`{}`, []Entry{}, ""},
		"another version":         {`{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}`, nil, "version"},
		"another format":          {`{"format":"other","version":1,"operations":[]}`, nil, "format"},
		"no operations":           {`{"format":"apollo-persisted-query-manifest","version":1}`, nil, "operations"},
		"a map of something else": {`{"a":{"text":"{a}"}}`, nil, "not a document"},
		"null for a document":     {`{"a":null}`, nil, "not a document"},
		"a list":                  {`[]`, nil, "JSON object"},
		"null":                    {`null`, nil, "JSON object"},
		"a text":                  {`query A { a }`, nil, "not JSON"},
		"an id twice":             {`{"a":"{a}","a":"{b}"}`, nil, "not JSON"},
		"two values":              {`{} {}`, nil, "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			entries, err := ParseManifest([]byte(c.manifest))
			if c.refused != "" {
				if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.refused) {
					t.Errorf("refused with %v, want a word about %q", err, c.refused)
				}
				return
			}
			got, _ := json.Marshal(entries)    //nolint:errchkjson // texts
			want, _ := json.Marshal(c.entries) //nolint:errchkjson // texts
			if err != nil || string(got) != string(want) {
				t.Errorf("%s %v, want %s", got, err, want)
			}
		})
	}
}

// Whatever a manifest holds, it is read or refused in words; what is read has ids that requests can send or that are refused
// in words, too.
func FuzzDocumentManifest(f *testing.F) {
	f.Add([]byte(`{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"x-app:1","name":"A","type":"query","body":"query A { a }"}]}`))
	f.Add([]byte(`{"0cc175b9c0f1b6a831c399e269772661":"a","sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4f1e6a8b4c5b0ff4e8a7":"a"}`))
	f.Add([]byte(`{"a":"\ud800","a b":"","x-:":"x"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		entries, err := ParseManifest(raw)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || err.Error() == "" {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		for _, e := range entries {
			alias, err := aliasFor(e.ID, e.Source)
			switch {
			case err != nil && fault.KindOf(err) != fault.Invalid:
				t.Fatalf("%q is refused with %v", e.ID, err)
			case err == nil && alias != "" && alias != e.ID:
				t.Fatalf("%q becomes %q", e.ID, alias)
			case err == nil && strings.ContainsAny(alias, " /?#%\"\\"):
				t.Fatalf("%q cannot be sent in a path", alias)
			}
		}
	})
}

func TestIdsOfDocuments(t *testing.T) {
	t.Parallel()
	const source = "a" // of which everybody knows the hashes
	for id, want := range map[string]string{
		"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff807c8c4d0d4d0f7f4b0b4a7f1": "refused",
		"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb":        "",
		"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb": "",
		"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8":                                "",
		"0cc175b9c0f1b6a831c399e269772661":                                        "",
		"0CC175B9C0F1B6A831C399E269772661":                                        "refused", // a hash in another case
		"0cc175b9c0f1b6a831c399e269772662":                                        "refused",
		"home":                                                                    "home",
		"x-shop:home":                                                             "x-shop:home",
		"shop:home":                                                               "refused",
		"x-shop:home:2":                                                           "refused",
		"":                                                                        "refused",
		"x-":                                                                      "refused",
		"a/b":                                                                     "refused",
		"a b":                                                                     "refused",
		strings.Repeat("a", maxAlias):                                             strings.Repeat("a", maxAlias),
		strings.Repeat("a", maxAlias+1):                                           "refused",
	} {
		alias, err := aliasFor(id, source)
		if err != nil {
			alias = "refused"
		}
		if alias != want {
			t.Errorf("%q is %q, want %q", id, alias, want)
		}
	}
}

func TestPercentiles(t *testing.T) {
	t.Parallel()
	calls := map[int]int64{noTime: 1000}
	if p := percentile(calls, 0.5); p != nil {
		t.Errorf("subscriptions took %v ms", *p)
	}
	for range 95 {
		calls[bucketOf(10)]++
	}
	for range 5 {
		calls[bucketOf(1000)]++
	}
	near := func(share, want float64) {
		t.Helper()
		if got := *percentile(calls, share); got < want/1.2 || got > want*1.2 {
			t.Errorf("%v of all took %v ms, want about %v", share, got, want)
		}
	}
	near(0.5, 10)
	near(0.95, 10)
	near(0.96, 1000)
	for _, ms := range []float64{0, 0.01, 0.0626, 3, 39_000, 1e9} {
		if b := bucketOf(ms); b < 0 || b >= buckets || ms > 0.0625 && ms < 40_000 && (middle(b) < ms/1.2 || middle(b) > ms*1.2) {
			t.Errorf("%v ms is in bucket %d, which stands for %v", ms, b, middle(b))
		}
	}
}
