package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Rule is what is watched.
type Rule string

// The rules.
const (
	TooBusy           Rule = "TOO_BUSY"
	NoHealthyInstance Rule = "NO_HEALTHY_INSTANCE"
	RestartsInARow    Rule = "RESTARTS_IN_A_ROW"
	ErrorBudget       Rule = "ERROR_BUDGET"
	InstanceWaits     Rule = "INSTANCE_WAITS"
)

// Alert is something that is wrong, and goes on.
type Alert struct {
	ID       string // the same as long as it goes on
	Rule     Rule
	Error    bool // people see it; else it may become so
	Service  string
	Instance string // id; "" for the whole service
	Since    time.Time
	Message  string
	Hint     string
}

// The numbers of the rules.
const (
	tooBusy       = 0.9
	tooBusyFor    = time.Minute
	restartsMany  = 3
	restartsIn    = 10 * time.Minute
	budgetLeast   = 20 // questions, below which a share says nothing
	budgetShare   = 0.05
	waitsFor      = 5 * time.Second
	maxAlerts     = 200
	alertIDFormat = "alt_%s_%s"
)

// restart is when an instance said that it had been started again so often.
type restart struct {
	at time.Time
	n  int
}

// noteRestarts keeps those of the last ten minutes, and what was said before.
func noteRestarts(all []restart, n *int, now time.Time) []restart {
	if n == nil {
		return all
	}
	if len(all) == 0 || all[len(all)-1].n != *n {
		all = append(all, restart{now, *n})
	}
	for len(all) > 1 && now.Sub(all[1].at) > restartsIn {
		all = all[1:]
	}
	return all
}

func restartsOf(all []restart) int {
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1].n - all[0].n
}

// watch finds what is wrong now. It wants the lock.
func (f *Fleet) watch(now time.Time) (changed bool) {
	found := map[string]Alert{}
	add := func(a Alert) {
		a.ID = fmt.Sprintf(alertIDFormat, strings.ToLower(string(a.Rule)), cmp.Or(a.Instance, a.Service))
		if was, ok := f.alerts[a.ID]; ok {
			a.Since = was.Since
		}
		if len(found) < maxAlerts {
			found[a.ID] = a
		}
	}
	for _, e := range f.all() {
		f.watchInstance(e, now, add)
	}
	for name := range f.services {
		f.watchService(name, now, add)
	}
	for id, a := range found {
		if was, ok := f.alerts[id]; !ok || was.Message != a.Message {
			changed = true
		}
	}
	changed = changed || len(found) != len(f.alerts)
	f.alerts = found
	return changed
}

// all is every entry, our own among them. It wants the lock.
func (f *Fleet) all() []*entry {
	all := make([]*entry, 0, len(f.entries)+1)
	for _, e := range f.entries {
		all = append(all, e)
	}
	if f.own != nil {
		all = append(all, f.own)
	}
	return all
}

func (f *Fleet) watchInstance(e *entry, now time.Time, add func(Alert)) {
	name := fmt.Sprintf("%s of %s", e.row.Name, e.row.Service)
	a := Alert{Service: e.row.Service, Instance: e.row.ID, Since: now}
	if u := e.load.utilization(); u != nil && *u > tooBusy {
		if e.busySince.IsZero() {
			e.busySince = now
		}
		if now.Sub(e.busySince) >= tooBusyFor {
			a := a
			a.Rule, a.Since = TooBusy, e.busySince
			a.Message = fmt.Sprintf("%s is %.0f %% busy, and has been above 90 %% since %s", name, 100**u, e.busySince.UTC().Format("15:04:05"))
			a.Hint = "Let more instances run (serviceScale), or let a policy do that (servicePolicySet); when one alone is busy, look at what it works on."
			add(a)
		}
	} else {
		e.busySince = time.Time{}
	}
	if n := restartsOf(e.restarts); n >= restartsMany {
		a := a
		a.Rule, a.Error = RestartsInARow, true
		a.Message = fmt.Sprintf("%s was started again %d times within ten minutes", name, n)
		a.Hint = "Read what it says before it ends, in the output of its agent; when the newest version does it, start the one before."
		add(a)
	}
	if state, why := f.state(e, now); state == Waiting && e != f.own && now.Sub(e.row.CreatedAt) >= waitsFor {
		a := a
		a.Rule, a.Since = InstanceWaits, e.row.CreatedAt
		a.Message = fmt.Sprintf("%s waits: %s", name, why)
		a.Hint = "Publish the service, or publish it again with allowedHosts that name the host of its instances."
		add(a)
	}
}

func (f *Fleet) watchService(name string, now time.Time, add func(Alert)) {
	a := Alert{Service: name, Since: now, Error: true}
	if h := f.observer.Health(name); h.State == "DOWN" {
		a := a
		a.Rule, a.Since = NoHealthyInstance, h.Since
		a.Message = fmt.Sprintf("nobody answers for %s: %s", name, cmp.Or(h.Reason, "it failed too often"))
		a.Hint = "Start an instance, or look why those that run do not answer; screens show what they have without it meanwhile."
		add(a)
	}
	if v := f.observer.Figures(name); v.Calls >= budgetLeast && float64(v.Errors) > budgetShare*float64(v.Calls) {
		a := a
		a.Rule = ErrorBudget
		a.Message = fmt.Sprintf("%s failed to answer %.0f %% of what it was asked within five minutes", name, 100*float64(v.Errors)/float64(v.Calls))
		a.Hint = "Compare its instances: when one fails, drain it; when all do, roll the newest change back."
		if guilty := f.guilty(name); guilty != nil {
			a.Instance = guilty.row.ID
			a.Message += fmt.Sprintf(", most of it %s", guilty.row.Name)
		}
		add(a)
	}
}

// guilty is the instance of a service that most of what failed is due to; nil when none stands out.
func (f *Fleet) guilty(service string) (most *entry) {
	all, worst := 0, 0
	for k, e := range f.entries {
		if k.service != service {
			continue
		}
		seen, _ := f.observer.Instance(service, e.row.ID)
		if all += seen.Figures.Errors; seen.Figures.Errors > worst {
			worst, most = seen.Figures.Errors, e
		}
	}
	if 2*worst <= all {
		return nil
	}
	return most
}

// sortedAlerts is the alerts, the longest first.
func sortedAlerts(all map[string]Alert) []Alert {
	out := make([]Alert, 0, len(all))
	for _, a := range all {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Alert) int { return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.ID, b.ID)) })
	return out
}
