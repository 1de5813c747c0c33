package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// answer is what came back last: a response, or an event of a stream.
type answer struct {
	status int
	header http.Header
	body   []byte
	json   any // nil when the body is not JSON
}

func answerOf(status int, header http.Header, body []byte) answer {
	a := answer{status: status, header: header, body: body}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if dec.Decode(&a.json) != nil {
		a.json = nil
	}
	return a
}

// at looks a path up in the answer, its data, and the only field of its data.
func (a answer) at(path string) (any, error) {
	steps := stepsOf(path)
	from, err := []any{a.json}, error(nil)
	if object, ok := a.json.(map[string]any); ok {
		data, _ := object["data"].(map[string]any)
		from = append(from, data)
		if len(data) == 1 {
			for _, only := range data {
				from = append(from, only)
			}
		}
	}
	for _, v := range from {
		var got any
		if got, err = walk(v, steps); err == nil {
			return got, nil
		}
	}
	return nil, fmt.Errorf("%s: %w in\n%s", path, err, a.body)
}

// stepsOf splits blocks[key=hero].props.title into blocks, [key=hero], props, title.
func stepsOf(path string) []string {
	return regexp.MustCompile(`\[[^\]]*\]|[^.\[]+`).FindAllString(path, -1)
}

func walk(v any, steps []string) (any, error) {
	if len(steps) == 0 {
		return v, nil
	}
	step, rest := steps[0], steps[1:]
	list, isList := v.([]any)
	object, isObject := v.(map[string]any)
	name, want, selects := strings.Cut(strings.Trim(step, "[]"), "=")
	switch {
	case step == "length" && isList:
		return json.Number(strconv.Itoa(len(list))), nil
	case step == "[*]" && isList:
		all := []any{}
		for _, item := range list {
			got, err := walk(item, rest)
			if err != nil {
				return nil, err
			}
			all = append(all, got)
		}
		return all, nil
	case selects && isList:
		for _, item := range list {
			if got, err := walk(item, stepsOf(name)); err == nil && show(got) == want {
				return walk(item, rest)
			}
		}
	case isList:
		if i, err := strconv.Atoi(name); err == nil && i < len(list) {
			return walk(list[i], rest)
		}
	case isObject:
		if got, ok := object[step]; ok {
			return walk(got, rest)
		}
	}
	return nil, fmt.Errorf("there is no %s", step)
}

// show writes a value as scripts do: a text bare, anything else as compact JSON.
func show(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// wanted reads the VALUE of an expectation.
func wanted(ts *testscript.TestScript, text string) string {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		text = ts.ReadFile(file)
	}
	return fill(ts, text)
}

// matches compares a value with what a script expects.
func matches(got any, want string) (bool, error) {
	if expr, ok := strings.CutPrefix(want, "~"); ok {
		re, err := regexp.Compile(expr)
		return err == nil && re.MatchString(show(got)), err
	}
	if show(got) == want {
		return true, nil
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(want))
	dec.UseNumber()
	if dec.Decode(&v) != nil || dec.More() {
		return false, nil
	}
	return show(v) == show(got), nil
}

func pattern(ts *testscript.TestScript, expr string) *regexp.Regexp {
	re, err := regexp.Compile("^(?:" + fill(ts, expr) + ")$")
	ts.Check(err)
	return re
}

// fill replaces ${NAME}. A lone $ stays: it begins a variable of GraphQL.
func fill(ts *testscript.TestScript, text string) string {
	return regexp.MustCompile(`\$\{\w+\}`).ReplaceAllStringFunc(text, func(ref string) string {
		return ts.Getenv(ref[2 : len(ref)-1])
	})
}

// document finds what an argument of graphql or subscribe stands for, and adds the fragment of refusals where it is
// spread.
func (s *script) document(ts *testscript.TestScript, dir, arg string) string {
	text := arg
	switch {
	case strings.Contains(arg, "{"):
	case strings.HasSuffix(arg, ".graphql"):
		text = ts.ReadFile(arg)
	default:
		raw, err := os.ReadFile(filepath.Join(s.shared, dir, arg+".graphql"))
		ts.Check(err)
		text = string(raw)
	}
	if strings.Contains(text, "...Refused") {
		raw, err := os.ReadFile(filepath.Join(s.shared, "fragment", "Refused.graphql"))
		ts.Check(err)
		text += string(raw)
	}
	return fill(ts, text)
}

// variables reads NAME=VALUE arguments for a document.
func variables(ts *testscript.TestScript, document string, args []string) map[string]any {
	all := map[string]any{}
	input := regexp.MustCompile(`\$input\s*:`).MatchString(document)
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			ts.Fatalf("%q is not NAME=VALUE", arg)
		}
		path := strings.Split(name, ".")
		if input {
			path = append([]string{"input"}, path...)
		}
		at := all
		for _, step := range path[:len(path)-1] {
			if _, ok := at[step].(map[string]any); !ok {
				at[step] = map[string]any{}
			}
			at = at[step].(map[string]any)
		}
		at[path[len(path)-1]] = valueOf(ts, value)
	}
	return all
}

func valueOf(ts *testscript.TestScript, text string) any {
	if file, ok := strings.CutPrefix(text, "@"); ok {
		text = ts.ReadFile(file)
	}
	text = fill(ts, text)
	if raw := json.RawMessage(text); json.Valid(raw) {
		return raw // as it was written: a number keeps its digits
	}
	return text
}

// inside is what no answer may show: SQL, paths, Go types, stacks.
const inside = `(?i)\bSELECT\b.*\bFROM\b|INSERT INTO|UPDATE \S+ SET|sqlite|constraint failed|no such (table|column)|\bent[.:] |` +
	`goroutine \d|\.go:\d|runtime error|nil pointer|panic|\bsql: |map\[string\]|interface ?\{|\*?\bmodel\.[A-Z]|json: cannot|` +
	`cannot unmarshal|strconv\.|\[\]byte|/tmp/|/usr/local/|/go/pkg|/internal/[a-z]+/[a-z_]+\.go|sonata\.db|secret\.key|0xc0[0-9a-f]{6}|sonata\.ai/sonata`

// checkAnswer holds every answer to what is true of all of them.
func checkAnswer(ts *testscript.TestScript, a answer) {
	if found := regexp.MustCompile(inside).Find(a.body); found != nil {
		ts.Fatalf("the answer shows %q from inside:\n%s", found, a.body)
	}
	object, _ := a.json.(map[string]any)
	list, _ := object["errors"].([]any)
	for _, e := range list {
		if code, err := walk(e, []string{"extensions", "code"}); err != nil || show(code) == "" {
			ts.Fatalf("an error has no extensions.code:\n%s", a.body)
		}
	}
}
