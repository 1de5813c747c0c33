package fleet

import (
	"time"
)

// A history is kept for a quarter of an hour, in points of ten seconds: 44 bytes each, 4 kB for an instance.
const (
	pointTime = 10 * time.Second
	points    = 90
)

// Point is how an instance did within ten seconds. Nil is not known.
type Point struct {
	At                       time.Time // their end
	Utilization, CPU, Memory *float64
	InFlight                 *int
	Rate, Errors             float64 // a second
	P50Ms, P95Ms, P99Ms      *float64
}

// absent stands for what is not known.
const absent = -1

type point struct {
	number                   int64 // of the ten seconds
	utilization, cpu, memory float32
	inFlight                 float32
	rate, errors             float32
	p50, p95, p99            float32
}

// sum is what was said within the ten seconds that are not over yet.
type sum struct {
	utilization, cpu, memory, inFlight float64
	nUtilization, nCPU, nMemory, nIn   int
}

type history struct {
	said sum
	ring []point // grows to its bound
	next int
}

func numberOf(now time.Time) int64 { return now.UnixNano() / int64(pointTime) }

// add notes what an instance said.
func (h *history) add(l Load) {
	mean := func(total *float64, n *int, value *float64) {
		if value != nil {
			*total += *value
			*n++
		}
	}
	mean(&h.said.utilization, &h.said.nUtilization, l.utilization())
	mean(&h.said.cpu, &h.said.nCPU, l.CPU)
	mean(&h.said.memory, &h.said.nMemory, l.Memory)
	if l.InFlight != nil {
		in := float64(*l.InFlight)
		mean(&h.said.inFlight, &h.said.nIn, &in)
	}
}

// close makes a point of the ten seconds that are over.
func (h *history) close(number int64, seen Lately, inFlight int) {
	mean := func(total float64, n int) float32 {
		if n == 0 {
			return absent
		}
		return float32(total / float64(n))
	}
	p := point{
		number: number, utilization: mean(h.said.utilization, h.said.nUtilization), cpu: mean(h.said.cpu, h.said.nCPU),
		memory: mean(h.said.memory, h.said.nMemory), inFlight: mean(h.said.inFlight, h.said.nIn),
		rate: float32(float64(seen.Calls) / pointTime.Seconds()), errors: float32(float64(seen.Errors) / pointTime.Seconds()),
		p50: orAbsent(seen.P50Ms), p95: orAbsent(seen.P95Ms), p99: orAbsent(seen.P99Ms),
	}
	if p.inFlight == absent {
		p.inFlight = float32(inFlight)
	}
	h.said = sum{}
	if h.ring == nil {
		h.ring = make([]point, 0, points)
	}
	if len(h.ring) < points {
		h.ring = append(h.ring, p)
		return
	}
	h.ring[h.next] = p
	h.next = (h.next + 1) % points
}

func orAbsent(v *float64) float32 {
	if v == nil {
		return absent
	}
	return float32(*v)
}

// read is the points after a moment, the oldest first.
func (h *history) read(after time.Time) (out []Point) {
	for i := range h.ring {
		p := h.ring[(h.next+i)%len(h.ring)]
		at := time.Unix(0, (p.number+1)*int64(pointTime))
		if at.Before(after) {
			continue
		}
		in := int(p.inFlight + 0.5)
		out = append(out, Point{
			At: at, Utilization: present(p.utilization), CPU: present(p.cpu), Memory: present(p.memory), InFlight: &in,
			Rate: float64(p.rate), Errors: float64(p.errors), P50Ms: present(p.p50), P95Ms: present(p.p95), P99Ms: present(p.p99),
		})
	}
	return out
}

func present(v float32) *float64 {
	if v == absent {
		return nil
	}
	out := float64(v)
	return &out
}
