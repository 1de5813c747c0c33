package access

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/principal"
)

// No minute, wherever it begins, has more requests than the limit: with bursts, with pauses and with every cost.
func TestNoMinuteHasMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		limit := 1 + rng.IntN(200)
		var now time.Duration
		l := newLimits(limit, limit, 0, func() time.Duration { return now })
		type taken struct {
			at   time.Duration
			cost int
		}
		var log []taken
		pace := []time.Duration{0, time.Millisecond, 100 * time.Millisecond, time.Second, 15 * time.Second}[rng.IntN(5)]
		for range 2000 {
			now += time.Duration(rng.Int64N(int64(pace) + 1))
			if rng.IntN(200) == 0 {
				now += time.Duration(rng.Int64N(int64(90 * time.Second)))
			}
			cost := 1 + rng.IntN(3)
			left, ok := l.Take(Caller{ID: "a"}, limit, cost)
			if ok {
				log = append(log, taken{now, cost})
			}
			sum := 0
			for i := len(log) - 1; i >= 0 && log[i].at > now-time.Minute; i-- {
				sum += log[i].cost
			}
			if sum > limit {
				t.Fatalf("seed %d: %d within a minute of %s, the limit is %d", seed, sum, now, limit)
			}
			if left.Remaining > limit-sum {
				t.Fatalf("seed %d: %d are said to remain of %d after %d", seed, left.Remaining, limit, sum)
			}
			if !ok && cost <= limit { // what it was told to wait is enough, and a part less is not
				before := now
				now += left.Retry
				if again, ok := l.Take(Caller{ID: "a"}, limit, cost); !ok {
					t.Fatalf("seed %d: refused after the wait of %s: %+v", seed, left.Retry, again)
				}
				log = append(log, taken{now, cost})
				if left.Retry <= 0 || left.Retry > minute+part {
					t.Fatalf("seed %d: told to wait %s at %s", seed, left.Retry, before)
				}
			}
		}
	}
}

// A caller that keeps to its limit is hardly ever in its way: all but a part of a minute's worth gets through.
func TestTheLimitIsThere(t *testing.T) {
	t.Parallel()
	var now time.Duration
	l := newLimits(600, 600, 0, func() time.Duration { return now })
	passed := 0
	for range 6000 { // ten minutes at the limit
		now += 100 * time.Millisecond
		if _, ok := l.Take(Caller{ID: "a"}, 600, 1); ok {
			passed++
		}
	}
	if passed < 5700 {
		t.Errorf("%d of 6000 passed", passed)
	}
	if left := l.Left(Caller{ID: "b"}, 600); left.Remaining != 600 || left.Reset != 0 {
		t.Errorf("another caller has %+v", left)
	}
	now += 2 * time.Minute
	if left := l.Left(Caller{ID: "a"}, 600); left.Remaining != 600 || left.Reset != 0 {
		t.Errorf("after a pause: %+v", left)
	}
}

func TestWhoIsCountedTogether(t *testing.T) {
	t.Parallel()
	l := NewLimits(10, 20, 0)
	of := func(source string, p principal.Principal) context.Context {
		return principal.With(principal.WithSource(t.Context(), source), p)
	}
	key := func(id string, own int, publishable bool) principal.Principal {
		return principal.Principal{Actor: principal.Actor{ID: id, Kind: principal.APIKey}, Credential: principal.KeyCredential, CredentialID: id, RequestsPerMinute: own, Publishable: publishable}
	}
	member := func(id, session string) principal.Principal {
		return principal.Principal{Actor: principal.Actor{ID: id, Kind: principal.Member}, Credential: principal.SessionCredential, CredentialID: session}
	}
	nobody := principal.From(context.Background())
	for name, c := range map[string]struct {
		a, b  context.Context
		same  bool
		limit int // of a
	}{
		"two addresses":                     {of("192.0.2.1", nobody), of("192.0.2.2", nobody), false, 10},
		"one network of IPv6":               {of("2001:db8:1:2::1", nobody), of("2001:db8:1:2:ffff::9", nobody), true, 10},
		"two networks of IPv6":              {of("2001:db8:1:2::1", nobody), of("2001:db8:1:3::1", nobody), false, 10},
		"an address in two forms":           {of("192.0.2.1", nobody), of("::ffff:192.0.2.1", nobody), true, 10},
		"a zone":                            {of("fe80::1%a", nobody), of("fe80::1%b", nobody), true, 10},
		"a key from two addresses":          {of("192.0.2.1", key("k", 0, false)), of("192.0.2.2", key("k", 0, false)), true, 20},
		"two keys from an address":          {of("192.0.2.1", key("k", 7, false)), of("192.0.2.1", key("l", 0, false)), false, 7},
		"a key and its address":             {of("192.0.2.1", key("k", 0, false)), of("192.0.2.1", nobody), false, 20},
		"a public key from two addresses":   {of("192.0.2.1", key("k", 5, true)), of("192.0.2.2", key("k", 5, true)), false, 5},
		"two sessions of a member":          {of("192.0.2.1", member("m", "s")), of("192.0.2.2", member("m", "t")), true, 20},
		"the developer is not limited":      {of("127.0.0.1", principal.LocalDeveloper()), of("", principal.Sonata()), true, 0},
		"a member with the id of some key":  {of("192.0.2.1", member("k", "s")), of("192.0.2.1", key("k", 0, false)), false, 20},
		"who is not known, and no address":  {of("", nobody), t.Context(), true, 10},
		"who is not known by another route": {of("10.0.0.1", nobody), t.Context(), false, 10},
	} {
		a, limit := l.caller(c.a)
		if b, _ := l.caller(c.b); (a == b) != c.same || limit != c.limit {
			t.Errorf("%s: %+v and %+v, limit %d", name, a, b, limit)
		}
	}
}

// What requests cost is counted beside them, for the same callers.
func TestCostIsCountedBesideTheRequests(t *testing.T) {
	t.Parallel()
	l := newLimits(10, 20, 100, func() time.Duration { return 0 })
	anonymous := t.Context()
	if left, limited, ok := l.Spend(anonymous, 60); !limited || !ok || left.Remaining != 40 || left.Limit != 100 {
		t.Errorf("60 of 100: %+v %t %t", left, limited, ok)
	}
	if left, _, ok := l.Spend(anonymous, 41); ok || left.Remaining != 40 || left.Retry == 0 {
		t.Errorf("41 of 40: %+v %t", left, ok)
	}
	if left, limited := l.Affords(anonymous); !limited || left.Remaining != 40 {
		t.Errorf("what is left: %+v %t", left, limited)
	}
	if left, _ := l.Remaining(anonymous); left.Remaining != 10 {
		t.Errorf("the requests: %+v", left)
	}
	if _, _, ok := l.Count(anonymous, 10); !ok {
		t.Error("ten requests are refused for what they cost")
	}
	key := principal.With(t.Context(), principal.Principal{
		Actor: principal.Actor{ID: "k", Kind: principal.APIKey}, Credential: principal.KeyCredential, CredentialID: "k", RequestsPerMinute: 3,
	})
	if left, _, ok := l.Spend(key, 100); !ok || left.Limit != 100 {
		t.Errorf("a key: %+v %t", left, ok)
	}
	if _, _, ok := l.Spend(key, 1); ok {
		t.Error("a key has more than the limit")
	}
	for name, who := range map[string]principal.Principal{"the developer": {Credential: principal.DeveloperCredential}, "Sonata": principal.Sonata()} {
		if _, limited, ok := l.Spend(principal.With(t.Context(), who), 1000); limited || !ok {
			t.Errorf("%s is limited", name)
		}
	}
	if _, limited, ok := newLimits(10, 20, 0, l.now).Spend(anonymous, 1000); limited || !ok {
		t.Error("no limit is one")
	}
}

func TestLimitsAreBoundedAndExactUnderLoad(t *testing.T) {
	t.Parallel()
	l := newLimits(10, 10, 0, func() time.Duration { return 0 })
	var wg sync.WaitGroup
	var passed atomic.Int64
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if _, ok := l.Take(Caller{ID: "a"}, 1000, 1); ok {
					passed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if passed.Load() != 1000 {
		t.Errorf("%d passed, the limit is 1000", passed.Load())
	}
	for i := range 2 * maxCallers {
		l.Take(Caller{Address: strconv.Itoa(i)}, 10, 1)
	}
	known := 0
	for i := range l.shards {
		known += l.shards[i].callers.Len()
	}
	if known > maxCallers {
		t.Errorf("%d callers are remembered", known)
	}
}

func BenchmarkTake(b *testing.B) {
	l := NewLimits(1_000_000_000, 1_000_000_000, 0)
	callers := make([]Caller, 10_000)
	for i := range callers {
		callers[i] = Caller{Kind: principal.Anonymous, Address: "2001:db8::" + strconv.Itoa(i) + "/64"}
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			l.Take(callers[i%len(callers)], 1_000_000_000, 1)
		}
	})
}
