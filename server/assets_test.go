package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/principal"
)

// Who may upload nothing is told what is missing before anything of the picture is looked at.
func TestUploadingTakesTheScope(t *testing.T) {
	key := func(scopes ...string) principal.Principal {
		return principal.Principal{
			Actor:  principal.Actor{ID: "key_1", Kind: principal.APIKey, Name: "Key"},
			Grants: []principal.Grant{{Frontend: "frt_1", Scopes: scopes}}, Credential: principal.KeyCredential,
		}
	}
	for name, c := range map[string]struct {
		who    principal.Principal
		status int
	}{
		"nobody":                       {principal.From(t.Context()), http.StatusUnauthorized},
		"a key that may read":          {key(principal.ContentRead, principal.ReleaseWrite), http.StatusForbidden},
		"a key that may, of no upload": {key(principal.ContentWrite), http.StatusBadRequest},
	} {
		r := httptest.NewRequest(http.MethodPut, "/assets", strings.NewReader("x"))
		w := httptest.NewRecorder()
		upload(Parts{})(w, r.WithContext(principal.With(t.Context(), c.who)))
		if w.Code != c.status || (c.status == http.StatusUnauthorized) != (w.Header().Get("WWW-Authenticate") == "Bearer") {
			t.Errorf("%s: %d %v %s", name, w.Code, w.Header(), w.Body)
		}
	}
}
