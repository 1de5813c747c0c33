package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"

	"sonata.ai/sonata/internal/gateway"
)

// canned answers with bytes.
type canned struct{ answer func() []byte }

func (c canned) Ask(context.Context, gateway.Question) ([]byte, error) { return c.answer(), nil }

func (c canned) Follow(context.Context, gateway.Question) (gateway.Stream, error) {
	return nil, io.ErrUnexpectedEOF
}

// Whatever a service answers, a client gets a response of its own form, with what the other service has, and errors that
// have a code.
func FuzzAnswersOfAService(f *testing.F) {
	for _, seed := range []string{
		`{"data":{"_entities":[{"__typename":"Product","stars":1,"best":{"text":"a"}},{"__typename":"Product","stars":2,"best":null}]}}`,
		`{"data":{"_entities":[{"__typename":"Product","stars":"x","best":[]},null]},"errors":[{"message":"m","path":["_entities",1,"best",-1,{}],"extensions":{"code":7}}]}`,
		`{"errors":[{}]}`, `{"errors":[null,{"path":null}],"data":null}`, `{"data":{"_entities":[{},{}]}}`, `{"data":{"_entities":[{"id":{"a":1}},{"name":[1]}]}}`, `[`, ``, `null`,
		`{"data":{"_entities":[{"__typename":5},{"stars":1e999}]}}`, `{"data":{"_entities":[{"best":{"text":"\ud800"}},{"__typename":"Product","best":{"text":"` + "\xff" + `"}}]}}`,
	} {
		f.Add([]byte(seed))
	}
	var answer []byte
	g := gateway.New(gateway.Options{})
	f.Cleanup(g.Close)
	e, err := g.Build(wholeGraph(f), map[string]gateway.Source{
		"products": canned{func() []byte {
			return []byte(`{"data":{"me":"x","products":[{"name":"Chair","__typename":"Product","id":"1"},{"name":"Table","__typename":"Product","id":"2"}]}}`)
		}},
		"reviews": canned{func() []byte { return answer }},
	})
	if err != nil {
		f.Fatal(err)
	}
	g.Swap(context.Background(), e)
	f.Fuzz(func(t *testing.T, body []byte) {
		answer = bytes.Clone(body)
		var out bytes.Buffer
		if err := e.Execute(context.Background(), &out, `{me products {name best {text}}}`, "", nil); err != nil {
			t.Fatal(err)
		}
		var r struct {
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
			Data map[string]any
		}
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatalf("%v: %s", err, out.Bytes())
		}
		for _, e := range r.Errors {
			if e.Message == "" || e.Extensions.Code == "" || e.Extensions.Code == "INTERNAL" {
				t.Errorf("%s", out.Bytes())
			}
		}
		if len(r.Errors) == 0 && (r.Data["me"] != "x" || len(r.Data["products"].([]any)) != 2) {
			t.Errorf("%s", out.Bytes())
		}
	})
}
