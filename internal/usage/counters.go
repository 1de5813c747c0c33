//sonata:pure

package usage

// Count is how often.
type Count struct{ Views, Clicks, RenderErrors int64 }

// plus adds.
func (c Count) plus(d Count) Count {
	return Count{Views: c.Views + d.Views, Clicks: c.Clicks + d.Clicks, RenderErrors: c.RenderErrors + d.RenderErrors}
}

// row names one counter. The one of a screen has no block, and holds the clicks and render errors of all its blocks; the
// one of a frontend has no screen and holds only what had no place in the others.
type row struct {
	frontend, environment string
	hour                  int64
	screen, block         string
	release               int
	build                 string
}

// level says how fine a row is.
func (r row) level() level {
	switch {
	case r.block != "":
		return ofBlock
	case r.screen != "":
		return ofScreen
	default:
		return ofFrontend
	}
}

type level int

const (
	ofBlock level = iota
	ofScreen
	ofFrontend
	levels
)

// allowed is how many rows one frontend can have in one hour, by level: 2,000 together, and one more for each of its
// environments. Detail has its own share, so that it cannot use up the places of what matters more.
func allowed() [levels]int { return [levels]int{ofBlock: 1500, ofScreen: 400, ofFrontend: 100} }

// budget is the rows that one frontend has in one hour.
type budget struct {
	known map[row]bool // whether it is written
	left  [levels]int
}

// newBudget returns the budget with the rows that are there already.
func newBudget(rows []row) *budget {
	b := &budget{known: make(map[row]bool, len(rows)), left: allowed()}
	for _, r := range rows {
		b.known[r] = true
		b.left[r.level()]--
	}
	return b
}

// has reports whether the row has a place, and gives it one while there are some.
func (b *budget) has(r row) bool {
	if _, ok := b.known[r]; ok {
		return true
	}
	if b.left[r.level()] <= 0 {
		return false
	}
	b.left[r.level()]--
	b.known[r] = false
	return true
}

// place returns the row in which something on a screen is counted: its own, else the frontend's, else the one of the
// environment, which always has a place.
func (b *budget) place(r row) row {
	if b.has(r) {
		return r
	}
	r.screen, r.block = "", ""
	if b.has(r) {
		return r
	}
	r.release, r.build = 0, ""
	return r
}

// fit returns what of counters has a place: that of blocks is counted in their screens, too, and goes when there is none.
// It notes what it returns as written.
func (b *budget) fit(counts map[row]Count) map[row]Count {
	placed := map[row]Count{}
	for r, n := range counts {
		if r.level() != ofBlock {
			r = b.place(r)
		} else if !b.has(r) {
			continue
		}
		b.known[r] = true
		placed[r] = placed[r].plus(n)
	}
	return placed
}

// The most that one entry of a report can count for.
const maxPerEntry = 1000

// clamp bounds what a browser claims.
func clamp(n int) int64 { return int64(min(max(n, 0), maxPerEntry)) }

// counted is one thing to add.
type counted struct {
	row
	Count
}

// spread turns a report into counters. of has frontend, environment, hour, release and build; has says what the release
// shows.
func spread(b *budget, of row, screens []ScreenReport, has func(screen, block string) bool) (all []counted) {
	for _, s := range screens {
		at := of
		at.screen = s.Screen
		if !has(s.Screen, "") {
			continue
		}
		sum := Count{Views: clamp(s.Views)}
		for _, block := range s.Blocks {
			if block.Key == "" || !has(s.Screen, block.Key) {
				continue
			}
			n := Count{Views: clamp(block.Views), Clicks: clamp(block.Clicks), RenderErrors: clamp(block.RenderErrors)}
			sum.Clicks, sum.RenderErrors = sum.Clicks+n.Clicks, sum.RenderErrors+n.RenderErrors
			detail := at
			detail.block = block.Key
			if n != (Count{}) && b.has(detail) {
				all = append(all, counted{detail, n})
			}
		}
		if sum != (Count{}) {
			all = append(all, counted{b.place(at), sum})
		}
	}
	return all
}
