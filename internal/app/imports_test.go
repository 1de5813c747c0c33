package app_test

import (
	"bufio"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

const module = "sonata.ai/sonata"

// rules say which package must not reach which other, and why. A package ending in /... stands for all below it.
var rules = []struct{ from, mustNotReach, because string }{
	{"internal/fault", "...", "it is below everything"},
	{"internal/canonical", "internal/store", "hashing knows no database"},
	{"internal/principal", "...", "who is asking is plain data"},
	{"internal/event", "internal/frontend", "the ledger's reader knows no topic"},
	{"internal/store", "internal/frontend", "storage knows no verb"},
	{"internal/store", "internal/screen", "storage knows no verb"},
	{"internal/store", "internal/component", "storage knows no verb"},
	{"internal/frontend", "internal/component", "a frontend is there before its components"},
	{"internal/asset", "internal/component", "pictures do not know what shows them"},
	{"internal/component", "internal/screen", "components do not know where they are placed"},
	{"internal/screen", "internal/release", "drafts do not know who publishes them"},
	{"internal/release", "internal/delivery", "making a release does not depend on serving it"},
	{"internal/presence", "internal/delivery", "who is here does not depend on what is live"},
	{"internal/delivery", "internal/usage", "serving does not wait for who counts it"},
	{"internal/usage", "graph", "domain code knows no GraphQL"},
	{"internal/delivery", "graph", "domain code knows no GraphQL"},
	{"internal/delivery", "server", "domain code knows no HTTP"},
	{"internal/supergraph", "...", "composition is values in, values out"},
	{"internal/gateway", "graph", "the gateway is below the GraphQL edge: it is handed what is generated"},
	{"internal/gateway", "server", "the gateway is below the HTTP edge"},
	{"internal/gateway", "internal/store", "what an engine is built from is handed to it"},
	{"internal/supergraph", "internal/gateway", "composing does not depend on executing"},
	{"internal/registry", "internal/gateway", "what may join does not depend on how it is asked"},
	{"internal/registry", "graph", "domain code knows no GraphQL edge"},
	{"graph", "internal/gateway", "the GraphQL edge is below what runs the whole graph"},
	{"server", "internal/gateway", "the HTTP edge serves whatever graph it is given"},
	{"internal/config", "internal/app", "settings do not know what is built from them"},
	{"ent/schema", "internal/...", "storage shapes never import domain code"},
	{"graph", "server", "the GraphQL edge knows no HTTP"},
	{"graph", "internal/app", "wiring is above the edges"},
	{"server", "internal/app", "wiring is above the edges"},
	{"web", "internal/...", "pages are files"},
	{"examples/catalog", "internal/...", "a service knows nothing of Sonata's inside"},
	{".", "examples/...", "the server carries no example"},
}

// direct say which import must not stand in a package's own files, although it may be reached through others.
var direct = []struct{ from, mustNotImport, because string }{
	{"graph", "net/http", "the GraphQL edge knows no HTTP"},
	{"server", module + "/ent", "the HTTP edge knows no storage"},
	{"server", module + "/internal/store", "the HTTP edge knows no storage"},
	{".", module + "/internal/app", "main only calls the command line"},
}

// only say which module one package alone may import, its tests included.
var only = []struct{ module, in, because string }{
	{"github.com/wundergraph/", "internal/gateway", "the federation engine changes often, and stays behind one package"},
}

func TestModulesOfOnePackage(t *testing.T) {
	used := map[string]bool{}
	forEachFile(t, func(rel string) {
		for _, path := range importsOf(t, rel) {
			for _, r := range only {
				if !strings.HasPrefix(path, r.module) {
					continue
				}
				used[r.module] = true
				if in := filepath.ToSlash(filepath.Dir(rel)); in != r.in {
					t.Errorf("%s imports %s, which only %s may, because %s", rel, path, r.in, r.because)
				}
			}
		}
	})
	for _, r := range only {
		if !used[r.module] {
			t.Errorf("nobody imports %s", r.module)
		}
	}
}

// pureMayImport is what files that begin with //sonata:pure may import besides the standard library.
var pureMayImport = []string{
	"github.com/vektah/gqlparser/v2", "github.com/santhosh-tekuri/jsonschema/v6", "github.com/gowebpki/jcs", "github.com/Masterminds/semver/v3",
	"golang.org/x/text", module + "/internal/fault", module + "/internal/canonical", module + "/internal/component", module + "/internal/screen",
	module + "/internal/asset", module + "/internal/binding", "golang.org/x/image",
}

// impure is what of the standard library they may not.
var impure = []string{"os", "net", "net/http", "database/sql", "syscall", "io/ioutil", "log", "log/slog", "context", "time"}

func TestImports(t *testing.T) {
	graph, direct := importGraph(t)
	for _, r := range rules {
		if graph[r.from] == nil {
			t.Errorf("the rule %s → %s names a package that does not exist", r.from, r.mustNotReach)
			continue
		}
		for _, path := range reach(graph, r.from) {
			target := path[len(path)-1]
			prefix, all := strings.CutSuffix(r.mustNotReach, "...")
			if target == r.mustNotReach || all && strings.HasPrefix(target, prefix) {
				t.Errorf("%s must not reach %s, because %s: %s", r.from, target, r.because, strings.Join(path, " → "))
			}
		}
	}
	checkDirect(t, direct)
}

func checkDirect(t *testing.T, imports map[string]map[string]string) {
	t.Helper()
	for _, r := range direct {
		if imports[r.from] == nil {
			t.Errorf("the rule %s → %s names a package that does not exist", r.from, r.mustNotImport)
		}
		if file, bad := imports[r.from][r.mustNotImport]; bad {
			t.Errorf("%s imports %s, because of which %s is not true: %s", file, r.mustNotImport, r.from, r.because)
		}
	}
}

// importGraph reads the imports of every package: those within the module, and all of them with a file that has each.
func importGraph(t *testing.T) (within map[string][]string, all map[string]map[string]string) {
	t.Helper()
	within, all = map[string][]string{}, map[string]map[string]string{}
	forEachFile(t, func(rel string) {
		if strings.HasSuffix(rel, "_test.go") {
			return
		}
		pkg := filepath.ToSlash(filepath.Dir(rel))
		if within[pkg] == nil {
			within[pkg], all[pkg] = []string{}, map[string]string{}
		}
		for _, path := range importsOf(t, rel) {
			all[pkg][path] = rel
			if local, ok := strings.CutPrefix(path, module+"/"); ok {
				within[pkg] = append(within[pkg], local)
			}
		}
	})
	return within, all
}

// reach returns a path to each package that from reaches.
func reach(graph map[string][]string, from string) (paths [][]string) {
	seen := map[string]bool{from: true}
	queue := [][]string{{from}}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		for _, next := range graph[path[len(path)-1]] {
			if !seen[next] {
				seen[next] = true
				longer := append(slices.Clone(path), next)
				paths, queue = append(paths, longer), append(queue, longer)
			}
		}
	}
	return paths
}

func TestPureFiles(t *testing.T) {
	pure := 0
	forEachFile(t, func(rel string) {
		if firstLine(t, rel) != "//sonata:pure" {
			return
		}
		pure++
		for _, path := range importsOf(t, rel) {
			switch {
			case slices.Contains(impure, path):
				t.Errorf("%s is pure and imports %s: values in, values out; hand in what it needs", rel, path)
			case strings.Contains(strings.Split(path, "/")[0], ".") && !slices.ContainsFunc(pureMayImport, func(p string) bool {
				return path == p || strings.HasPrefix(path, p+"/")
			}):
				t.Errorf("%s is pure and imports %s", rel, path)
			}
		}
	})
	if pure < 20 {
		t.Errorf("only %d files are pure: the marker is the first line //sonata:pure", pure)
	}
}

// maxLines is how long a hand-written file may be.
const maxLines = 600

func TestFilesStaySmall(t *testing.T) {
	var lengths []int
	forEachFile(t, func(rel string) {
		n := countLines(t, rel)
		lengths = append(lengths, n)
		if n > maxLines {
			t.Errorf("%s has %d lines, at most %d: split it by subject", rel, n, maxLines)
		}
	})
	sort.Ints(lengths)
	t.Logf("%d hand-written files, %d lines at the median", len(lengths), lengths[len(lengths)/2])
}

// TestDependencies holds the list of modules in go.mod against docs/dependencies.md, where each has its reason.
func TestDependencies(t *testing.T) {
	reasons, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.Contains(fields[0], ".") || strings.Contains(line, "// indirect") || fields[0] == "module" {
			continue
		}
		if !strings.Contains(string(reasons), "`"+fields[0]+"`") {
			t.Errorf("docs/dependencies.md has no reason for %s", fields[0])
		}
	}
}

const root = "../.."

// forEachFile calls fn with each hand-written Go file, relative to the root.
func forEachFile(t *testing.T, fn func(rel string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if d.Name() == "node_modules" || d.Name() == "dist" || strings.HasPrefix(d.Name(), ".") && rel != "." {
				return filepath.SkipDir
			}
			if strings.HasPrefix(rel, "ent/") && rel != "ent/schema" && !strings.HasPrefix(rel, "ent/migrate") {
				return filepath.SkipDir
			}
			return nil
		}
		generated := strings.HasSuffix(rel, ".generated.go") || filepath.ToSlash(filepath.Dir(rel)) == "ent" || filepath.ToSlash(filepath.Dir(rel)) == "ent/migrate"
		if strings.HasSuffix(rel, ".go") && !generated {
			fn(rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func importsOf(t *testing.T, rel string) (paths []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, rel), nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range f.Imports {
		paths = append(paths, strings.Trim(i.Path.Value, `"`))
	}
	return paths
}

func firstLine(t *testing.T, rel string) string {
	t.Helper()
	f, err := os.Open(filepath.Join(root, rel))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	return strings.TrimSpace(line)
}

func countLines(t *testing.T, rel string) int {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, rel))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(raw), "\n")
}
