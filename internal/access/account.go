//sonata:pure

package access

import (
	"encoding/binary"
)

// account is what all processes gave away of one caller's limit in the last minute, in parts by the clock of the
// database. What a process takes to spend later is booked in the part in which it may be spent at the latest, which is the
// one after that which runs: no minute, wherever it begins, then has more spent than is booked.
type account struct {
	counts [accountParts]uint32 // the newest first
	last   int64                // number of the part that counts[0] is for: the one after that which runs
}

const accountParts = parts + 1

// ask is what a process wants of an account.
type ask struct {
	limit int
	want  int   // what requests wait for
	more  bool  // something ahead of need, too
	owed  int   // what was let through without asking
	back  int   // of what was taken, never spent
	part  int64 // where back is booked
}

// advance forgets what is older than a minute when part to-1 runs. One who looked at the clock a moment before another
// finds the account a part ahead, and books there. More than that is a clock that was set back: what is booked goes with
// it.
func (a *account) advance(to int64) {
	switch by := to - a.last; {
	case by >= accountParts:
		*a = account{last: to}
	case by > 0:
		copy(a.counts[by:], a.counts[:])
		clear(a.counts[:by])
		a.last = to
	case by < -1:
		a.last = to
	}
}

// serve books what an ask owes and wants, as far as there is room for it, and a little more where that is asked for, so
// that the next requests need not wait: a twentieth of the limit at most, and never more than a quarter of what is left then, which
// leaves something for other processes. It returns what may be spent.
func (a *account) serve(q ask) (given int) {
	if i := a.last - q.part; 0 <= i && i < accountParts {
		a.counts[i] -= uint32(min(q.back, int(a.counts[i])))
	}
	a.counts[0] += uint32(q.owed)
	room := max(0, q.limit-a.sum())
	given = min(room, q.want)
	if q.more {
		given += ahead(q.limit, room-given)
	}
	a.counts[0] += uint32(given)
	return given
}

// ahead is how much is given beyond what is wanted when so much is left.
func ahead(limit, left int) int { return max(0, min(limit/20, left/4)) }

func (a *account) sum() (sum int) {
	for _, n := range a.counts {
		sum += int(n)
	}
	return sum
}

// until is the part to which the account has to advance until no more than most is booked.
func (a *account) until(most int) int64 {
	sum := a.sum()
	for i := accountParts - 1; i >= 0 && sum > most; i-- {
		if sum -= int(a.counts[i]); sum <= most {
			return a.last - i + accountParts
		}
	}
	return a.last
}

func (a *account) encode() (raw []byte) {
	for _, n := range a.counts {
		raw = binary.AppendUvarint(raw, uint64(n))
	}
	return raw
}

func decodeAccount(last int64, raw []byte) *account {
	a := &account{last: last}
	for i := range a.counts {
		n, size := binary.Uvarint(raw)
		if size <= 0 {
			break
		}
		a.counts[i], raw = uint32(n), raw[size:]
	}
	return a
}
