package gateway

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"sonata.ai/sonata/internal/kept"
	"sonata.ai/sonata/internal/principal"
)

// How long an identity is good for, and how long one is used again: a service always gets one with half of its time left.
const (
	identityLives = 60 * time.Second
	identityFresh = 30 * time.Second
	identityBytes = 4 << 20
)

// Identity signs who is asking: a JWT (RFC 7519, EdDSA after RFC 8037) in the header Sonata-Identity, for one service, good
// for 60 s. Claims: iss, aud (the service's name), sub (the principal's id), kind, scopes (those that hold for the whole
// installation or for this service, without those of a grant for one frontend or environment), iat, exp.
type Identity struct {
	issuer string
	key    ed25519.PrivateKey
	id     string
	former []ed25519.PublicKey
	now    func() time.Time
	tokens *kept.Kept[string, signed]
}

type signed struct {
	token string
	until time.Time
}

// NewIdentity signs with a key. Former keys stay in the list that services read, so that what they signed is good to its
// end. Now is the clock; nil for the system's.
func NewIdentity(issuer string, key ed25519.PrivateKey, now func() time.Time, former ...ed25519.PublicKey) *Identity {
	if now == nil {
		now = time.Now
	}
	return &Identity{
		issuer: issuer, key: key, id: keyID(public(key)), former: former, now: now,
		tokens: kept.New(identityBytes, func(k string, s signed) int { return len(k) + len(s.token) + 128 }),
	}
}

func public(key ed25519.PrivateKey) ed25519.PublicKey {
	p, _ := key.Public().(ed25519.PublicKey)
	return p
}

// jwk is a public key after RFC 7517.
type jwk struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Use   string `json:"use"`
	Alg   string `json:"alg"`
	ID    string `json:"kid"`
}

// keyID is the thumbprint of a key (RFC 7638).
func keyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + encoded(key) + `"}`))
	return encoded(sum[:])
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Keys answers with the public keys (JWKS, RFC 7517), for /.well-known/jwks.json.
func (i *Identity) Keys() http.Handler {
	set := struct {
		Keys []jwk `json:"keys"`
	}{}
	for _, k := range append([]ed25519.PublicKey{public(i.key)}, i.former...) {
		set.Keys = append(set.Keys, jwk{"OKP", "Ed25519", encoded(k), "sig", "EdDSA", keyID(k)})
	}
	body, err := json.Marshal(set)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Header().Set("Cache-Control", "public, max-age=300")
		_, _ = w.Write(body) // the client is gone
	})
}

type claims struct {
	Issuer   string   `json:"iss"`
	Audience string   `json:"aud"`
	Subject  string   `json:"sub"`
	Kind     string   `json:"kind"`
	Scopes   []string `json:"scopes"`
	Issued   int64    `json:"iat"`
	Expires  int64    `json:"exp"`
}

// token says to a service who is asking.
func (i *Identity) token(ctx context.Context, service string) (string, error) {
	who := principal.From(ctx)
	key := keyOf(who, service)
	now := i.now()
	if s, ok := i.tokens.Get(key); ok && now.Before(s.until) {
		return s.token, nil
	}
	scopes := scopesFor(who, service)
	header, err := json.Marshal(map[string]string{"alg": "EdDSA", "typ": "JWT", "kid": i.id})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims{i.issuer, service, who.ID, string(who.Kind), scopes, now.Unix(), now.Add(identityLives).Unix()})
	if err != nil {
		return "", err
	}
	text := encoded(header) + "." + encoded(body)
	s := signed{text + "." + encoded(ed25519.Sign(i.key, []byte(text))), now.Add(identityFresh)}
	i.tokens.Put(key, s)
	return s.token, nil
}

// keyOf is what decides about a token: the scopes follow from the grants, which are not taken apart for each request.
func keyOf(who principal.Principal, service string) string {
	key := make([]byte, 0, 256)
	for _, part := range []string{service, string(who.Kind), who.ID} {
		key = append(append(key, part...), 0)
	}
	for _, g := range who.Grants {
		if counts(g, service) {
			key = append(append(key, g.Role...), 0)
			for _, scope := range g.Scopes {
				key = append(append(key, scope...), ' ')
			}
			key = append(key, 0)
		}
	}
	return string(key)
}

// counts reports whether a grant holds for the whole installation or for this service.
func counts(g principal.Grant, service string) bool {
	return g.Frontend == "" && len(g.Environments) == 0 && (len(g.Services) == 0 || slices.Contains(g.Services, service))
}

func scopesFor(who principal.Principal, service string) []string {
	scopes := []string{}
	for _, g := range who.Grants {
		if counts(g, service) {
			scopes = append(scopes, g.All()...)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}
