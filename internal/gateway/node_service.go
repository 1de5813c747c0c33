package gateway

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/kept"
	"sonata.ai/sonata/internal/supergraph"
)

// nodeService puts questions for ids in the words of a service: what is called otherwise where operations are planned is
// called node, and a list of ids is one node for each, in one request, so that a service has to have no more than that. It is
// always asked for the types of what it answers, which says whether it may.
type nodeService struct {
	*supergraph.Nodes
	forms *kept.Kept[string, *nodeForm]
}

// nodeForm is a question as it is sent to the service.
type nodeForm struct {
	text  string
	lists []nodeList // text is "" where there are some: it depends on how long they are
	mark  string     // what names of the fields begin with that stand for one id of a list
}

// nodeList is a list of objects in a question.
type nodeList struct{ key, variable string }

func newNodeService(n *supergraph.Nodes) *nodeService {
	if n == nil {
		return nil
	}
	return &nodeService{n, kept.New(askedBytes, func(text string, f *nodeForm) int { return len(text) + len(f.text) + 64*len(f.lists) + 128 })}
}

// put returns what the service is sent for a question, and what makes the answer one to that question; nil where it is.
func (n *nodeService) put(question []byte) (sent []byte, back func([]byte) []byte) {
	if n == nil || !bytes.Contains(question, []byte(n.One)) && !bytes.Contains(question, []byte(n.Many)) {
		return question, nil
	}
	var asked struct {
		Query     string                     `json:"query"`
		Variables map[string]json.RawMessage `json:"variables,omitempty"`
	}
	if json.Unmarshal(question, &asked) != nil {
		return question, nil
	}
	form := n.form(asked.Query, nil)
	if form == nil {
		return question, nil
	}
	sizes := map[string]int{}
	for _, l := range form.lists {
		var ids []json.RawMessage
		_ = json.Unmarshal(asked.Variables[l.variable], &ids) // what is no list has no ids
		delete(asked.Variables, l.variable)
		sizes[l.variable] = len(ids)
		for i, id := range ids {
			asked.Variables[form.name(l.variable, i)] = id
		}
	}
	text := form.text
	if len(form.lists) > 0 {
		whole := n.form(asked.Query, sizes)
		if whole == nil {
			return question, nil
		}
		text = whole.text
		back = func(answer []byte) []byte { return form.back(answer, sizes) }
	}
	asked.Query = text
	sent, err := json.Marshal(asked)
	if err != nil {
		return question, nil
	}
	return sent, back
}

// name is that of the field, and of the variable, for one id of a list.
func (f *nodeForm) name(list string, i int) string { return f.mark + list + "_" + strconv.Itoa(i) }

// form is what a text becomes; without sizes of its lists, only what they are. Nil where the text cannot be read.
func (n *nodeService) form(text string, sizes map[string]int) *nodeForm {
	key := text
	if sizes != nil {
		b, err := json.Marshal(sizes)
		if err != nil {
			return nil
		}
		key += "\x00" + string(b)
	}
	if form, ok := n.forms.Get(key); ok {
		return form
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil || len(doc.Operations) != 1 {
		return nil
	}
	op := doc.Operations[0]
	w := wording{nodeService: n, form: &nodeForm{mark: "_i"}, sizes: sizes}
	taken := keysOf(op.SelectionSet, nil)
	for _, v := range op.VariableDefinitions {
		taken = append(taken, v.Variable)
	}
	for slices.ContainsFunc(taken, func(name string) bool { return strings.HasPrefix(name, w.form.mark) }) {
		w.form.mark += "i"
	}
	op.SelectionSet = w.set(op.SelectionSet)
	op.VariableDefinitions = w.variables(op.VariableDefinitions)
	if len(w.form.lists) == 0 || sizes != nil {
		w.form.text = printedDocument(doc)
	}
	n.forms.Put(key, w.form)
	return w.form
}

// wording is one question on its way.
type wording struct {
	*nodeService
	form  *nodeForm
	sizes map[string]int
}

func (w *wording) set(set ast.SelectionSet) (out ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			out = append(out, w.field(s)...)
			continue
		case *ast.InlineFragment:
			s.SelectionSet = w.set(s.SelectionSet)
		}
		out = append(out, s)
	}
	return out
}

func (w *wording) field(f *ast.Field) ast.SelectionSet {
	if f.Name != w.One && f.Name != w.Many {
		return ast.SelectionSet{f}
	}
	below := append(ast.SelectionSet{&ast.Field{Alias: typename, Name: typename}}, f.SelectionSet...)
	if !w.Plain {
		below = ast.SelectionSet{&ast.Field{Alias: typename, Name: typename}, &ast.InlineFragment{TypeCondition: "Node", SelectionSet: f.SelectionSet}}
	}
	many := f.Name == w.Many
	f.Name, f.SelectionSet = "node", below
	if !many || len(f.Arguments) == 0 || f.Arguments[0].Value.Kind != ast.Variable {
		return ast.SelectionSet{f}
	}
	list := nodeList{f.Alias, f.Arguments[0].Value.Raw}
	if !slices.Contains(w.form.lists, list) {
		w.form.lists = append(w.form.lists, list)
	}
	var out ast.SelectionSet
	for i := range w.sizes[list.variable] {
		one := *f
		one.Alias = w.form.name(list.variable, i)
		one.Arguments = ast.ArgumentList{{Name: "id", Value: &ast.Value{Kind: ast.Variable, Raw: one.Alias}}}
		out = append(out, &one)
	}
	return out
}

// variables has one for each id in the place of a list.
func (w *wording) variables(list ast.VariableDefinitionList) (out ast.VariableDefinitionList) {
	for _, v := range list {
		if !slices.ContainsFunc(w.form.lists, func(l nodeList) bool { return l.variable == v.Variable }) {
			out = append(out, v)
			continue
		}
		for i := range w.sizes[v.Variable] {
			out = append(out, &ast.VariableDefinition{Variable: w.form.name(v.Variable, i), Type: ast.NonNullNamedType("ID", nil)})
		}
	}
	return out
}

// back makes lists of the fields that stand for their ids, in data and in paths of errors. What is no answer stays as it is:
// it is looked through afterwards.
func (f *nodeForm) back(answer []byte, sizes map[string]int) []byte {
	var got map[string]json.RawMessage
	var data map[string]json.RawMessage
	var errs []map[string]json.RawMessage
	if json.Unmarshal(answer, &got) != nil || present(got["data"]) && json.Unmarshal(got["data"], &data) != nil ||
		present(got["errors"]) && json.Unmarshal(got["errors"], &errs) != nil {
		return answer
	}
	at := map[string][2]any{} // list and place, by name
	for _, l := range f.lists {
		list := make([]json.RawMessage, sizes[l.variable])
		for i := range list {
			name := f.name(l.variable, i)
			at[name] = [2]any{l.key, i}
			list[i] = json.RawMessage("null")
			if one, ok := data[name]; ok {
				list[i] = one
			}
		}
		if data == nil {
			continue
		}
		for i := range list {
			delete(data, f.name(l.variable, i))
		}
		raw, err := json.Marshal(list)
		if err != nil {
			return answer
		}
		data[l.key] = raw
	}
	for _, e := range errs {
		var path []any
		if json.Unmarshal(e["path"], &path) != nil || len(path) == 0 {
			continue
		}
		name, _ := path[0].(string)
		if to, ok := at[name]; ok {
			e["path"], _ = json.Marshal(append([]any{to[0], to[1]}, path[1:]...)) //nolint:errchkjson // it came out of JSON
		}
	}
	return rejoined(answer, got, data, errs)
}

func rejoined(answer []byte, got, data map[string]json.RawMessage, errs []map[string]json.RawMessage) []byte {
	for name, value := range map[string]any{"data": data, "errors": errs} {
		if !present(got[name]) {
			continue
		}
		raw, err := json.Marshal(value)
		if err != nil {
			return answer
		}
		got[name] = raw
	}
	out, err := json.Marshal(got)
	if err != nil {
		return answer
	}
	return out
}
