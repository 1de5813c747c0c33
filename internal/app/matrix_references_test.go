package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// references says of what kind each argument and input field is that names something that there is: by id, slug, key, hash,
// or within JSON. Every text of the schema that a client writes is here or in plain.
func references() map[string]string {
	return map[string]string{
		"ApiKeyCreateInput.environments": "environment key", "ApiKeyCreateInput.frontend": "frontend",
		"ApiKeyRevokeInput.id": "key", "ApiKeyRotateInput.id": "key",
		"AuditFilter.actor": "member", "AuditFilter.frontend": "frontend", "BuildRegisterInput.frontend": "frontend",
		"DeliveryContext.environment": "environment key", "DeliveryContext.frontend": "frontend", "DeliveryContext.manifest": "manifest",
		"EnvironmentCreateInput.frontend": "frontend", "EnvironmentUpdateInput.id": "environment",
		"Frontend.assets(hashes)": "picture", "Frontend.environment(key)": "environment key", "Frontend.publishPlan(environment)": "environment key",
		"Frontend.publishPlan(screens)": "screen key", "Frontend.routes(environment)": "environment key", "Frontend.usage(environment)": "environment key",
		"DocumentRetireInput.id": "document", "DocumentUpdateInput.id": "document", "DocumentsRegisterInput.frontend": "frontend", "DocumentsRegisterInput.fromUnknown": "unknown document",
		"SafelistSetInput.frontend": "frontend",
		"FrontendUpdateInput.id":    "frontend", "GrantInput.environments": "environment key", "GrantInput.frontend": "frontend",
		"InsertOp.props": "picture", "MemberLinkCreateInput.id": "member", "MemberRemoveInput.id": "member", "MemberSessionsEndInput.id": "member",
		"MemberUpdateInput.id": "member", "Perspective.release": "release", "PresenceSetInput.screen": "screen",
		"PreviewLinkCreateInput.frontend": "frontend", "PreviewLinkCreateInput.screen": "screen",
		"Query.auditLog(subject)": "screen", "Query.frontend(slug)": "frontend", "Query.node(id)": "node", "Query.nodes(ids)": "node",
		"Release.changes(against)": "release", "ReleasePromoteInput.from": "environment key", "ReleasePromoteInput.frontend": "frontend",
		"ReleasePromoteInput.to": "environment key", "ReleasePublishInput.environment": "environment key", "ReleasePublishInput.frontend": "frontend",
		"ReleasePublishInput.screens": "screen key", "ReleaseRollBackInput.environment": "environment key", "ReleaseRollBackInput.frontend": "frontend",
		"ReleaseRollBackInput.toRelease": "release", "ReleaseScheduleCancelInput.id": "schedule", "ReleaseScheduleInput.environment": "environment key",
		"ReleaseScheduleInput.frontend": "frontend", "ReleaseScheduleInput.screens": "screen key",
		"Screen.status(environment)": "environment key", "Screen.usage(environment)": "environment key", "ScreenAt.key": "screen key",
		"ScreenCreateInput.body": "picture", "ScreenCreateInput.frontend": "frontend", "ScreenDeleteInput.id": "screen", "ScreenDuplicateInput.id": "screen",
		"ScreenEditInput.screen": "screen", "ScreenFilter.usesComponent": "component key", "ScreenRevertInput.id": "screen", "ScreenRevertInput.toRelease": "release",
		"ScreenUpdateInput.id": "screen", "SetPropsOp.patch": "picture", "Subscription.activity(frontend)": "frontend", "Subscription.draft(screen)": "screen",
		"Subscription.presence(screen)": "screen", "Subscription.release(environment)": "environment key", "Subscription.release(frontend)": "frontend",
		"UpgradeOp.props": "picture", "UsageReportInput.environment": "environment key", "UsageReportInput.frontend": "frontend",
	}
}

// plain are the texts that name nothing that there is, by their last name; and those that a frontend takes whatever they name:
// a draft may hold what no build registered, and a report what nobody shows.
func plain() []string {
	return []string{
		"ComponentSupportInput", "BlockUsageInput", "ScreenUsageInput", "MoveOp", "RemoveOp", "UsageReportInput.build", "SubgraphInput", "SubgraphPublishInput", "SubgraphRollBackInput", "ServiceWithdrawInput", "ServiceScaleInput", "ServicePolicySetInput",
		"InstanceHeartbeatInput", "InstanceDrainInput", "Query.fleet(service)", "Subscription.fleet(service)", // of a service, which belongs to no frontend
		"InsertOp.component",
		"InsertOp.key", "InsertOp.parent", "InsertOp.slot", "SetPropsOp.key", "UpgradeOp.key",
		"EnvironmentCreateInput.key", "ScreenCreateInput.key", "ScreenDuplicateInput.key", "FrontendCreateInput.slug", // what is made
		"DocumentInput", "DocumentsRegisterInput.manifest",
		"action", "after", "blockKey", "client", "current", "email", "expectedLiveHash", "idempotencyKey", "locale", "name", "new", "notes", "origins",
		"password", "path", "previewToken", "previewUrl", "query", "reason", "scopes", "services", "since", "title", "token",
	}
}

// Every text that a client writes is classified: as a reference, which the matrix then tries with what belongs to others,
// or as plain text.
func TestMatrixKnowsEveryReference(t *testing.T) {
	known := references()
	classify := func(schema *ast.Schema, at, owner, name string, typ *ast.Type) {
		if s := typ.Name(); s != "String" && s != "ID" && s != "Hash" && s != "JSON" {
			return
		}
		_, named := known[at]
		delete(known, at)
		if isPlain := slices.Contains(plain(), at) || slices.Contains(plain(), owner) || slices.Contains(plain(), name); named == isPlain {
			t.Errorf("%s: does it name something that there is? Say so in references, or in plain", at)
		}
	}
	m := &matrix{schema: contractOf()}
	for _, d := range m.schema.Types {
		if d.BuiltIn {
			continue
		}
		for _, f := range d.Fields {
			if d.Kind == ast.InputObject {
				classify(m.schema, d.Name+"."+f.Name, d.Name, f.Name, f.Type)
			}
			for _, a := range f.Arguments {
				if !strings.HasPrefix(f.Name, "__") {
					classify(m.schema, d.Name+"."+f.Name+"("+a.Name+")", d.Name, a.Name, a.Type)
				}
			}
		}
	}
	for at := range known {
		t.Errorf("%s: there is no such reference any more", at)
	}
}

// reference is a place in an input that names something.
type reference struct {
	coordinate, kind string
	path             []any
}

// referencesIn finds those of an input that are set, and the coordinates of those that could be.
func (m *matrix) referencesIn(d *ast.Definition, value any, path []any, possible map[string]bool) (found []reference) {
	for _, f := range d.Fields {
		at := d.Name + "." + f.Name
		of := m.schema.Types[f.Type.Name()]
		given, _ := value.(map[string]any)[f.Name]
		here := append(slices.Clone(path), f.Name)
		kind, named := references()[at]
		if named {
			possible[at] = true
		}
		switch {
		case named && given != nil && f.Type.Elem != nil:
			found = append(found, reference{at, kind, append(here, 0)})
		case named && given != nil:
			found = append(found, reference{at, kind, here})
		case of.Kind == ast.InputObject && f.Type.Elem != nil:
			list, _ := given.([]any)
			for i, one := range list {
				found = append(found, m.referencesIn(of, one, append(here, i), possible)...)
			}
			if len(list) == 0 {
				m.referencesIn(of, map[string]any{}, here, possible)
			}
		case of.Kind == ast.InputObject:
			if given == nil {
				given = map[string]any{}
			}
			found = append(found, m.referencesIn(of, given, here, possible)...)
		}
	}
	return found
}

// plainJSON is a value as it comes out of JSON, numbers as they are written.
func plainJSON(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // texts, numbers and lists always marshal
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		panic(err)
	}
	return out
}

// with returns a copy of an input in which one reference names something else; the value that it had is in was. Within JSON it
// is the text alone that is replaced.
func with(input any, path []any, was, now string) any {
	if len(path) == 0 {
		if input == was {
			return now
		}
		raw, err := json.Marshal(input)
		if err != nil {
			panic(err)
		}
		return plainJSON(json.RawMessage(strings.ReplaceAll(string(raw), was, now)))
	}
	switch step := path[0].(type) {
	case int:
		list := slices.Clone(input.([]any))
		list[step] = with(list[step], path[1:], was, now)
		return list
	default:
		object := map[string]any{}
		for name, value := range input.(map[string]any) {
			object[name] = value
		}
		object[step.(string)] = with(object[step.(string)], path[1:], was, now)
		return object
	}
}

// valueAt is the text that a reference holds.
func valueAt(input any, path []any) string {
	for _, step := range path {
		if i, ok := step.(int); ok {
			input = input.([]any)[i]
		} else {
			input = input.(map[string]any)[step.(string)]
		}
	}
	text, _ := input.(string)
	return text
}
