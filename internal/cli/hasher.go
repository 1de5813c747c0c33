package cli

import (
	"os"
	"os/exec"
	"runtime"
)

// hashCommand is for the server alone, so the help does not name it: it starts itself again with it.
const hashCommand = "hash"

// hasher makes the command of a process that computes hashes. It is this very program, also when another version has
// taken its place on the disk meanwhile, and knows none of the settings.
func hasher() *exec.Cmd {
	program := "/proc/self/exe"
	if runtime.GOOS != "linux" {
		program, _ = os.Executable() // starting no program fails, and is told
	}
	return &exec.Cmd{Path: program, Args: []string{os.Args[0], hashCommand}, Env: []string{"GOMAXPROCS=1"}}
}
