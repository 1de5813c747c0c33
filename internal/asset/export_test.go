package asset

import "time"

// At sets the clock.
func (a *Assets) At(now time.Time) { a.now = func() time.Time { return now } }
