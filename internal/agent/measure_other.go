//go:build !linux

package agent

import (
	"slices"
	"strconv"
	"time"

	kernel "github.com/shirou/gopsutil/v4/process"
)

// bornAt tells a process from a later one with the same number. It fails when there is no such process.
func bornAt(pid int) (string, error) {
	p, err := kernel.NewProcess(int32(pid))
	if err != nil {
		return "", err
	}
	at, err := p.CreateTime()
	return strconv.FormatInt(at, 10), err
}

// usageOf is what each of the process groups uses. What a descendant used that has ended is not in it.
func usageOf(groups []int) map[int]usage {
	pids, err := kernel.Pids()
	if err != nil {
		return nil // what cannot be measured is not announced
	}
	found := map[int]usage{}
	for _, pid := range pids {
		group := groupOf(int(pid))
		if !slices.Contains(groups, group) {
			continue
		}
		p := &kernel.Process{Pid: pid}
		times, err := p.Times()
		if err != nil {
			continue // it ended meanwhile
		}
		u := found[group]
		u.cpu += time.Duration((times.User + times.System) * float64(time.Second))
		if memory, err := p.MemoryInfo(); err == nil {
			u.memory += float64(memory.RSS)
		}
		if n, err := p.NumFDs(); err == nil {
			u.descriptors += int(n)
		}
		found[group] = u
	}
	return found
}
