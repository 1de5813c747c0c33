package app

import (
	"cmp"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"sonata.ai/sonata/internal/fleet"
	"sonata.ai/sonata/server"
)

// self says how busy this process is. What the system does not tell is left out.
type self struct {
	name, version string
	metrics       *server.Metrics
	own           *process.Process // nil when the system tells nothing

	mu     sync.Mutex
	load   fleet.Load
	at     time.Time
	worked float64 // seconds of CPU until then
}

// sampleEvery is how far samples of CPU time are apart at least: the kernel counts it in hundredths of a second.
const sampleEvery = 900 * time.Millisecond

func newSelf(m *server.Metrics) *self {
	name, _ := os.Hostname()                         // without one it has another name
	own, _ := process.NewProcess(int32(os.Getpid())) // nil is taken care of
	return &self{name: cmp.Or(name, "sonata"), version: built(), metrics: m, own: own}
}

func (s *self) read() fleet.Own {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); now.Sub(s.at) >= sampleEvery {
		s.sample(now)
	}
	flying := int(s.metrics.InFlight.Load())
	o := fleet.Own{Name: s.name, Version: s.version, Load: s.load, Figures: figuresOf(s.metrics.Asked.Read(), "CLOSED"), Lately: latelyOf(s.metrics.Asked.Lately())}
	o.InFlight = &flying
	return o
}

func (s *self) sample(now time.Time) {
	cores := float64(runtime.GOMAXPROCS(0))
	s.load.Cores = &cores
	if s.own == nil {
		return
	}
	if t, err := s.own.Times(); err == nil {
		worked := t.User + t.System
		if !s.at.IsZero() {
			cpu := max(0, worked-s.worked) / now.Sub(s.at).Seconds()
			s.load.CPU = &cpu
		}
		s.worked = worked
	}
	if m, err := s.own.MemoryInfo(); err == nil {
		resident := float64(m.RSS)
		s.load.Memory = &resident
	}
	if n, err := s.own.NumFDs(); err == nil {
		open := int(n)
		s.load.Descriptors = &open
	}
	s.at = now
}

// built is which program this is: the commit that it was built from, as far as that is known.
func built() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return strings.Trim(info.Main.Version, "()")
}
