package access_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

const (
	fullRun     = 10_000 // samples of each kind from which on the test decides
	significant = 0.01
)

// BenchmarkSignInTells asks whether the time of a refusal tells what there is: a wrong password is tried for members and
// for accounts that are none, in random order, each time for another account and from an address of its own. Attempts
// are forgotten before each, since the throttle would refuse the eleventh unread; there is no flood, so that nobody
// waits for a turn. Welch's t-test compares each kind with the members. It decides with -benchtime 10000x.
func BenchmarkSignInTells(b *testing.B) {
	const accounts = 50
	p := newPeople(b)
	old := p.queue.HashOf(good, 12*1024, 3)
	hash := p.queue.HashOf(good, 19*1024, 2)
	err := p.Store.WithTx(b.Context(), func(ctx context.Context, tx *store.Tx) error {
		for i := range accounts {
			for kind, hash := range map[string]string{"member": hash, "invited": "", "older": old} {
				create := tx.Member.Create().SetEmail(fmt.Sprintf("%s-%03d@example.com", kind, i)).SetName("Somebody").SetGrants("[]").SetPasswordHash(hash)
				if err := create.Exec(ctx); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	p.SetPasswords(access.NewPasswords(nil))
	kinds := []string{"member-%03d@example.com", "nobody-%03d@example.com", "invited-%03d@example.com", "nobody-%03d-example.com", "older-%03d@example.com"}
	took := make([][]float64, len(kinds)) // microseconds
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	b.Logf("seed %d", seed)
	b.ResetTimer()
	for n := range b.N {
		for _, kind := range random.Perm(len(kinds)) {
			p.ForgetAttempts(b)
			account := fmt.Sprintf(kinds[kind], random.IntN(accounts))
			ctx := p.from(fmt.Sprintf("198.18.%d.%d", n/250%250, n%250))
			begin := time.Now()
			_, err := p.SignIn(ctx, account, "not the password at all")
			took[kind] = append(took[kind], float64(time.Since(begin).Nanoseconds())/1000)
			if fault.KindOf(err) != fault.Forbidden {
				b.Fatal(err)
			}
		}
	}
	for kind, name := range map[int]string{1: "unknown", 2: "invited", 3: "malformed", 4: "older-hash"} {
		t, p := welch(took[0], took[kind])
		tTrimmed, pTrimmed := welch(trim(took[0], took[kind]))
		b.ReportMetric(t, name+"-t")
		b.ReportMetric(p, name+"-p")
		b.ReportMetric(tTrimmed, name+"-trimmed-t")
		b.ReportMetric(pTrimmed, name+"-trimmed-p")
		b.ReportMetric(median(took[kind])-median(took[0]), name+"-median-µs")
		if b.N >= fullRun && min(p, pTrimmed) < significant && name != "older-hash" { // that one is alike as far as can be
			b.Errorf("%s: t %.2f, p %.4f, trimmed t %.2f, p %.4f", name, t, p, tTrimmed, pTrimmed)
		}
	}
	b.ReportMetric(median(took[0]), "member-median-µs")
}

// welch is the t of two samples that may vary differently, and how probable one as far from 0 is when both have the same
// mean. The samples are large: t is as good as normal.
func welch(a, b []float64) (t, p float64) {
	meanA, errA := mean(a)
	meanB, errB := mean(b)
	t = (meanB - meanA) / math.Sqrt(errA+errB)
	return t, math.Erfc(math.Abs(t) / math.Sqrt2)
}

// mean also returns the square of its standard error.
func mean(all []float64) (m, err float64) {
	for _, x := range all {
		m += x / float64(len(all))
	}
	for _, x := range all {
		err += (x - m) * (x - m)
	}
	return m, err / float64(len(all)-1) / float64(len(all))
}

// trim drops what took longer than nine in ten of both: what the machine did meanwhile hides small differences.
func trim(a, b []float64) (shortA, shortB []float64) {
	both := slices.Sorted(slices.Values(slices.Concat(a, b)))
	most := both[len(both)*9/10]
	longer := func(x float64) bool { return x > most }
	return slices.DeleteFunc(slices.Clone(a), longer), slices.DeleteFunc(slices.Clone(b), longer)
}

func median(all []float64) float64 {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}

// The benchmark would see a difference: that of one more read in the database, and none where there is none.
func TestWelchFindsADifference(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	sample := func(more float64) (all []float64) {
		for range 10_000 {
			all = append(all, 20_000+1000*random.NormFloat64()+more)
		}
		return all
	}
	a, same, other := sample(0), sample(0), sample(100)
	if _, p := welch(a, same); p < significant {
		t.Errorf("equal samples differ, p %.4f", p)
	}
	if at, p := welch(a, other); p > 1e-9 || math.Abs(at-7.07) > 3 {
		t.Errorf("samples that differ by a tenth of their deviation have t %.2f, p %.4f", at, p)
	}
	if _, p := welch(trim(a, other)); p > 1e-6 {
		t.Errorf("trimmed p is %.4f", p)
	}
}
