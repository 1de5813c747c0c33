package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// A subscription that waits takes at most two goroutines of the server, by whichever transport: those of thousands are what a
// publish would have to wake, and what a collection has to scan. Clients here have none.
func TestAWaitingSubscriptionTakesTwoGoroutinesAtMost(t *testing.T) {
	const streams, spare = 200, 40 // of what the process does besides
	b := newBroadcast(t, 1)
	for name, join := range map[string]func(string) io.Closer{
		"websocket": func(document string) io.Closer {
			l := b.listen(document, false)
			b.mustHear(l)
			return l.tcp
		},
		"server-sent events": func(document string) io.Closer {
			conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://")) //nolint:noctx // ends with the test
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET /graphql?query=%s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n", url.QueryEscape(document), strings.TrimPrefix(b.url, "http://"))
			for lines := bufio.NewScanner(conn); lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "data: ") {
					return conn
				}
			}
			t.Fatal("the stream said nothing")
			return nil
		},
	} {
		for _, document := range []string{
			follows, shows, `subscription { activity(frontend: "shop") { kinds } }`,
			`subscription { screen(at: {path: "/streamed"}, context: {frontend: "shop", perspective: {draft: true}}) { snapshot { key } } }`,
		} {
			before, all := runtime.NumGoroutine(), make([]io.Closer, streams)
			for i := range all {
				all[i] = join(document)
			}
			if n := b.open(); n != streams {
				t.Fatalf("%d subscriptions are open", n)
			}
			taken := runtime.NumGoroutine() - before
			for deadline := time.Now().Add(10 * time.Second); taken > 2*streams+spare && time.Now().Before(deadline); taken = runtime.NumGoroutine() - before {
				time.Sleep(10 * time.Millisecond) // what began them ends
			}
			if taken > 2*streams+spare {
				t.Errorf("%s, %s: %d subscriptions take %d goroutines", name, document, streams, taken)
			}
			for _, one := range all {
				one.Close()
			}
			b.until("nothing is open", func() bool { return b.open() == 0 })
			b.until("the goroutines are gone", func() bool { return runtime.NumGoroutine() < before+spare })
		}
	}
}

// Clients are told to ask again within a time that grows with how many there are.
func TestRefetchesAreSpreadByTheNumberOfStreams(t *testing.T) {
	b := newBroadcast(t, 1)
	first := b.listen(follows, false)
	b.mustHear(first)
	spread := func() int {
		b.publish()
		return b.mustHear(first).Payload.Data.Release.RefetchWithinMs
	}
	alone := spread()
	others := make([]*listener, 99)
	for i := range others {
		others[i] = b.listen(follows, false)
		b.mustHear(others[i])
	}
	among := spread()
	if exact := 100 * alone; alone > 10 || among < exact || among > exact+exact/8 {
		t.Errorf("%d ms alone, %d ms among 100", alone, among)
	}
	for _, l := range others {
		if got := b.mustHear(l).Payload.Data.Release.RefetchWithinMs; got != among {
			t.Fatalf("another is told %d ms", got)
		}
	}
	for _, l := range others {
		l.conn.CloseNow()
	}
	b.until("the others are gone", func() bool { return b.open() == 1 })
	if again := spread(); again != alone {
		t.Errorf("%d ms alone again", again)
	}
}

// STALLED=5000 PUBLISHES=1000 go test -run StopReading ./internal/app has as many sockets that stop reading as the bar is for.
//
// Beside sockets that do not read, while one publish follows the other, readers get each state that they can, in order and
// none twice, and the last; what waits for the others takes no memory, and within their deadline they are gone.
func TestSocketsThatStopReading(t *testing.T) {
	stalled, publishes := scaled(t, "STALLED", 60), scaled(t, "PUBLISHES", 50)
	const readers = 20
	b := newBroadcast(t, 40) // 160 kB: more than a few do not fit into the buffers of the system
	var last int
	heard := make([][]int, readers)
	done := make(chan int, readers)
	for i := range readers {
		l := b.listen(shows, false)
		b.mustHear(l)
		go func() {
			defer func() { done <- i }()
			for {
				ev, err := l.next()
				if err != nil {
					t.Errorf("reader %d: %v", i, err)
					return
				}
				number := ev.Payload.Data.Screen.Snapshot.Release.Number
				heard[i] = append(heard[i], number)
				if number == publishes+2 {
					return
				}
			}
		}()
	}
	still := make([]*listener, stalled)
	for i := range still {
		still[i] = b.listen(shows, true)
	}
	b.until("all are there", func() bool { return b.open() == readers+stalled })
	pace := time.NewTicker(10 * time.Millisecond) // 100 a second, or what the machine does
	defer pace.Stop()
	for range publishes {
		_, last = b.publish()
		<-pace.C
	}
	if last != publishes+2 {
		t.Fatalf("the last release is %d", last)
	}
	for range readers {
		<-done
	}
	held := heap()
	for i, numbers := range heard {
		for n := 1; n < len(numbers); n++ {
			if numbers[n] <= numbers[n-1] {
				t.Errorf("reader %d heard %v", i, numbers)
				break
			}
		}
	}
	b.until("who does not read is gone", func() bool { return b.open() == readers })
	if held -= heap(); held > 4<<20+stalled*48<<10 { // an event alone is more than three times as much
		t.Errorf("%d sockets that do not read took %d kB", stalled, held>>10)
	}
}

// CUT=10000 go test -run CutAtOnce ./internal/app has as many clients as the bar is for.
//
// Clients whose connections are cut at once leave neither goroutines nor memory behind, and all are current when they came
// again.
func TestClientsThatAreCutAtOnce(t *testing.T) {
	clients := scaled(t, "CUT", 300)
	const spare = 40
	b := newBroadcast(t, 1)
	join := func() []*listener {
		all := make([]*listener, clients)
		var some sync.WaitGroup
		for begin := range 16 {
			some.Go(func() {
				for i := begin; i < clients; i += 16 {
					all[i] = b.listen(follows, false)
				}
			})
		}
		some.Wait()
		return all
	}
	goroutines, memory := 0, 0
	for round := range 3 {
		sequence, _ := b.publish()
		all := join()
		for i, l := range all {
			if ev := b.mustHear(l).Payload.Data.Release; ev.Kind != "INITIAL" || ev.Sequence != sequence {
				t.Fatalf("client %d begins with %+v, and %d is live", i, ev, sequence)
			}
		}
		sequence, _ = b.publish()
		for i, l := range all {
			if ev := b.mustHear(l).Payload.Data.Release; ev.Sequence != sequence {
				t.Fatalf("client %d has %+v, and %d is live", i, ev, sequence)
			}
		}
		for _, l := range all {
			l.tcp.SetLinger(0) // without a goodbye
			l.conn.CloseNow()
		}
		b.until("nothing is open", func() bool { return b.open() == 0 })
		if round == 0 { // what is kept for the next ones is there
			b.until("the goroutines are gone", func() bool { return runtime.NumGoroutine() < spare+clients/10 })
			goroutines, memory = runtime.NumGoroutine(), heap()
			continue
		}
		b.until("the goroutines are gone", func() bool { return runtime.NumGoroutine() <= goroutines+spare })
		b.until("the memory is free", func() bool { return heap() < memory+clients<<10+4<<20 })
	}
}
