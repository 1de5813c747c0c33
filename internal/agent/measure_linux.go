package agent

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sys/unix"
)

// tick is the unit of CPU time in /proc, on every architecture.
const tick = time.Second / 100

// bornAt tells a process from a later one with the same number: by the ticks from the start of the machine, and which
// start that was. A clock that is set changes neither. It fails when there is no such process, or nothing but its exit
// code is left.
func bornAt(pid int) (string, error) {
	process, err := procfs.NewProc(pid)
	if err != nil {
		return "", err
	}
	stat, err := process.Stat()
	if err != nil {
		return "", err
	}
	if stat.State == "Z" || stat.State == "X" {
		return "", errors.New("it ended")
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s/%d", strings.TrimSpace(string(boot)), stat.Starttime), nil
}

// usageOf is what each of the process groups uses. Reading every process would cost more than all else: which group one
// is of is asked first.
func usageOf(groups []int) map[int]usage {
	all, err := procfs.AllProcs()
	if err != nil {
		return nil // what cannot be measured is not announced
	}
	wanted, found := map[int]bool{}, map[int]usage{}
	for _, group := range groups {
		wanted[group] = true
	}
	for _, process := range all {
		group, err := unix.Getpgid(process.PID)
		if err != nil || !wanted[group] {
			continue
		}
		stat, err := process.Stat()
		if err != nil {
			continue // it ended meanwhile
		}
		u := found[group]
		// what a child used moves over to its parent when it ends, so that the sum stays
		u.cpu += time.Duration(int64(stat.UTime)+int64(stat.STime)+int64(stat.CUTime)+int64(stat.CSTime)) * tick
		u.memory += float64(stat.ResidentMemory())
		if n, err := process.FileDescriptorsLen(); err == nil {
			u.descriptors += n
		}
		found[group] = u
	}
	return found
}
