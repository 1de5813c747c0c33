//go:build postgres

package processestest

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// However processes wake each other, what is published through one is followed on the other; and they start at once on
// an empty database: one makes the schema, the others wait.
func TestProcessesFollowEachOther(t *testing.T) {
	binary := process.Build(t)
	t.Run("by notifications", func(t *testing.T) { follows(t, newFleet(t, binary)) })
	t.Run("behind a pooler", func(t *testing.T) {
		f := newFleet(t, binary)
		p, err := f.pg.Pooler(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
		f.address = p.URL(f.address[strings.LastIndex(f.address, "/")+1:])
		follows(t, f)
	})
	t.Run("by a NATS", func(t *testing.T) {
		server := exec.Command(os.Getenv("NATS_SERVER"), "-a", "127.0.0.1", "-p", "14222")
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			server.Process.Kill()
			server.Wait()
		})
		follows(t, newFleet(t, binary, "--nats", "nats://127.0.0.1:14222"))
	})
	t.Run("by a NATS that is not there", func(t *testing.T) { follows(t, newFleet(t, binary, "--nats", "nats://127.0.0.1:9")) })
}

func follows(t *testing.T, f *fleet) {
	t.Helper()
	others := []*process.Server{nil, nil}
	var starting sync.WaitGroup
	for n := range others { // beside the first, on the empty database
		starting.Go(func() { others[n] = process.Start(t, f.binary, f.address, f.flags...) })
	}
	a := f.start()
	starting.Wait()
	b, c := others[0], others[1]
	f.ran = append(f.ran, b, c)
	p := f.publisher()
	ctx, leave := context.WithCancel(t.Context())
	var open sync.WaitGroup
	defer open.Wait()
	defer leave()
	followers := []*follower{{}, {}, {}}
	for n, w := range followers {
		open.Go(func() {
			for ctx.Err() == nil {
				w.follow(ctx, []string{a.URL, b.URL, c.URL}[n])
			}
		})
	}
	for n := range 6 {
		p.must([]string{a.URL, b.URL, c.URL}[n%3])
		until(t, 5*time.Second, "a publish did not arrive everywhere", func() bool {
			for _, w := range followers {
				if w.last.Load() != p.last {
					return false
				}
			}
			return true
		})
	}
	f.kept(p)
	f.noBug()
}
