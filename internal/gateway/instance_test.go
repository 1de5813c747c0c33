package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
)

// replica is an instance of a service that can be told how to fail.
type replica struct {
	gateway.Instance
	server *httptest.Server
	asked  atomic.Int64
	delay  atomic.Int64 // nanoseconds
	status atomic.Int64
}

func newReplica(t *testing.T, id string) *replica {
	t.Helper()
	r := &replica{}
	r.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.asked.Add(1)
		_, _ = io.Copy(io.Discard, q.Body)
		select {
		case <-time.After(time.Duration(r.delay.Load())):
		case <-q.Context().Done():
		}
		if status := r.status.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		answerOK(w)
	}))
	t.Cleanup(func() { r.server.CloseClientConnections(); r.server.Close() })
	r.Instance = gateway.Instance{ID: id, URL: r.server.URL, Weight: 1}
	return r
}

// replicated is a service with instances at whose own address nobody listens.
func replicated(t *testing.T, n int, with ...func(*gateway.RemoteOptions)) (*gateway.Remote, []*replica) {
	t.Helper()
	o := gateway.RemoteOptions{Name: "service", URL: nobody(t), Reach: gateway.Reach{AllowPrivate: true}}
	for _, f := range with {
		f(&o)
	}
	r, err := gateway.NewRemote(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	all := make([]*replica, n)
	for i := range all {
		all[i] = newReplica(t, fmt.Sprint("instance ", i))
	}
	serve(r, all...)
	return r, all
}

func serve(r *gateway.Remote, all ...*replica) bool {
	instances := make([]gateway.Instance, len(all))
	for i, one := range all {
		instances[i] = one.Instance
	}
	return r.Serve(instances)
}

// nobody is an address at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

func ask(t *testing.T, r *gateway.Remote, text string) {
	t.Helper()
	if _, err := r.Ask(context.Background(), question(text)); err != nil {
		t.Errorf("%s: %v", text, err)
	}
}

func TestInstancesShareTheQuestions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*replica)
		shares [3][2]float64 // least and most
	}{
		"evenly":                 {func(*replica) {}, [3][2]float64{{0.25, 0.42}, {0.25, 0.42}, {0.25, 0.42}}},
		"by weight":              {func(r *replica) { r.Weight = 4 }, [3][2]float64{{0.58, 0.75}, {0.1, 0.25}, {0.1, 0.25}}},
		"by utilization":         {func(r *replica) { r.Utilization = 3 }, [3][2]float64{{0.05, 0.2}, {0.35, 0.55}, {0.35, 0.55}}},
		"but one that is going":  {func(r *replica) { r.Draining = true }, [3][2]float64{{0, 0}, {0.4, 0.6}, {0.4, 0.6}}},
		"but one that is broken": {func(r *replica) { r.status.Store(500) }, [3][2]float64{{0, 0.02}, {0.4, 0.6}, {0.4, 0.6}}},
		"but one that is gone":   {func(r *replica) { r.server.Listener.Close(); r.server.CloseClientConnections() }, [3][2]float64{{0, 0}, {0.4, 0.6}, {0.4, 0.6}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, all := replicated(t, 3)
			for range 30 { // a budget
				ask(t, r, "{a}")
			}
			c.change(all[0])
			serve(r, all...)
			for _, one := range all {
				one.asked.Store(0)
			}
			const questions = 600
			for range questions {
				ask(t, r, "{a}")
			}
			for i, one := range all {
				if share := float64(one.asked.Load()) / questions; share < c.shares[i][0] || share > c.shares[i][1] {
					t.Errorf("instance %d had %.2f of the questions", i, share)
				}
			}
		})
	}
}

// Who asks under load hardly meets an instance that became slow, and the instance has its share again once it is well.
func TestASlowInstanceIsSpared(t *testing.T) {
	t.Parallel()
	c := &clock{at: time.Unix(1000, 0)}
	r, all := replicated(t, 3, func(o *gateway.RemoteOptions) { o.Now = c.now })
	load := func(questions int) (share float64) {
		before := all[0].asked.Load()
		for range questions / 8 {
			var under sync.WaitGroup
			for range 8 {
				under.Go(func() {
					began := time.Now()
					ask(t, r, "{a}")
					c.pass(time.Since(began) / 8)
				})
			}
			under.Wait()
		}
		return float64(all[0].asked.Load()-before) / float64(questions)
	}
	load(80)
	all[0].delay.Store(int64(100 * time.Millisecond))
	load(80)
	if share := load(320); share > 0.15 {
		t.Errorf("it had %.2f of the questions", share)
	}
	all[0].delay.Store(0)
	c.pass(time.Minute)
	load(80)
	if share := load(320); share < 0.2 {
		t.Errorf("well again, it had %.2f of the questions", share)
	}
}

// A mutation is asked again only when nobody can have got it.
func TestAMutationIsAskedElsewhereOnlyWhenItNeverArrived(t *testing.T) {
	t.Parallel()
	r, all := replicated(t, 2)
	all[0].server.Listener.Close()
	for range 20 {
		ask(t, r, "mutation {a}")
	}
	if n := all[1].asked.Load(); n != 20 {
		t.Errorf("the one that is there was asked %d times", n)
	}
	r, all = replicated(t, 2)
	for _, one := range all {
		one.status.Store(503)
	}
	if _, err := r.Ask(context.Background(), question("mutation {a}")); codeOf(err) != gateway.CodeUnavailable {
		t.Error(err)
	}
	if n := all[0].asked.Load() + all[1].asked.Load(); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
}

// A query does not wait for an instance that hangs as long as it would wait for a service that has no other.
func TestAQueryLeavesAnInstanceThatHangs(t *testing.T) {
	t.Parallel()
	r, all := replicated(t, 2, func(o *gateway.RemoteOptions) { o.Deadline = 10 * time.Second })
	for range 40 {
		ask(t, r, "{a}")
	}
	all[0].delay.Store(int64(time.Minute))
	began := time.Now()
	for range 40 {
		ask(t, r, "{a}")
	}
	if took := time.Since(began); took > 9*time.Second {
		t.Errorf("40 queries took %s", took)
	}
	seen, ok := r.Instance(all[0].ID)
	if !ok || seen.Health.State != gateway.Failing || seen.Health.Code != gateway.CodeTimeout {
		t.Errorf("%v %+v", ok, seen.Health)
	}
	if h := r.Health(); h.State != gateway.Healthy {
		t.Errorf("the service is %+v", h)
	}
}

// Without instances, and while all of them are going, the address of the service is asked.
func TestTheAddressOfTheServiceServesWithoutInstances(t *testing.T) {
	t.Parallel()
	base := newReplica(t, "")
	r, all := replicated(t, 1, func(o *gateway.RemoteOptions) { o.URL = base.URL })
	want := func(one *replica) {
		t.Helper()
		before := one.asked.Load()
		ask(t, r, "{a}")
		if one.asked.Load() != before+1 {
			t.Error("another was asked")
		}
	}
	want(all[0])
	all[0].Draining = true
	serve(r, all...)
	want(base)
	all[0].Draining = false
	serve(r, all...)
	want(all[0])
	serve(r)
	want(base)
}

// An address that services cannot have is not asked, whoever announced it.
func TestAnInstanceIsWhereServicesMayBe(t *testing.T) {
	t.Parallel()
	r, all := replicated(t, 1)
	r.Serve([]gateway.Instance{all[0].Instance, {ID: "secrets", URL: "http://169.254.169.254/latest"}})
	for range 10 {
		ask(t, r, "{a}")
	}
	if n := all[0].asked.Load(); n != 10 {
		t.Errorf("%d", n)
	}
}

// What is seen of each instance is told apart.
func TestInstancesAreSeenOneByOne(t *testing.T) {
	t.Parallel()
	r, all := replicated(t, 2)
	all[0].status.Store(503)
	for range 60 {
		_, _ = r.Ask(context.Background(), question("{a}"))
	}
	if err := r.Probe(context.Background(), 0); err != nil {
		t.Error(err)
	}
	bad, _ := r.Instance(all[0].ID)
	good, _ := r.Instance(all[1].ID)
	if bad.Health.State != gateway.Failing || bad.Health.Circuit == gateway.Closed || bad.Figures.Errors != 3 {
		t.Errorf("%+v", bad)
	}
	if good.Health.State != gateway.Healthy || good.Figures.Calls < 55 || good.Figures.Errors != 0 || good.Figures.P95 == nil {
		t.Errorf("%+v", good)
	}
	if _, ok := r.Instance("another"); ok {
		t.Error("there is no other")
	}
}

// A stream goes over to a sibling before its instance goes, and misses nothing that is announced after.
func TestAStreamGoesOverToASibling(t *testing.T) {
	t.Parallel()
	for _, protocol := range []gateway.Protocol{gateway.Websocket, gateway.Events} {
		t.Run(string(protocol), func(t *testing.T) {
			t.Parallel()
			w, stream, composed := streamWorld(t, protocol)
			w.swap(composed())
			f := w.follow(`subscription {changed {number}}`, nil)
			eventually(t, func() bool { return stream.Streams("changed") == 1 })
			remote, ok := w.sources["stream"].(*gateway.Remote)
			if !ok {
				t.Fatal("it is no remote")
			}
			sibling := w.service("sibling", streamSDL, "")
			move := func(instances ...gateway.Instance) {
				if remote.Serve(instances) {
					w.gateway.MoveStreams()
				}
			}
			one := gateway.Instance{ID: "one", URL: w.servers["sibling"].URL}
			move(one)
			eventually(t, func() bool { return sibling.Streams("changed") == 1 && stream.Streams("changed") == 0 })
			sibling.Publish("changed", `{"id":"rel_1"}`)
			f.want(`{"data":{"changed":{"number":1}}}`)

			two := gateway.Instance{ID: "two", URL: w.servers["stream"].URL}
			one.Draining = true
			move(one, two)
			eventually(t, func() bool { return sibling.Streams("changed") == 0 && stream.Streams("changed") == 1 })
			stream.Publish("changed", `{"id":"rel_2"}`)
			f.want(`{"data":{"changed":{"number":2}}}`)
			if seen, _ := remote.Instance("two"); seen.Streams != 1 {
				t.Errorf("%+v", seen)
			}
		})
	}
}

// Instances come and go under load without a question that fails.
func TestInstancesComeAndGoUnderLoad(t *testing.T) {
	t.Parallel()
	r, all := replicated(t, 3)
	stop := make(chan struct{})
	var load sync.WaitGroup
	var failed atomic.Int64
	var reason atomic.Value
	for i := range 6 {
		load.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				text := "{a}"
				if (i+n)%3 == 0 {
					text = "mutation {a}"
				}
				if _, err := r.Ask(context.Background(), question(text)); err != nil {
					failed.Add(1)
					reason.Store(fmt.Sprint(text, ": ", err))
				}
			}
		})
	}
	for range 20 {
		for i, one := range all {
			one.Draining = true
			serve(r, all...)
			time.Sleep(3 * time.Millisecond)
			serve(r, append(append([]*replica{}, all[:i]...), all[i+1:]...)...)
			one.Draining = false
			serve(r, all...)
		}
	}
	close(stop)
	load.Wait()
	if n := failed.Load(); n > 0 {
		t.Errorf("%d failed, the last: %s", n, strings.TrimSpace(fmt.Sprint(reason.Load())))
	}
}
