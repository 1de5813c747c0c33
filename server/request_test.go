package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

// unkept reads requests where no answer is kept.
func unkept(next http.Handler) http.Handler {
	return wellFormed(newQuestions(), func(context.Context, http.ResponseWriter, *http.Request, *sent) bool { return false }, next)
}

// Whatever is sent as a body: what goes on names a document or holds one, within the limits of ids, and what does not is
// refused with 4xx in one short JSON object.
func FuzzRequestBody(f *testing.F) {
	for _, body := range []string{
		`{"query":"{ viewer { credential } }","variables":{"a":1e400},"operationName":null,"extensions":{"cost":true}}`,
		`{"documentId":"sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}`, `{"doc_id":"a","documentId":"a"}`,
		`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}}}`,
		`[{"query":"{a}"}]`, `{"query":{},"variables":[]}`, "\ufeff{}", `{"query":"\ud800"}`, `{"query":"a","query":"b"}`, ``, `null`, `{"documentId":7}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var passed *sent
		h := unkept(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { passed = sentIn(r.Context()) }))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", plainJSON)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if passed != nil {
			d := passed.document
			if passed.params.Query == "" && !d.named() || len(d.id) > maxDocumentID || len(d.sha256) > maxDocumentID || d.id != "" && d.sha256 != "" {
				t.Fatalf("%q goes on as %+v", body, d)
			}
			return
		}
		var answer struct {
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
		}
		err := json.Unmarshal(w.Body.Bytes(), &answer)
		if w.Code < 400 || w.Code > 499 || err != nil || len(answer.Errors) != 1 || answer.Errors[0].Extensions.Code == "" || w.Body.Len() > 1<<10 {
			t.Fatalf("%q is answered %d %s", body, w.Code, w.Body)
		}
	})
}
