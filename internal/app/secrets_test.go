package app_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// notebook is a log that is read while it is written.
type notebook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (n *notebook) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.b.Write(p)
}

func (n *notebook) Bytes() []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return bytes.Clone(n.b.Bytes())
}

// forms are the ways in which a secret could stand somewhere, each by its name.
func forms(secret []byte) map[string][]byte {
	all := map[string][]byte{
		"plain": secret, "hex": []byte(hex.EncodeToString(secret)), "HEX": []byte(strings.ToUpper(hex.EncodeToString(secret))),
		"in a URL": []byte(url.QueryEscape(string(secret))),
	}
	if quoted, err := json.Marshal(string(secret)); err == nil {
		all["in JSON"] = bytes.Trim(quoted, `"`)
	}
	for name, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64 for URLs": base64.RawURLEncoding} {
		for before := range 3 { // what stands before it decides where its bits fall; the characters at the edges are shared
			text := encoding.EncodeToString(append(bytes.Repeat([]byte{'x'}, before), secret...))
			from := []int{0, 2, 3}[before]
			to := len(text)
			if (before+len(secret))%3 != 0 {
				to--
			}
			all[fmt.Sprintf("%s behind %d", name, before)] = []byte(text[from:to])
		}
	}
	return all
}

// found tells which secrets stand somewhere, and how.
func found(where []byte, secrets map[string][]byte) (hits []string) {
	for name, secret := range secrets {
		for form, text := range forms(secret) {
			if bytes.Contains(where, text) {
				hits = append(hits, name+", "+form)
			}
		}
	}
	return hits
}

// rows are all values of all tables: a value in the file may be cut in pieces.
func rows(t *testing.T, path string) []byte {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out bytes.Buffer
	for _, table := range values(t, db, "SELECT name FROM sqlite_master WHERE type = 'table'") {
		for _, column := range values(t, db, "SELECT name FROM pragma_table_info('"+table+"')") {
			for _, value := range values(t, db, `SELECT coalesce(CAST("`+column+`" AS TEXT), '') FROM "`+table+`"`) {
				out.WriteString(value + "\n")
			}
		}
	}
	return out.Bytes()
}

func values(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	got, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	for got.Next() {
		var value string
		if err := got.Scan(&value); err != nil {
			t.Fatal(err)
		}
		all = append(all, value)
	}
	if err := got.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// request is one of a program, without a browser's headers.
func (h *house) request(method, path, body string, header ...string) string {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, h.url+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:40001"
	r.Header.Set("Content-Type", "application/json")
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Body.String()
}

// guesses uses secrets in every way that is wrong, and returns the answers.
func (h *house) guesses(secrets map[string][]byte, csrf *visitor) []byte {
	h.t.Helper()
	var answers strings.Builder
	ask := func(document string, variables map[string]any, header ...string) {
		body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
		if err != nil {
			h.t.Fatal(err)
		}
		answers.WriteString(h.request(http.MethodPost, "/graphql", string(body), header...) + "\n")
	}
	for _, raw := range secrets {
		secret := string(raw)
		ask(whoAmI, nil, "Authorization: Bearer "+secret+"x")
		ask(whoAmI, nil, "Authorization: Basic "+secret)
		ask(whoAmI, nil, "Cookie: __Host-sonata="+url.QueryEscape(secret), "Sec-Fetch-Site: same-origin")
		ask(whoAmI, nil, "Authorization: Bearer "+secret, "Origin: https://evil.example")
		ask(`query($p: String) { screen(at: {key: "home"}, context: {frontend: "store"}, perspective: {draft: {previewToken: $p}}) { id } }`, map[string]any{"p": secret + "x"})
		answers.WriteString(csrf.signIn("ada@example.org", secret+"x").body + csrf.accept(secret+"x", good).body)
		answers.WriteString(h.request(http.MethodPost, "/graphql", `{"query":"{ viewer`+secret) + h.request(http.MethodGet, "/audit.csv?from="+url.QueryEscape(secret), ""))
		answers.WriteString(h.request(http.MethodGet, "/graphql?query=%7Bviewer%7Bcredential%7D%7D&key="+url.QueryEscape(secret), "") + h.request(http.MethodPut, "/assets?frontend=store", secret))
	}
	return []byte(answers.String())
}

// No secret stands in the database, its write-ahead log, a backup, the log, the figures, an error or the export: not as
// it is, and in no form that one step makes of it. Each is made by the API itself and used, rightly and wrongly.
func TestNoSecretIsKept(t *testing.T) {
	installation := make([]byte, 32)
	rand.Read(installation)
	log := &notebook{}
	h := newHouseWith(t, log, "SONATA_SECRET_KEY="+base64.StdEncoding.EncodeToString(installation))
	s, sessions := h.told(), map[string][]byte{}
	for n, a := range story(time.Now().Add(time.Hour)) {
		s.do(t, a)
		if c := s.visitors[a.by].cookie; c != nil && c.Value != "" {
			sessions[fmt.Sprintf("the session after act %d, %s", n, a.mutation)] = []byte(c.Value)
		}
		if a.mutation == "apiKeyRotate" {
			for _, key := range []string{"secret", "rotated"} { // the old one still works
				if answer := h.request(http.MethodPost, "/graphql", `{"query":"{ viewer { credential } }"}`, "Authorization: Bearer "+s.known[key]); !strings.Contains(answer, "API_KEY") {
					t.Fatalf("the key does not work: %s", answer)
				}
			}
		}
	}
	if s.visitors["admin"].signedIn(); len(sessions) < 3 {
		t.Fatalf("%d sessions", len(sessions))
	}
	secrets := map[string][]byte{
		"the installation key": installation, "the installation key, written": []byte(base64.StdEncoding.EncodeToString(installation)),
		"a password": []byte(good), "another password": []byte(good + " too"), "a third password": []byte(good + " as well"),
	}
	for name, secret := range sessions {
		secrets[name] = secret
	}
	for _, name := range []string{"token", "preview", "secret", "rotated", "invitation", "link"} {
		if len(s.known[name]) < 30 {
			t.Fatalf("no %s", name)
		}
		secrets["the "+name] = []byte(s.known[name])
	}
	errors := h.guesses(secrets, h.visitor())
	time.Sleep(4 * time.Second) // what is written in the background is
	places := h.places(t, s.visitors["admin"])
	places["the errors"], places["the log"] = errors, log.Bytes()
	for place, content := range places {
		if len(content) == 0 {
			t.Errorf("%s: empty", place)
		}
		if hits := found(content, secrets); len(hits) > 0 {
			t.Errorf("%s: %s", place, strings.Join(hits, "; "))
		}
	}
	for _, want := range []string{"path=/graphql", "level=DEBUG"} {
		if !bytes.Contains(places["the log"], []byte(want)) {
			t.Errorf("the log says nothing of %s", want)
		}
	}
	h.planted(t, secrets)
}

// places are where a secret must not be.
func (h *house) places(t *testing.T, admin *visitor) map[string][]byte {
	t.Helper()
	backup := filepath.Join(t.TempDir(), "backup.db")
	db, err := sql.Open("sqlite3", "file:"+h.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("VACUUM INTO ?", backup); err != nil {
		t.Fatal(err)
	}
	places := map[string][]byte{"the rows": rows(t, h.path)}
	for name, path := range map[string]string{"the database": h.path, "the write-ahead log": h.path + "-wal", "the backup": backup} {
		if places[name], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	response, err := http.Get(h.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if places["the figures"], err = io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	export := h.request(http.MethodGet, "/audit.csv", "", "Cookie: __Host-sonata="+admin.cookie.Value, "Sec-Fetch-Site: same-origin")
	if !strings.Contains(export, "apiKeyCreate") {
		t.Fatalf("no export: %.200s", export)
	}
	places["the export"] = []byte(export)
	return places
}

// planted shows that a secret would be found: in a copy of the database it is, whatever form it has.
func (h *house) planted(t *testing.T, secrets map[string][]byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "planted.db")
	db, err := sql.Open("sqlite3", "file:"+h.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("VACUUM INTO ?", path); err != nil {
		t.Fatal(err)
	}
	planted, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer planted.Close()
	for name, secret := range secrets {
		for form, text := range map[string]string{
			"plain": string(secret), "hex": hex.EncodeToString(secret), "base64": base64.StdEncoding.EncodeToString(secret),
			"base64 in a header": base64.StdEncoding.EncodeToString([]byte("ada@example.org:" + string(secret))), "in a URL": "?q=" + url.QueryEscape(string(secret)),
		} {
			if _, err := planted.Exec("UPDATE frontends SET name = CAST(? AS TEXT)", text); err != nil {
				t.Fatal(err)
			}
			if len(found(rows(t, path), map[string][]byte{name: secret})) == 0 {
				t.Errorf("%s, %s, was not found where it is", name, form)
			}
		}
	}
}
