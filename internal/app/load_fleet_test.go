package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// flock is the instances of the shop: processes that say that they are there.
type flock struct {
	platform
	load  *load
	tails *tails
	beats map[string]func() // what stops the heartbeats of each, by name
	alive map[string]*killable
}

const shopQuery = `{ products { name price } }`

func newFlock(t *testing.T) *flock {
	t.Helper()
	f := &flock{
		platform: newPlatform(t, "--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0"),
		beats:    map[string]func(){}, alive: map[string]*killable{},
	}
	f.join("one")
	f.want(f.publish("shop", "http://127.0.0.1:9/", shopSDL), `"userErrors":[]`) // at which nobody listens
	f.asks(shopQuery, `"name":"Lamp"`)
	f.load = newLoad(f.platform, newTrouble(), map[string]string{"products": "shop", "name": "shop", "price": "shop"}, map[string]string{
		shopQuery: `{"products":[{"name":"Lamp","price":12},{"name":"Chair","price":40}]}`,
	})
	f.tails = &tails{p: f.platform, allowed: func(payload []byte) string {
		if strings.Contains(string(payload), `"errors"`) {
			return "an error that nobody expects"
		}
		return ""
	}}
	return f
}

// join starts an instance.
func (f *flock) join(name string) {
	f.Helper()
	k := newKillable(f.T)
	f.alive[name] = k
	f.beats[name] = f.keeps("shop", name, "http://"+k.address+"/")
}

// calls is how often each was asked within the last minutes.
func (f *flock) calls() map[string]float64 {
	f.Helper()
	var got struct {
		Data struct {
			Fleet []struct {
				Name    string
				Figures struct{ Calls float64 }
			}
		}
	}
	answer := f.ask(`{ fleet(service: "shop") { name figures { calls } } }`, nil)
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		f.Fatal(err)
	}
	all := map[string]float64{}
	for _, i := range got.Data.Fleet {
		all[i.Name] = i.Figures.Calls
	}
	return all
}

// shares waits until each of these has a tenth of the questions of the last moment at least, within so long.
func (f *flock) shares(within time.Duration, names ...string) {
	f.Helper()
	var shares []string
	for deadline := time.Now().Add(within); time.Now().Before(deadline); {
		before := f.calls()
		time.Sleep(500 * time.Millisecond)
		now, total := f.calls(), 0.0
		for name, n := range now {
			total += n - before[name]
		}
		fair := total > 0
		shares = nil
		for _, name := range names {
			share := (now[name] - before[name]) / total
			fair = fair && share > 0.1
			shares = append(shares, fmt.Sprintf("%s %.2f", name, share))
		}
		if fair {
			return
		}
	}
	f.Errorf("shares of the questions: %v", shares)
}

// followed waits until so many streams come from an instance.
func (f *flock) followed(name string, want func(streams int) bool) {
	f.Helper()
	n := 0
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if n = f.alive[name].tell("streams productChanged"); want(n) {
			return
		}
	}
	f.Fatalf("%s is followed by %d", name, n)
}

// drains has an instance leave as an operator would: drained, told to stop, and stopped.
func (f *flock) drains(name string) {
	f.Helper()
	id := ""
	for _, one := range strings.Split(f.ask(`{ fleet(service: "shop") { id name } }`, nil), "{") {
		if strings.Contains(one, fmt.Sprintf("%q", name)) {
			id = between(one, `"id":"`, `"`)
		}
	}
	f.want(f.ask(fmt.Sprintf(`mutation { instanceDrain(input: {id: %q}) { instance { state } } }`, id), nil), "DRAINING")
	f.beats[name]()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(f.beat("shop", name, "http://"+f.alive[name].address+"/"), `"STOP"`); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			f.Fatalf("%s is never told to stop", name)
		}
	}
	f.followed(name, func(n int) bool { return n == 0 })
	f.alive[name].kill()
}

// Under a load of queries and streams a service is scaled up, one of its instances is killed and one hangs, it is replaced by
// other processes, and scaled down: no question fails, no stream ends, new ones have their share, and who does not answer is
// left out.
func TestInstancesUnderLoad(t *testing.T) {
	rps, streams := scaled(t, "LOAD_RPS", 50), scaled(t, "LOAD_STREAMS", 20)
	f := newFlock(t)
	stop := f.load.begin(rps)
	defer stop()
	for i := range streams {
		f.tails.follow(`subscription { productChanged { name } }`, i%2 == 0)
	}
	f.followed("one", func(n int) bool { return n == streams })
	f.join("two")
	f.join("three")
	f.shares(5*time.Second, "one", "two", "three")

	f.beats["two"]()
	f.alive["two"].kill()
	f.shares(10*time.Second, "one", "three")
	f.join("four")
	f.shares(5*time.Second, "one", "three", "four")

	if err := f.alive["three"].cmd.Process.Signal(syscall.SIGSTOP); err != nil { // it says that it is there, and does not answer
		t.Fatal(err)
	}
	f.asks(`{ fleet(service: "shop") { name health { state } } }`, `{"name":"three","health":{"state":"DOWN"}}`)
	f.shares(10*time.Second, "one", "four")
	if err := f.alive["three"].cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	f.shares(60*time.Second, "one", "three", "four")

	f.join("five") // the service is replaced by another
	f.shares(5*time.Second, "five")
	for _, old := range []string{"one", "three", "four"} {
		f.drains(old)
	}
	f.followed("five", func(n int) bool { return n == streams })
	f.alive["five"].tell("publish productChanged " + lastProduct)
	f.tails.hear(`subscription { productChanged { name } }`, `{"data":{"productChanged":{"name":"Chair"}}}`)
	stop()
	f.tails.end()
	f.beats["five"]()
	f.alive["five"].kill()
	if asked, wrong := f.load.asked.Load(), f.load.wrong.Load(); asked < int64(rps) || wrong > 0 {
		t.Errorf("of %d queries %d failed", asked, wrong)
	}
	t.Logf("%d queries, slowest %s, %d left out", f.load.asked.Load(), time.Duration(f.load.slowest.Load()), f.load.skipped.Load())
	f.asks(`{ fleet(service: "shop") { name } }`, `{"data":{"fleet":[]}}`)
}
