package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// house is a production server on loopback.
type house struct {
	t       *testing.T
	handler http.Handler
	url     string
	token   string // of the set-up link
	path    string // of the database
	admin   string // where operators find figures
	address string // where it listens
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseWith(t, io.Discard)
}

// newHouseWith writes a log of everything.
func newHouseWith(t *testing.T, log io.Writer, environ ...string) *house {
	t.Helper()
	return newHouseOf(t, log, []string{"--demo", "on"}, environ...)
}

// newHouseOf has settings of its own.
func newHouseOf(t *testing.T, log io.Writer, settings []string, environ ...string) *house {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	a := running(t, path, log, environ, append([]string{"--mode", "production", "--admin-listen", "127.0.0.1:0"}, settings...)...)
	_, token, _ := strings.Cut(a.SetUpLink(), "#")
	return &house{t: t, handler: a.Handler, url: a.URL(), token: token, path: path, admin: a.AdminURL(), address: a.Address()}
}

// visitor is a browser with its cookie.
type visitor struct {
	h      *house
	cookie *http.Cookie
	origin string                // "" for our own page
	way    func(r *http.Request) // how requests come; nil for over loopback
}

func (h *house) visitor() *visitor { return &visitor{h: h} }

type sent struct {
	status int
	body   string
	cookie *http.Cookie // that was set
	after  string       // when to come again
}

func (v *visitor) send(document string, variables map[string]any) sent {
	v.h.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		v.h.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(v.h.t.Context(), http.MethodPost, v.h.url+"/graphql", bytes.NewReader(body))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", v.h.url)
	if v.origin != "" {
		r.Header.Set("Origin", v.origin)
	}
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	if v.way != nil {
		v.way(r)
	}
	w := httptest.NewRecorder()
	v.h.handler.ServeHTTP(w, r)
	out := sent{status: w.Code, body: w.Body.String(), after: w.Header().Get("Retry-After")}
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-sonata" {
			out.cookie, v.cookie = c, c
		}
	}
	return out
}

const whoAmI = `{ viewer { credential actor { name kind } member { email } scopes } }`

func (v *visitor) signedIn() bool {
	return strings.Contains(v.send(whoAmI, nil).body, `"credential":"SESSION"`)
}

const good = "several words nobody guesses 7"

// A development server whose developer invited only a designer leaves a database without an admin: the set-up link of the
// next start makes one, out of a member too.
func TestTheSetUpLinkMakesAnAdminUntilThereIsOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	first, stop := runningUntil(t, path, io.Discard, nil, "--mode", "development")
	h := &house{t: t, handler: first.Handler, url: first.URL()}
	_, token := h.visitor().invite("grace@example.com", "DESIGNER")
	mustContain(t, h.visitor().accept(token, good), `"name":"Grace"`)
	stop()
	second := running(t, path, io.Discard, nil, "--mode", "production")
	_, setUp, _ := strings.Cut(second.SetUpLink(), "#")
	h = &house{t: t, handler: second.Handler, url: second.URL(), token: setUp}
	grace := h.visitor()
	mustContain(t, grace.signIn("grace@example.com", good), `"name":"Grace"`)
	ada := h.visitor()
	mustContain(t, ada.setUp("grace@example.com"), `"name":"Ada"`, `"userErrors":[]`)
	mustContain(t, ada.send(whoAmI, nil), "members:write", `"email":"grace@example.com"`)
	if grace.signedIn() {
		t.Error("the session that the member had before still works")
	}
	mustContain(t, h.visitor().setUp("eve@example.com"), `"FORBIDDEN"`, "set-up link has ended")
}

func (v *visitor) setUp(email string) sent {
	return v.send(`mutation($i: SetupCompleteInput!) { setupComplete(input: $i) { viewer { actor { name } member { email } } userErrors { code message path } } }`,
		map[string]any{"i": map[string]any{"token": v.h.token, "email": email, "name": "Ada", "password": good}})
}

func (v *visitor) signIn(email, password string) sent {
	return v.send(`mutation($i: SessionCreateInput!) { sessionCreate(input: $i) { viewer { actor { name } } userErrors { code message path } } }`,
		map[string]any{"i": map[string]any{"email": email, "password": password}})
}

// invite returns the token of the link.
func (v *visitor) invite(email, role string) (id, token string) {
	v.h.t.Helper()
	raw := v.send(`mutation($i: MemberInviteInput!) { memberInvite(input: $i) { member { id } link userErrors { message } } }`,
		map[string]any{"i": map[string]any{"email": email, "name": "Grace", "grants": []any{map[string]any{"role": role}}}}).body
	var answer struct {
		Data struct {
			MemberInvite struct {
				Member struct{ ID string }
				Link   string
			}
		}
	}
	if err := json.Unmarshal([]byte(raw), &answer); err != nil || answer.Data.MemberInvite.Link == "" {
		v.h.t.Fatal(raw)
	}
	_, token, _ = strings.Cut(answer.Data.MemberInvite.Link, "#")
	return answer.Data.MemberInvite.Member.ID, token
}

func (v *visitor) accept(token, password string) sent {
	return v.send(`mutation($i: MemberLinkAcceptInput!) { memberLinkAccept(input: $i) { viewer { actor { name } } userErrors { code message } } }`,
		map[string]any{"i": map[string]any{"token": token, "password": password}})
}

func mustContain(t *testing.T, s sent, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(s.body, want) {
			t.Errorf("no %s in %d %s", want, s.status, s.body)
		}
	}
}

func TestTheFirstMemberIsMadeOnce(t *testing.T) {
	h := newHouse(t)
	ada := h.visitor()
	mustContain(t, ada.send(whoAmI, nil), `"credential":"NONE"`, `"scopes":[]`)
	made := ada.setUp("Ada@Example.com")
	mustContain(t, made, `"name":"Ada"`, `"email":"ada@example.com"`, `"userErrors":[]`)
	c := made.cookie
	if c == nil || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %+v", c)
	}
	if !ada.signedIn() {
		t.Error("whoever set up is not signed in")
	}
	mustContain(t, h.visitor().setUp("eve@example.com"), `"FORBIDDEN"`, "set-up link has ended")
}

func TestASessionEndsOnTheServer(t *testing.T) {
	h := newHouse(t)
	ada := h.visitor()
	ada.setUp("ada@example.com")
	stolen := *ada.cookie
	mustContain(t, ada.send(`mutation { sessionEnd { viewer { credential } userErrors { message } } }`, nil), `"credential":"NONE"`)
	thief := &visitor{h: h, cookie: &stolen}
	if thief.signedIn() {
		t.Error("a session that was ended still works")
	}
	mustContain(t, ada.signIn("ADA@example.com", good), `"name":"Ada"`)
	first := ada.cookie.Value
	mustContain(t, ada.signIn("ada@example.com", good), `"name":"Ada"`)
	if ada.cookie.Value == first {
		t.Error("signing in again kept the session")
	}
	if (&visitor{h: h, cookie: &http.Cookie{Name: "__Host-sonata", Value: first}}).signedIn() {
		t.Error("the session before still works")
	}
}

func TestWhatIsWrongIsToldAlike(t *testing.T) {
	h := newHouse(t)
	ada := h.visitor()
	ada.setUp("ada@example.com")
	ada.invite("grace@example.com", "DESIGNER")
	wrong := h.visitor().signIn("ada@example.com", "not the password at all")
	unknown := h.visitor().signIn("nobody@example.com", "not the password at all")
	invited := h.visitor().signIn("grace@example.com", "not the password at all")
	strange := h.visitor().signIn("not an address", "not the password at all")
	if wrong != unknown || wrong != invited || wrong != strange || wrong.cookie != nil {
		t.Errorf("answers differ:\n%v\n%v\n%v\n%v", wrong, unknown, invited, strange)
	}
}

func TestGuessingIsThrottledPerAccountKnownOrNot(t *testing.T) {
	for email, limit := range map[string]string{"ada@example.com": "6000", "nobody@example.com": "0"} { // of requests, which is another
		h := newHouseWith(t, io.Discard, "SONATA_LIMIT_ANONYMOUS="+limit)
		h.visitor().setUp("ada@example.com")
		aliases := strings.Builder{}
		for _, letter := range "abcdefghijkl" {
			aliases.WriteString(string(letter) + `: sessionCreate(input: {email: "` + email + `", password: "a wrong password"}) { userErrors { message } } `)
		}
		guessed := h.visitor().send("mutation { "+aliases.String()+" }", nil)
		if n := strings.Count(guessed.body, "is not right"); n != 10 {
			t.Errorf("%d guesses for %s were tried: %s", n, email, guessed.body)
		}
		refused := h.visitor().signIn(email, good)
		mustContain(t, refused, "RATE_LIMITED", `"retryAfterSeconds":`+refused.after)
		if guessed.after == "" || refused.after == "" {
			t.Errorf("the answers come with Retry-After %q and %q", guessed.after, refused.after)
		}
	}
}

// A password that came in the open is not tried: whoever listens would learn whether it is right.
func TestAPasswordTravelsByHTTPSOnly(t *testing.T) {
	h := newHouseWith(t, io.Discard, "SONATA_PUBLIC_URL=https://sonata.example", "SONATA_TRUSTED_PROXIES=10.0.0.0/8")
	by := func(peer string, headers ...string) *visitor {
		v := h.visitor()
		v.way = func(r *http.Request) {
			r.RemoteAddr, r.TLS = peer+":40000", nil
			if peer == "127.0.0.1" && len(headers) == 0 {
				_, r.Host, _ = strings.Cut(h.address, "://")
				r.Header.Set("Origin", h.address)
			}
			for i := 0; i < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
		}
		return v
	}
	mustContain(t, by("10.0.0.1", "X-Forwarded-For", "192.0.2.9", "X-Forwarded-Proto", "https").setUp("ada@example.com"), `"name":"Ada"`)
	for name, open := range map[string]*visitor{
		"without a proxy":              by("192.0.2.9"),
		"by a client that claims more": by("192.0.2.9", "X-Forwarded-Proto", "https"),
		"to a proxy":                   by("10.0.0.1", "X-Forwarded-For", "192.0.2.9", "X-Forwarded-Proto", "http"),
		"to a proxy that says nothing": by("10.0.0.1", "X-Forwarded-For", "192.0.2.9"),
		"to a proxy on this machine":   by("127.0.0.1", "X-Forwarded-For", "192.0.2.9"),
	} {
		for range 12 { // more than may fail
			right, wrong := open.signIn("ada@example.com", good), open.signIn("ada@example.com", "not the password at all")
			mustContain(t, right, `"FORBIDDEN"`, "a password is sent over HTTPS only, or on the machine itself")
			if right != wrong || right.cookie != nil {
				t.Fatalf("%s: the right password is answered %+v, a wrong one %+v", name, right, wrong)
			}
		}
	}
	for name, v := range map[string]*visitor{
		"HTTPS to a proxy": by("10.0.0.1", "X-Forwarded-For", "192.0.2.9", "X-Forwarded-Proto", "https"), "this machine": by("127.0.0.1"),
	} {
		if got := v.signIn("ada@example.com", good); got.cookie == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestALinkWorksOnceAndEndsSessions(t *testing.T) {
	h := newHouse(t)
	ada := h.visitor()
	ada.setUp("ada@example.com")
	id, token := ada.invite("grace@example.com", "DESIGNER")
	mustContain(t, h.visitor().accept(token, "short"), `"INVALID"`)
	mustContain(t, h.visitor().accept(token, "passwordpassword"), "easily guessed")
	mustContain(t, h.visitor().accept(token, "grace grace grace"), "easily guessed")
	grace := h.visitor()
	mustContain(t, grace.accept(token, good), `"name":"Grace"`)
	mustContain(t, h.visitor().accept(token, good), "was used or has ended")
	mustContain(t, grace.send(`mutation($i: MemberUpdateInput!) { memberUpdate(input: $i) { userErrors { code } } }`,
		map[string]any{"i": map[string]any{"id": id, "grants": []any{map[string]any{"role": "ADMIN"}}}}), "FORBIDDEN")
	mustContain(t, grace.send(`mutation($i: PasswordChangeInput!) { passwordChange(input: $i) { userErrors { code } } }`,
		map[string]any{"i": map[string]any{"current": good, "new": "entirely different words 9"}}), `"userErrors":[]`)
	if !grace.signedIn() {
		t.Error("changing the password ended the session that did it")
	}
	other := h.visitor()
	other.signIn("grace@example.com", "entirely different words 9")
	if !other.signedIn() {
		t.Error("the new password does not work")
	}
	mustContain(t, ada.send(`mutation($i: MemberSessionsEndInput!) { memberSessionsEnd(input: $i) { userErrors { code } } }`,
		map[string]any{"i": map[string]any{"id": id}}), `"userErrors":[]`)
	if grace.signedIn() || other.signedIn() {
		t.Error("ended sessions still work")
	}
}

func TestTheLastAdminStays(t *testing.T) {
	h := newHouse(t)
	ada, grace := h.visitor(), h.visitor()
	ada.setUp("ada@example.com")
	graceID, token := ada.invite("grace@example.com", "ADMIN")
	grace.accept(token, good)
	var adaID string
	var found struct {
		Data struct {
			Viewer struct{ Actor struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(ada.send(`{ viewer { actor { id } } }`, nil).body), &found); err != nil {
		t.Fatal(err)
	}
	adaID = found.Data.Viewer.Actor.ID
	remove := func(v *visitor, id string) {
		v.send(`mutation($i: MemberRemoveInput!) { memberRemove(input: $i) { removedId userErrors { code message } } }`, map[string]any{"i": map[string]any{"id": id}})
	}
	var both sync.WaitGroup
	both.Go(func() { remove(ada, graceID) })
	both.Go(func() { remove(grace, adaID) })
	both.Wait()
	if ada.signedIn() == grace.signedIn() {
		t.Error("two admins removed each other, or neither")
	}
	last, id := ada, adaID
	if grace.signedIn() {
		last, id = grace, graceID
	}
	remove(last, id)
	if !last.signedIn() {
		t.Error("the last admin is gone")
	}
}

func TestOtherPagesSignNobodyIn(t *testing.T) {
	h := newHouse(t)
	ada := h.visitor()
	ada.setUp("ada@example.com")
	ada.send(`mutation { frontendUpdate(input: {id: "shop", origins: ["https://shop.example"]}) { userErrors { message } } }`, nil)
	for _, origin := range []string{"https://shop.example", "https://evil.example", "null"} {
		there := &visitor{h: h, origin: origin}
		if got := there.signIn("ada@example.com", good); got.cookie != nil {
			t.Errorf("a page of %s signed in: %s", origin, got.body)
		}
		with := &visitor{h: h, origin: origin, cookie: ada.cookie}
		if with.signedIn() {
			t.Errorf("a page of %s uses the session", origin)
		}
	}
}
