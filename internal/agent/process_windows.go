package agent

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// apart puts a process into a group of its own, which Ctrl-C in the agent's console does not reach.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// terminate asks a process and its group to end, by Ctrl-Break: Windows has no SIGTERM. It reaches processes in the
// agent's console only; others are killed when their time is over.
func terminate(pid int) error {
	return windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(pid))
}

// kill ends a process. Its descendants are left alone: Windows does not know them as a group.
func kill(pid int) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return nil // that is what was wanted
	}
	return process.Kill()
}

// sweep does nothing: without a group nobody knows what a process left.
func sweep(int) error { return nil }

// groupOf is the process itself: only that is measured on Windows.
func groupOf(pid int) int { return pid }
