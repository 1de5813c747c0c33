//go:build unix

package agent

import (
	"math"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is measured until it used enough that ticks of 10 ms do not matter, or for so long on a crowded machine.
const (
	enough  = 600 * time.Millisecond
	longest = 15 * time.Second
)

// What is measured of programs is what the kernel says to whoever waits for their end, be it one process or many.
func TestMeasuredIsWhatTheKernelCounts(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for name, command := range map[string][]string{
		"Go":          {os.Args[0], "-test.run=^TestBurn$"},
		"Node":        {"node", "-e", "setInterval(() => { const end = Date.now() + 60; while (Date.now() < end); }, 100)"},
		"descendants": {"sh", "-c", `while :; do sh -c 'n=0; while [ $n -lt 20000 ]; do n=$((n+1)); done'; sleep 0.02; done`},
	} {
		if _, err := exec.LookPath(command[0]); err != nil {
			t.Logf("%s is not installed", command[0])
			continue
		}
		all.Go(func() { compare(t, name, command) })
	}
	all.Wait()
}

// compare measures a program and asks the kernel in another way.
func compare(t *testing.T, name string, command []string) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env, cmd.SysProcAttr = append(os.Environ(), "BURN=yes"), apart()
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return
	}
	var m meter
	m.read(began, 0)
	var used usage
	for time.Since(began) < sampleAfter || used.cpu < enough && time.Since(began) < longest {
		time.Sleep(50 * time.Millisecond)
		used = usageOf([]int{cmd.Process.Pid})[cmd.Process.Pid]
	}
	ended := time.Now()
	measured := m.read(ended, used.cpu)
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	cmd.Wait()
	counted := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	cores := counted.Seconds() / ended.Sub(began).Seconds()
	t.Logf("%s: measured %.3f cores, counted %.3f; %.0f bytes, %d descriptors", name, *measured, cores, used.memory, used.descriptors)
	// two ticks at most are not counted yet, and nobody waits for the last shell
	if off := math.Abs(*measured - cores); off > 0.05*cores+0.02/ended.Sub(began).Seconds() || used.cpu == 0 {
		t.Errorf("%s: measured %.3f cores, counted %.3f", name, *measured, cores)
	}
	if used.memory < 100<<10 || used.descriptors < 3 {
		t.Errorf("%s: measured %.0f bytes, %d descriptors", name, used.memory, used.descriptors)
	}
}

// TestBurn is a program that works half of the time.
func TestBurn(t *testing.T) {
	for began := time.Now(); os.Getenv("BURN") != "" && time.Since(began) < time.Minute; time.Sleep(30 * time.Millisecond) {
		for from := time.Now(); time.Since(from) < 30*time.Millisecond; {
			_ = t.Name()
		}
	}
}

// CPU is averaged over a second at least, and is never less than nothing.
func TestMeterAverages(t *testing.T) {
	t.Parallel()
	var m meter
	at := time.Now()
	read := func(after, cpu time.Duration) float64 {
		if cores := m.read(at.Add(after), cpu); cores != nil {
			return *cores
		}
		return -1
	}
	for _, c := range []struct {
		after, cpu time.Duration
		want       float64
	}{
		{0, 5 * time.Second, -1},
		{100 * time.Millisecond, 6 * time.Second, -1},
		{2 * time.Second, 6 * time.Second, 0.5},
		{2500 * time.Millisecond, 9 * time.Second, 0.5},
		{4 * time.Second, 9 * time.Second, 1.5},
		{6 * time.Second, 8 * time.Second, 0},
	} {
		if got := read(c.after, c.cpu); got != c.want {
			t.Errorf("after %s: %v cores, want %v", c.after, got, c.want)
		}
	}
}

// A process is told from another one that has its number.
func TestOnlyTheSameProcessIsAdopted(t *testing.T) {
	t.Parallel()
	quit := make(chan struct{})
	defer close(quit)
	cmd := exec.Command("sleep", "60")
	p, err := launch(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer p.kill()
	if adopt(p.pid, p.born+"0", quit) != nil || adopt(p.pid, "", quit) != nil {
		t.Error("another process was adopted")
	}
	adopted := adopt(p.pid, p.born, quit)
	if adopted == nil {
		t.Fatal("the process was not adopted")
	}
	if err := adopted.terminate(); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []chan struct{}{adopted.gone, p.gone} {
		select {
		case <-gone:
		case <-time.After(5 * time.Second):
			t.Fatal("that it ended was not seen")
		}
	}
	if err := adopted.kill(); err != nil {
		t.Errorf("what is gone cannot be killed: %v", err)
	}
}

// What a process leaves behind ends with it.
func TestWhatAProcessLeavesEndsWithIt(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	cmd := exec.Command("sh", "-c", "sleep 60 & exit 3")
	cmd.Stdout = writer
	p, err := launch(cmd)
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	<-p.gone
	reader.SetReadDeadline(time.Now().Add(5 * time.Second))
	if n, err := reader.Read(make([]byte, 1)); n != 0 || os.IsTimeout(err) {
		t.Errorf("its descendant still has its output: %v", err)
	}
	if p.how != "it ended with exit status 3" {
		t.Error(p.how)
	}
}
