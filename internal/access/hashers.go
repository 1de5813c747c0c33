package access

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// hashJob is what a hasher is asked, and its key is what it answers, as JSON texts behind each other.
type hashJob struct {
	Memory, Time uint32
	Password     string
	Salt         []byte
}

// Hashers computes hashes in processes of their own. A hash takes 19 MiB of fresh memory: within the process that
// answers everybody, its page faults and the garbage it leaves are felt by every other request. A process is started when
// all others are at work, and ends when it had nothing to do for a while or when this one is gone.
type Hashers struct {
	start  func() *exec.Cmd
	failed func(error)
	idles  time.Duration // then a process without a job ends and gives its memory back
	takes  time.Duration // at most; a hash takes tens of milliseconds

	mu   sync.Mutex
	idle []*hasher // whoever worked last is last
}

// NewHashers takes what makes the command of such a process, which calls ServeHashes, and what hears of one that did not
// work. Its hash is then computed here.
func NewHashers(start func() *exec.Cmd, failed func(error)) *Hashers {
	return &Hashers{start: start, failed: failed, idles: 30 * time.Second, takes: 10 * time.Second}
}

// derive does the same as cost.derive.
func (h *Hashers) derive(c cost, password string, salt []byte) []byte {
	p, err := h.take()
	if err == nil {
		var key []byte
		if key, err = p.ask(h.takes, hashJob{Memory: c.memory, Time: c.time, Password: password, Salt: salt}); err == nil {
			h.give(p)
			return key
		}
		p.end(h.takes)
	}
	h.failed(err)
	return c.derive(password, salt)
}

func (h *Hashers) take() (*hasher, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if last := len(h.idle) - 1; last >= 0 {
		p := h.idle[last]
		h.idle = h.idle[:last]
		p.retire.Stop() // when it is too late for that, retire finds it gone
		return p, nil
	}
	return startHasher(h.start())
}

func (h *Hashers) give(p *hasher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.idle = append(h.idle, p)
	p.retire = time.AfterFunc(h.idles, func() { h.retire(p) })
}

func (h *Hashers) retire(p *hasher) {
	h.mu.Lock()
	i := slices.Index(h.idle, p)
	if i >= 0 {
		h.idle = slices.Delete(h.idle, i, i+1)
	}
	h.mu.Unlock()
	if i >= 0 {
		p.end(h.takes)
	}
}

// hasher is one process. It has one job at a time.
type hasher struct {
	cmd    *exec.Cmd
	jobs   io.WriteCloser
	keys   *json.Decoder
	retire *time.Timer // while it idles
}

func startHasher(cmd *exec.Cmd) (*hasher, error) {
	jobs, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("hash in a process of its own: %w", err)
	}
	keys, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("hash in a process of its own: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("hash in a process of its own: %w", err)
	}
	return &hasher{cmd: cmd, jobs: jobs, keys: json.NewDecoder(keys)}, nil
}

func (p *hasher) ask(within time.Duration, job hashJob) (key []byte, err error) {
	late := time.AfterFunc(within, p.kill) // what waits for it then fails
	defer late.Stop()
	if err = json.NewEncoder(p.jobs).Encode(job); err == nil { //nolint:gosec // the pipe is read by that process alone
		err = p.keys.Decode(&key)
	}
	if err == nil && len(key) != argonKey {
		err = fmt.Errorf("a key of %d bytes", len(key))
	}
	if err != nil {
		return nil, fmt.Errorf("hash in a process of its own: %w", err)
	}
	return key, nil
}

func (p *hasher) kill() {
	p.cmd.Process.Kill() //nolint:errcheck // it may be gone already
}

// end lets go of a process: without jobs it ends by itself, and what does not is ended.
func (p *hasher) end(within time.Duration) {
	p.jobs.Close()
	late := time.AfterFunc(within, p.kill)
	go func() {
		p.cmd.Wait() //nolint:errcheck // how it ended makes no difference
		late.Stop()
	}()
}

// ServeHashes is the other side of Hashers: it computes what is asked on jobs until that ends.
func ServeHashes(jobs io.Reader, keys io.Writer) error {
	in, out := json.NewDecoder(jobs), json.NewEncoder(keys)
	for {
		var job hashJob
		if err := in.Decode(&job); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("read what to hash: %w", err)
		}
		if job.Time < 1 || job.Memory < 1 || (cost{job.Memory, job.Time}).work() > dearest*today().work() {
			return fmt.Errorf("a hash of %d KiB and %d passes is not computed here", job.Memory, job.Time)
		}
		if err := out.Encode(cost{job.Memory, job.Time}.derive(job.Password, job.Salt)); err != nil {
			return fmt.Errorf("answer with a hash: %w", err)
		}
	}
}
