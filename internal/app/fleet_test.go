package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const heartbeat = `mutation ($input: InstanceHeartbeatInput!) { instanceHeartbeat(input: $input) { command desiredReplicas instance { id state } userErrors { code message path } } }`

// beat announces an instance.
func (p platform) beat(service, name, address string, more ...any) string {
	p.Helper()
	input := map[string]any{"service": service, "instance": name, "url": address, "ttlSeconds": 2}
	for i := 0; i < len(more); i += 2 {
		input[more[i].(string)] = more[i+1] //nolint:forcetypeassert // written in the test
	}
	return p.ask(heartbeat, map[string]any{"input": input})
}

// keeps announces an instance for as long as the test runs.
func (p platform) keeps(service, name, address string, more ...any) (stop func()) {
	p.Helper()
	done, over := make(chan struct{}), make(chan struct{})
	p.want(p.beat(service, name, address, more...), `"userErrors":[]`)
	go func() {
		defer close(over)
		for {
			select {
			case <-done:
				return
			case <-time.After(300 * time.Millisecond):
				p.beat(service, name, address, more...)
			}
		}
	}()
	stop = func() { close(done); <-over }
	return stop
}

// Instances come before their service is published, and wait; then they are asked. One that leaves is asked nothing new; one
// that dies is left out at once and forgotten; without any the address of the service serves.
func TestInstancesServe(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	base, address := p.service(catalogSDL, catalogData)
	one, first := p.service(catalogSDL, strings.ReplaceAll(catalogData, "Lamp", "Lamp of one"))
	p.want(p.beat("catalog", "one", first), `"command":"CONTINUE","desiredReplicas":null`, `"state":"WAITING"`)
	p.asks(`{ fleet(service: "catalog") { name state health { reason } } }`, `"its service is not published yet"`)
	p.want(p.publish("catalog", address, catalogSDL), `"userErrors":[]`)
	stop := p.keeps("catalog", "one", first, "inFlight", 3, "capacity", 10, "cpu", 0.4, "cores", 2, "memory", 1e8, "version", "1.2")
	p.asks(`{ products { name } }`, `Lamp of one`)
	p.asks(`{ service(name: "catalog") { instances { name state version utilization inFlight capacity cpu cores memory health { state } figures { calls } } } }`,
		`{"name":"one","state":"SERVING","version":"1.2","utilization":0.3,"inFlight":3,"capacity":10,"cpu":0.4,"cores":2,"memory":1e+08,"health":{"state":"HEALTHY"}`)
	if len(base.Asked()) > 0 {
		t.Error("the address of the service was asked beside an instance")
	}
	stop()
	p.want(p.beat("catalog", "one", first, "draining", true), `"command":"DRAIN"`, `"state":"DRAINING"`)
	p.asks(`{ products { name } }`, `"name":"Lamp"`)
	one.Asked()
	p.asks(`{ fleet(service: "catalog") { name } }`, `{"data":{"fleet":[]}}`)
	p.asks(`{ products { name } }`, `"name":"Lamp"`)
	if n := len(one.Asked()); n > 0 {
		t.Errorf("it was asked %d times after it left", n)
	}
	p.asks(`{ auditLog(first: 20) { edges { node { action subjectLabel } } } }`,
		`{"action":"instanceLeave","subjectLabel":"catalog/one"}`, `{"action":"instanceHeartbeat","subjectLabel":"catalog/one"}`)
}

// One that is not heard of any more, and that nobody asks anything, stays as long as it answers: its agent may have been killed.
func TestASilentInstanceStaysWhileItAnswers(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, first := p.service(catalogSDL, catalogData)
	p.publish("catalog", "http://127.0.0.1:9/", catalogSDL)
	p.want(p.beat("catalog", "one", first), `"userErrors":[]`)
	p.asks(`{ fleet(service: "catalog") { state } }`, `SERVING`)
	time.Sleep(23 * time.Second) // longer than one that does not answer is waited for, and than an answer counts
	p.want(p.ask(`{ fleet(service: "catalog") { name state health { state } } }`, nil), `{"name":"one","state":"SILENT","health":{"state":"DEGRADED"}}`)
	p.want(p.ask(`{ products { name } }`, nil), `Lamp`)
}

// An operator drains an instance: it is told to drain, then to stop.
func TestAnInstanceIsDrained(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, address := p.service(catalogSDL, catalogData)
	p.publish("catalog", address, catalogSDL)
	_, first := p.service(catalogSDL, catalogData)
	p.asks(`{ products { name } }`, `Lamp`)
	p.beat("catalog", "one", first)
	p.asks(`mutation { instanceHeartbeat(input: {service: "catalog", instance: "one", url: "`+first+`"}) { instance { state } } }`, `SERVING`)
	id := between(p.ask(`{ fleet(service: "catalog") { id } }`, nil), `"id":"`, `"`)
	p.want(p.ask(fmt.Sprintf(`mutation { instanceDrain(input: {id: %q}) { instance { state } userErrors { code } } }`, id), nil), `{"instance":{"state":"DRAINING"},"userErrors":[]}`)
	p.want(p.beat("catalog", "one", first), `"command":"DRAIN"`)
	p.asks(`mutation { instanceHeartbeat(input: {service: "catalog", instance: "one", url: "`+first+`"}) { command } }`, `STOP`)
	p.want(p.ask(`mutation { instanceDrain(input: {id: "ins_none"}) { instance { state } userErrors { code path } } }`, nil), `{"instance":null,"userErrors":[{"code":"NOT_FOUND","path":["id"]}]}`)
	p.want(p.ask(fmt.Sprintf(`{ node(id: %q) { id ... on Instance { name state } } }`, id), nil), `"name":"one","state":"DRAINING"`)
}

// The number of instances is shared among the agents.
func TestAServiceIsScaled(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, address := p.service(catalogSDL, catalogData)
	p.publish("catalog", address, catalogSDL)
	p.asks(`{ products { name } }`, `Lamp`)
	_, first := p.service(catalogSDL, catalogData)
	_, second := p.service(catalogSDL, catalogData)
	p.want(p.beat("catalog", "a-1", first, "agent", "a"), `"desiredReplicas":null`)
	p.want(p.beat("catalog", "b-1", second, "agent", "b"), `"desiredReplicas":null`)
	p.want(p.ask(`mutation { serviceScale(input: {service: "catalog", replicas: 5}) { service { replicas replicasReason policy { minimum } } userErrors { code } } }`, nil),
		`{"replicas":5,"replicasReason":"said by Developer","policy":null},"userErrors":[]`)
	p.want(p.beat("catalog", "a-1", first, "agent", "a"), `"desiredReplicas":3`)
	p.want(p.beat("catalog", "b-1", second, "agent", "b"), `"desiredReplicas":2`)
	p.want(p.ask(`mutation { serviceScale(input: {service: "catalog", replicas: 0}) { userErrors { code path } } }`, nil), `{"code":"INVALID","path":["replicas"]}`)
	p.want(p.ask(`mutation { serviceScale(input: {service: "none", replicas: 2}) { userErrors { code path } } }`, nil), `{"code":"NOT_FOUND","path":["service"]}`)
	p.want(p.ask(`mutation { servicePolicySet(input: {service: "catalog", policy: {minimum: 6, maximum: 8}}) { service { policy { minimum maximum targetUtilization calmDownSeconds } } userErrors { code } } }`, nil),
		`{"minimum":6,"maximum":8,"targetUtilization":0.6,"calmDownSeconds":120}`)
	p.asks(`{ service(name: "catalog") { replicas replicasReason } }`, `{"replicas":6,"replicasReason":"the policy wants 6 at least"}`)
	p.want(p.ask(`{ auditLog(first: 5) { edges { node { action actor { kind } detail } } } }`, nil), `"action":"serviceScale","actor":{"kind":"SYSTEM"}`, `"reason":"the policy wants 6 at least"`)
}

// What an instance says that makes no sense is refused, and says what to do.
func TestAHeartbeatIsChecked(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, address := p.service(catalogSDL, catalogData)
	for name, c := range map[string]struct {
		service, instance, url string
		more                   []any
		want                   string
	}{
		"no name":              {"catalog", "", address, nil, `"path":["instance"]`},
		"a path as a name":     {"catalog", "../one", address, nil, `"path":["instance"]`},
		"a service's name":     {"Catalog!", "one", address, nil, `"path":["service"]`},
		"Sonata's own name":    {"sonata", "one", address, nil, `"code":"SONATA_OWNED"`},
		"no address":           {"catalog", "one", "nowhere", nil, `"path":["url"]`},
		"another scheme":       {"catalog", "one", "file:///etc/passwd", nil, `"path":["url"]`},
		"a metadata address":   {"catalog", "one", "http://169.254.169.254/", nil, `"path":["url"]`},
		"a user":               {"catalog", "one", "http://me:secret@127.0.0.1/", nil, `"path":["url"]`},
		"no weight":            {"catalog", "one", address, []any{"weight", 0}, `"path":["weight"]`},
		"a long time to live":  {"catalog", "one", address, []any{"ttlSeconds", 301}, `"path":["ttlSeconds"]`},
		"less than no request": {"catalog", "one", address, []any{"inFlight", -1}, `"path":["inFlight"]`},
		"less than no CPU":     {"catalog", "one", address, []any{"cpu", -0.5}, `"path":["cpu"]`},
		"a long version":       {"catalog", "one", address, []any{"version", strings.Repeat("1", 81)}, `"path":["version"]`},
		"an agent with spaces": {"catalog", "one", address, []any{"agent", "my agent"}, `"path":["agent"]`},
	} {
		t.Run(name, func(t *testing.T) {
			got := p.beat(c.service, c.instance, c.url, c.more...)
			p.want(got, c.want, `"instance":null`)
		})
	}
	p.want(p.ask(`{ fleet { serviceName } }`, nil), `{"data":{"fleet":[{"serviceName":"sonata"}]}}`)
}

// Two processes that were given one name are told so, instead of taking turns.
func TestTwoProcessesOfOneName(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.want(p.beat("catalog", "one", "http://127.0.0.1:1/"), `"userErrors":[]`)
	p.want(p.beat("catalog", "one", "http://127.0.0.1:2/"), `"userErrors":[]`)
	p.want(p.beat("catalog", "one", "http://127.0.0.1:1/"), `"code":"TAKEN"`, `--name`)
	p.want(p.beat("catalog", "one", "http://127.0.0.1:2/"), `"userErrors":[]`)
}

// An instance at a host that its service does not allow waits, and an alert says what to do.
func TestAnInstanceAtAnotherHostWaits(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, address := p.service(catalogSDL, catalogData)
	p.publish("catalog", address, catalogSDL, "allowedHosts", []string{"catalog.example"})
	defer p.keeps("catalog", "one", address)()
	p.asks(`{ fleet(service: "catalog") { state } }`, `WAITING`)
	p.asks(`{ alerts { rule severity serviceName instance { name } message hint } }`,
		`"rule":"INSTANCE_WAITS","severity":"WARNING","serviceName":"catalog","instance":{"name":"one"},"message":"one of catalog waits: its host is none of those that its service allows"`, `allowedHosts`)
	p.publish("catalog", address, catalogSDL, "allowedHosts", []string{"127.0.0.1"})
	p.asks(`{ fleet(service: "catalog") { state } }`, `SERVING`)
	p.asks(`{ alerts { rule } }`, `{"data":{"alerts":[]}}`)
}

// Sonata says how busy it is itself, and how it was: a point for each ten seconds.
func TestSonataIsAmongTheFleet(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	p.asks(`{ fleet(service: "sonata") { serviceName state health { state } agent figures { calls } history { at cpu memory rate } } }`,
		`"serviceName":"sonata","state":"SERVING","health":{"state":"HEALTHY"},"agent":null`, `"history":[{"at":`)
	got := ""
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if got = p.ask(`{ fleet(service: "sonata") { cpu cores memory descriptors utilization inFlight } }`, nil); !strings.Contains(got, "null") {
			return
		}
	}
	t.Error(got)
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}
