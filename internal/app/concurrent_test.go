package app_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// With one place, of many who sign in at once some are told to come again in a second. A request whose body does not come
// takes no place, and once they are through there is one again.
func TestOneOperationAtATime(t *testing.T) {
	t.Parallel()
	h := newHouseOf(t, io.Discard, []string{"--demo", "off", "--limit-concurrent", "1"})
	slow, err := net.Dial("tcp", strings.TrimPrefix(h.address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprintf(slow, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", slow.RemoteAddr())
	if got := h.visitor().send(`{ viewer { credential } }`, nil); got.status != 200 {
		t.Fatalf("beside a request that does not come: %d %s", got.status, got.body)
	}

	const visitors = 12
	answers := make([]sent, visitors)
	var all sync.WaitGroup
	for i := range visitors {
		all.Go(func() {
			answers[i] = h.visitor().send(`mutation ($in: SessionCreateInput!) { sessionCreate(input: $in) { userErrors { message } } }`,
				map[string]any{"in": map[string]any{"email": fmt.Sprintf("nobody%d@shop.example", i), "password": "not the right one"}})
		})
	}
	all.Wait()
	busy, tried := 0, 0
	for _, got := range answers {
		switch {
		case strings.Contains(got.body, "as many operations as it may at once (1)"):
			busy++
			if got.status != 503 || got.after != "1" || !strings.Contains(got.body, `"code":"UNAVAILABLE"`) {
				t.Errorf("refused by %d, to come again in %q s: %s", got.status, got.after, got.body)
			}
		default:
			tried++
		}
	}
	if busy == 0 || tried == 0 {
		t.Errorf("of %d at once %d ran and %d were told to come again", visitors, tried, busy)
	}
	if got := h.visitor().send(`{ viewer { credential } }`, nil); got.status != 200 {
		t.Errorf("after them: %d %s", got.status, got.body)
	}
}
