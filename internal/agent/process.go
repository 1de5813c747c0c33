package agent

import (
	"errors"
	"os/exec"
	"time"
)

// process is a running copy of the command: a child, or one that an earlier agent started.
type process struct {
	pid   int
	born  string        // which of all processes with this number it is
	gone  chan struct{} // closed once it is not there any more
	child bool
	how   string // it ended, once it is gone
}

// launch starts a child.
func launch(cmd *exec.Cmd) (*process, error) {
	cmd.SysProcAttr = apart()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{pid: cmd.Process.Pid, gone: make(chan struct{}), child: true}
	// until it is waited for the number stays its own; without knowing its birth it cannot be found again, and works
	p.born, _ = bornAt(p.pid)
	go func() {
		defer close(p.gone)
		p.how = "it ended with exit code 0"
		if err := cmd.Wait(); err != nil {
			p.how = "it ended with " + err.Error()
		}
		_ = sweep(p.pid) // what is left of it holds no port that anybody is told of
	}()
	return p, nil
}

// lookEvery is how often a process that is no child is looked for.
const lookEvery = 200 * time.Millisecond

// adopt goes on with a process that an earlier agent started, until the end of quit. It returns nil when that is not
// there any more.
func adopt(pid int, born string, quit <-chan struct{}) *process {
	p := &process{pid: pid, born: born, gone: make(chan struct{})}
	if born == "" || !p.there() {
		return nil
	}
	go func() {
		every := time.NewTicker(lookEvery)
		defer every.Stop()
		for p.there() {
			select {
			case <-quit:
				return
			case <-every.C:
			}
		}
		p.how = "it ended; with what exit code only the agent that started it could tell"
		_ = sweep(p.pid) // as for a child
		close(p.gone)
	}()
	return p
}

// there asks the kernel whether the process is still this one.
func (p *process) there() bool {
	born, err := bornAt(p.pid)
	return err == nil && born == p.born
}

func (p *process) terminate() error { return p.signal(terminate) }

func (p *process) kill() error { return p.signal(kill) }

func (p *process) signal(send func(pid int) error) error {
	select {
	case <-p.gone:
		return nil
	default:
	}
	if !p.child && !p.there() {
		return nil // its number may be another's by now
	}
	return send(p.pid)
}

// reason is the error without what was tried: the message says that already.
func reason(err error) string {
	var e *exec.Error
	if errors.As(err, &e) {
		return e.Err.Error()
	}
	return err.Error()
}
