package agent

import (
	"math"
	"time"
)

// usage is what the processes of an instance use, as the kernel counts it.
type usage struct {
	cpu         time.Duration // since they began; those that ended included, where the kernel knows
	memory      float64       // resident bytes
	descriptors int
}

// sampleAfter is how much time CPU is averaged over at least: the kernel counts it in steps of 10 ms.
const sampleAfter = time.Second

// meter turns counters into cores in use.
type meter struct {
	at    time.Time
	cpu   time.Duration
	cores *float64
}

// read takes in what was counted until now and returns the cores in use since it was read before; nil the first time.
func (m *meter) read(now time.Time, cpu time.Duration) *float64 {
	past := now.Sub(m.at)
	switch {
	case m.at.IsZero():
		m.at, m.cpu = now, cpu
	case past >= sampleAfter:
		cores := math.Max(0, float64(cpu-m.cpu)/float64(past)) // a descendant that is gone may take its part with it
		m.at, m.cpu, m.cores = now, cpu, &cores
	}
	return m.cores
}
