//go:build unix && !linux

package agent

import "golang.org/x/sys/unix"

// groupOf is the process group of a process; 0 when there is none such.
func groupOf(pid int) int {
	group, err := unix.Getpgid(pid)
	if err != nil {
		return 0
	}
	return group
}
