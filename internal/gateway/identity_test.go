package gateway_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/principal"
)

// decode checks a JWT as a service does: with the keys that are served.
func decode(t *testing.T, keys http.Handler, token string) (claims map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	keys.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/jwks.json", nil))
	var set struct {
		Keys []struct{ Kty, Crv, X, Use, Alg, Kid string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatal(token)
	}
	part := func(i int) []byte {
		b, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var header struct{ Alg, Typ, Kid string }
	if err := json.Unmarshal(part(0), &header); err != nil || header.Alg != "EdDSA" || header.Typ != "JWT" {
		t.Fatal(err, header)
	}
	for _, k := range set.Keys {
		if k.Kid != header.Kid || k.Kty != "OKP" || k.Crv != "Ed25519" {
			continue
		}
		x, err := base64.RawURLEncoding.DecodeString(k.X)
		if err != nil {
			t.Fatal(err)
		}
		if !ed25519.Verify(x, []byte(parts[0]+"."+parts[1]), part(2)) {
			t.Error("the signature does not hold")
		}
		if err := json.Unmarshal(part(1), &claims); err != nil {
			t.Fatal(err)
		}
		return claims
	}
	t.Fatal("no key", header.Kid)
	return nil
}

// A service is told who is asking, signed, for it alone and for a minute.
func TestTheIdentityOfACaller(t *testing.T) {
	t.Parallel()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{at: time.Unix(1_800_000_000, 0)}
	identity := gateway.NewIdentity("https://sonata.example", key, c.now)
	var tokens []string
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tokens = append(tokens, r.Header.Get("Sonata-Identity"))
		answerOK(w)
	}), func(o *gateway.RemoteOptions) { o.Name, o.Identity = "orders", identity })
	who := principal.Principal{Actor: principal.Actor{ID: "mem_1", Kind: principal.Member, Name: "Ann"}, Grants: []principal.Grant{
		{Scopes: []string{principal.ContentRead}},
		{Scopes: []string{principal.ServicesRead}, Services: []string{"orders"}},
		{Scopes: []string{principal.ServicesWrite}, Services: []string{"stock"}},
		{Scopes: []string{principal.ReleaseWrite}, Frontend: "frt_1"},
		{Scopes: []string{principal.AuditRead}, Environments: []string{"staging"}},
	}}
	ask := func(ctx context.Context) string {
		if _, err := r.Ask(ctx, question("{a}")); err != nil {
			t.Fatal(err)
		}
		return tokens[len(tokens)-1]
	}
	ctx := principal.With(context.Background(), who)
	first := ask(ctx)
	claims := decode(t, identity.Keys(), first)
	want := map[string]any{
		"iss": "https://sonata.example", "aud": "orders", "sub": "mem_1", "kind": "MEMBER", "iat": 1.8e9, "exp": 1.8e9 + 60,
		"scopes": []any{principal.ContentRead, principal.DeliveryRead, principal.ServicesRead},
	}
	if fmt.Sprint(claims) != fmt.Sprint(want) {
		t.Errorf("got %v\nwant %v", claims, want)
	}
	c.pass(29 * time.Second)
	if ask(ctx) != first {
		t.Error("it was signed again")
	}
	c.pass(2 * time.Second)
	if ask(ctx) == first {
		t.Error("a service would get one that is about to end")
	}
	if claims := decode(t, identity.Keys(), ask(context.Background())); claims["kind"] != "ANONYMOUS" || fmt.Sprint(claims["scopes"]) != "[]" {
		t.Error(claims)
	}
	// after the key was changed, what the former one signed still holds
	_, next, _ := ed25519.GenerateKey(nil)
	later := gateway.NewIdentity("https://sonata.example", next, c.now, key.Public().(ed25519.PublicKey))
	decode(t, later.Keys(), first)
}
