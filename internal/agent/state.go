package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"sonata.ai/sonata/internal/fault"
)

// kept is what an agent leaves to the next one of its name.
type kept struct {
	Server    string         `json:"server"`
	Service   string         `json:"service"`
	Name      string         `json:"name"`
	Instances []keptInstance `json:"instances"` // the eldest first
	Drained   []int          `json:"drained,omitempty"`
}

type keptInstance struct {
	Name     string `json:"name"`
	Number   int    `json:"number"`
	PID      int    `json:"pid"`
	Born     string `json:"born"` // tells the process from a later one with the same number
	Port     int    `json:"port"`
	Command  string `json:"command"` // hash of the command that it runs
	Restarts int    `json:"restarts"`
	Known    bool   `json:"known,omitempty"`   // the server may know it
	Drained  bool   `json:"drained,omitempty"` // it was leaving
}

// stateFile is the file of one agent, which no other may have as long as this one does.
type stateFile struct {
	path string
	lock *flock.Flock
	last string // what was written last
}

// openState takes the file of an agent and reads what is in it. A file that cannot be understood is told and counts as
// empty: it was cut off with the machine, and then there is nothing to go on with.
func openState(c Config) (*stateFile, kept, error) {
	if err := os.MkdirAll(c.State, 0o700); err != nil {
		return nil, kept{}, fault.Unavailablef("cannot create the folder %s: %s", c.State, err).Because(err)
	}
	sum := sha256.Sum256([]byte(c.Server + "\x00" + c.Service + "\x00" + c.Name))
	f := &stateFile{path: filepath.Join(c.State, fmt.Sprintf("%s-%s-%s.json", c.Service, c.Name, hex.EncodeToString(sum[:4])))}
	f.lock = flock.New(strings.TrimSuffix(f.path, ".json")+".lock", flock.SetPermissions(0o600))
	locked, err := f.lock.TryLock()
	if err != nil {
		return nil, kept{}, fault.Unavailablef("cannot lock %s: %s", f.lock.Path(), err).Because(err)
	}
	if !locked {
		return nil, kept{}, fault.Conflictf("an agent named %s runs %s on this machine already", c.Name, c.Service).
			WithHint("stop it, or give this one another --name")
	}
	raw, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, kept{}, nil
	}
	if err != nil {
		return nil, kept{}, errors.Join(fault.Unavailablef("cannot read %s: %s", f.path, err).Because(err), f.lock.Close())
	}
	var k kept
	if err := json.Unmarshal(raw, &k); err != nil {
		c.Tell(Event{What: "the file of the agent before cannot be understood: processes that it started are left alone", Trouble: true, Reason: f.path + ": " + err.Error()})
		return f, kept{}, nil
	}
	return f, k, nil
}

// write replaces what is in the file, whole.
func (f *stateFile) write(k kept) error {
	raw, err := json.MarshalIndent(k, "", "  ")
	if err != nil || string(raw) == f.last {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(f.path), ".agent-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(append(raw, '\n'))
	if err = errors.Join(err, temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	f.last = string(raw)
	return nil
}

func (f *stateFile) close() error { return f.lock.Close() }

// hashOf tells commands apart: by their arguments, and the version that they are announced with.
func hashOf(c Config) string {
	raw, _ := json.Marshal(append([]string{c.Version}, c.Command...)) // texts can always be written
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
