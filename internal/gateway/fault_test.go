package gateway_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

func short(o *gateway.RemoteOptions) { o.Deadline, o.MaxResponse = 300*time.Millisecond, 256<<10 }

// What a service can do wrong becomes an error with path, code and service; what others answered is served.
func TestFaultsOfAService(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault subgraph.Fault
		want  string
	}{
		"status 500":     {subgraph.Fault{Status: 500}, `{"message":"the service \"reviews\" cannot be reached","path":["products"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"reviews"}}`},
		"slow":           {subgraph.Fault{Slow: time.Minute}, `{"message":"the service \"reviews\" did not answer in time","path":["products"],"extensions":{"code":"SUBGRAPH_TIMEOUT","service":"reviews"}}`},
		"a page":         {subgraph.Fault{HTML: true}, `{"message":"the service \"reviews\" answered with something that is not a GraphQL response","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"a cut body":     {subgraph.Fault{Cut: true}, `{"message":"the service \"reviews\" answered with a body that ends too early","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"too much":       {subgraph.Fault{Huge: 64 << 20}, `{"message":"the service \"reviews\" answered with more than 262144 bytes","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"an entity less": {subgraph.Fault{ShortEntities: true}, `{"message":"the service \"reviews\" answered with 1 entities for 2","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"nothing":        {subgraph.Fault{Body: `{}`}, `{"message":"the service \"reviews\" answered without data and without errors","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"a list":         {subgraph.Fault{Body: `[1]`}, `{"message":"the service \"reviews\" answered with something that is not JSON","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"a redirect":     {subgraph.Fault{Status: 302, Header: http.Header{"Location": {"http://169.254.169.254/"}}}, `{"message":"the service \"reviews\" answered with a redirect, which is not followed","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
		"its own error":  {subgraph.Fault{Body: `{"errors":[{"message":"no","path":["_entities",1,"best"],"locations":[{"line":1,"column":1}],"extensions":{"code":"NO","trace":"x"},"more":1}],"data":{"_entities":[{"__typename":"Product","best":{"text":"b"}},{"__typename":"Product","best":null}]}}`}, `{"message":"no","path":["products",1,"best"],"extensions":{"code":"NO","service":"reviews"}}`},
		"no code":        {subgraph.Fault{Body: `{"errors":[{"message":"no"}],"data":null}`}, `{"message":"no","path":["products"],"extensions":{"code":"SUBGRAPH_ERROR","service":"reviews"}}`},
		"strange errors": {subgraph.Fault{Body: `{"errors":"no"}`}, `{"message":"the service \"reviews\" answered with errors that are not GraphQL's","path":["products"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, short)
			w.reviews.Break(c.fault)
			got := w.ask(context.Background(), `{me products(first: 2) {name best {text}}}`, "")
			if !strings.HasPrefix(got, `{"errors":[`+c.want+`]`) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
			if !strings.Contains(got, `"data":{"me":"products","products":[{"name":"Chair","best":`) {
				t.Errorf("the rest is not served: %s", got)
			}
			for _, secret := range []string{"127.0.0.1", "10.1.2.3", "169.254", "http:", "secret", "trace", "@"} {
				if strings.Contains(got, secret) {
					t.Errorf("%s is told: %s", secret, got)
				}
			}
		})
	}
}

// A field that may not be null takes its object along, as GraphQL says; the error is the one of the service.
func TestAFaultAtAFieldThatMayNotBeNull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, short)
	w.reviews.Break(subgraph.Fault{Status: 503})
	w.want(`{product(id: 1) {name stars}}`, "", `{"errors":[{"message":"the service \"reviews\" cannot be reached","path":["product","stars"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"reviews"}}],"data":{"product":null}}`)
	w.reviews.Break(subgraph.Fault{Body: `{"data":{"_entities":[{"__typename":"Product","stars":null}]}}`})
	w.want(`{product(id: 1) {name stars}}`, "", `{"errors":[{"message":"Cannot return null for non-nullable field 'Query.product.stars'.","path":["product","stars"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"reviews"}}],"data":{"product":null}}`)
}

func TestEntitiesOfAWrongType(t *testing.T) {
	t.Parallel()
	w := newWorld(t, short)
	for _, body := range []string{
		`{"data":{"_entities":[{"__typename":"Nobody","best":{"text":"x"}}]}}`,
		`{"data":{"_entities":["x"]}}`,
		`{"data":{"_entities":[{"__typename":"Product","best":7}]}}`,
		`{"data":{"_entities":[{"__typename":"Product","best":{"text":{"a":[1]}}}]}}`,
		`{"data":{"_entities":{"a":1}}}`,
		`{"data":{"_entities":null}}`,
		`{"data":{}}`,
		`{"data":{"_entities":[[]]}}`,
		`{"data":{"_entities":[{"__typename":"Product","best":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}]}}`,
		`{"data":{"_entities":[{"__typename":"Product","best":` + strings.Repeat(`{"text":`, 20_000) + "1" + strings.Repeat("}", 20_000) + `}]}}`,
		"{\"data\":{\"_entities\":[{\"best\":{\"text\":\"\x00\"}}]}}",
	} {
		w.reviews.Break(subgraph.Fault{Body: body})
		got := w.ask(context.Background(), `{me product(id: 1) {name best {text}}}`, "")
		var r struct {
			Errors []struct {
				Message    string
				Extensions struct{ Code, Service string }
			}
			Data map[string]any
		}
		if err := json.Unmarshal([]byte(got), &r); err != nil {
			t.Fatal(err, got)
		}
		if len(r.Errors) == 0 || r.Errors[0].Extensions.Code != gateway.CodeInvalid || r.Errors[0].Extensions.Service != "reviews" {
			t.Errorf("%s\ngave %s", body, got)
		}
		if len(got) > 1000 {
			t.Errorf("%.300s", got)
		}
	}
}
