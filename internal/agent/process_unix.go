//go:build unix

package agent

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// apart puts a process into a group of its own: it and its descendants are counted and ended together, Ctrl-C in a
// terminal is the agent's alone, and the end of the agent is none of theirs.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// terminate asks a process and its group to end.
func terminate(pid int) error { return signal(pid, unix.SIGTERM) }

// kill ends a process and its group.
func kill(pid int) error { return signal(pid, unix.SIGKILL) }

func signal(pid int, s unix.Signal) error {
	err := unix.Kill(-pid, s)
	if errors.Is(err, unix.ESRCH) {
		err = unix.Kill(pid, s)
	}
	if errors.Is(err, unix.ESRCH) {
		return nil // that is what was wanted
	}
	return err
}

// sweep ends what a process left of its group. While one of it is there, no other process is given the number, so a
// process that has the number is another one, whose group is none of ours.
func sweep(pid int) error {
	if _, err := bornAt(pid); err == nil {
		return nil
	}
	if err := unix.Kill(-pid, unix.SIGKILL); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}
