package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// beatOf is what an instance of a service says.
func beatOf(service, name, address string) map[string]any {
	return map[string]any{
		"service": service, "instance": name, "url": address, "version": "1.2", "agent": "agent", "inFlight": 1, "capacity": 10, "cpu": 0.1, "cores": 1.0,
		"memory": 1e6, "descriptors": 10, "restarts": 0, "ttlSeconds": 300,
	}
}

// stockInstance announces an instance of the service that everybody who may see services knows, and returns its id.
func (m *matrix) stockInstance(address string) string {
	m.t.Helper()
	return m.do("instanceHeartbeat", beatOf("stock", m.fresh("instance"), address), "instance { id }", "instance.id")[0]
}

// fleetReached asks for everything that there is to know of instances, of one that waits among them.
func (m *matrix) fleetReached(t *testing.T, backend string) {
	t.Helper()
	all := m.named(adminOfAll)
	m.do("subgraphPublish", map[string]any{"service": "stock", "url": backend, "sdl": stockSDL, "allowedHosts": []any{"127.0.0.1"}}, "")
	m.do("servicePolicySet", map[string]any{"service": "stock", "policy": map[string]any{"minimum": 1, "maximum": 3}}, "")
	m.do("serviceScale", map[string]any{"service": "stock", "replicas": 1}, "")
	m.do("servicePolicySet", map[string]any{"service": "stock", "policy": map[string]any{"minimum": 1, "maximum": 3}}, "")
	document := m.subscriptionDocument("fleet", nil)
	s := &followed{stream: m.follow(all, document, nil), field: "fleet", document: document, at: site{m.tenants["shop"], ""}}
	defer s.stop()
	m.hear(s, 10*time.Second)
	m.stockInstance(backend)
	leaving := beatOf("stock", m.fresh("instance"), backend)
	leaving["draining"], leaving["ttlSeconds"] = true, 2
	m.do("instanceHeartbeat", leaving, "")
	waiting := beatOf("stock", m.fresh("instance"), "http://127.0.0.2/")
	m.do("instanceHeartbeat", waiting, "")
	for told := m.hear(s, 20*time.Second); told == nil || len(told["left"].([]any)) == 0; told = m.hear(s, 20*time.Second) { //nolint:forcetypeassert // the schema says so
		m.send(all, "{ stockLevel }", nil)
		if told == nil {
			t.Error("nobody is told that an instance left")
			break
		}
	}
	alerts := m.subscriptionDocument("alerts", nil)
	a := &followed{stream: m.follow(all, alerts, nil), field: "alerts", document: alerts, at: site{m.tenants["shop"], ""}}
	defer a.stop()
	for told := m.hear(a, 20*time.Second); told == nil || len(told["alerts"].([]any)) == 0; told = m.hear(a, 20*time.Second) { //nolint:forcetypeassert // as above
		if told == nil {
			t.Error("nobody is told that an instance waits")
			break
		}
	}
	for _, root := range []string{"fleet", "alerts"} {
		m.ask(all, "{ "+root+m.below(m.schema.Query.Fields.ForName(root), 2)+" }", nil)
	}
}

// fleetFollowed opens the streams of the fleet: they are refused before they begin, or tell of what the caller may see.
func (m *matrix) fleetFollowed(t *testing.T, c *caller) {
	t.Helper()
	for field, list := range map[string]string{"fleet": "instances", "alerts": "alerts"} {
		document := m.subscriptionDocument(field, nil)
		s := &followed{stream: m.follow(c, document, nil), field: field, document: document, at: site{m.tenants["shop"], ""}}
		if !c.holds("services:read") {
			first := s.next(10 * time.Second)
			if a := m.read(first); a.Data != nil || strings.Join(a.errors(), " ") != field+" FORBIDDEN" || s.next(10*time.Second) != "" {
				t.Errorf("%s, following %s, is not refused before it begins: %s", c.name, field, first)
			}
			s.stop()
			continue
		}
		first := m.hear(s, 10*time.Second)
		s.stop()
		if first == nil {
			t.Fatalf("%s, following %s: nothing came", c.name, field)
		}
		var names []string
		for _, one := range first[list].([]any) { //nolint:forcetypeassert // the schema says so
			name, _ := one.(map[string]any)["serviceName"].(string)
			names = append(names, name)
		}
		if sees := c.at("services:read", "", ""); !sees && len(names) > 0 || field == "fleet" && sees != slices.Contains(names, "stock") {
			t.Errorf("%s, following %s, is told of %v", c.name, field, names)
		}
	}
}

// fleetVariants are inputs of mutations about instances, each about one of its own.
func fleetVariants() map[string]variant {
	published := func(m *matrix) string {
		name := m.fresh("service")
		m.do("subgraphPublish", map[string]any{"service": name, "url": "https://service.example/graphql", "sdl": "type Query { " + strings.ReplaceAll(name, "-", "_") + ": Int }"}, "")
		return name
	}
	return map[string]variant{
		"instanceHeartbeat": {adminOfAll, func(m *matrix, _ site) map[string]any {
			return beatOf("stock", m.fresh("instance"), fmt.Sprintf("http://instance.example:9/%d", m.counter))
		}},
		"instanceDrain": {adminOfAll, func(m *matrix, _ site) map[string]any {
			return map[string]any{"id": m.stockInstance("http://instance.example:9/")}
		}},
		"serviceScale": {adminOfAll, func(m *matrix, _ site) map[string]any {
			return map[string]any{"service": published(m), "replicas": 2}
		}},
		"servicePolicySet": {adminOfAll, func(m *matrix, _ site) map[string]any {
			name := published(m)
			m.do("serviceScale", map[string]any{"service": name, "replicas": 1}, "")
			return map[string]any{"service": name, "policy": map[string]any{"minimum": 1, "maximum": 2}}
		}},
	}
}
