//go:build unix

package agent_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/agent"
)

// TestMain is an instance or an agent when a test runs this program as one.
func TestMain(m *testing.M) {
	switch os.Getenv("ROLE") {
	case "instance":
		serveAsInstance()
	case "agent":
		runAsAgent()
	default:
		m.Run()
	}
}

// serveAsInstance is a service that can be told to hang and to crash, and says when it begins and when it is to end.
func serveAsInstance() {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	name, began := os.Getenv("SONATA_INSTANCE"), time.Now()
	report := func(what string) {
		if response, err := http.Post(os.Getenv("REPORT")+"/"+what+"/"+name, "", nil); err == nil {
			response.Body.Close()
		}
	}
	report("started")
	var hangs atomic.Bool
	delay, _ := time.ParseDuration(os.Getenv("DELAY"))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case hangs.Load():
			<-r.Context().Done()
		case time.Since(began) < delay:
			http.Error(w, "not yet", http.StatusServiceUnavailable)
		default:
			fmt.Fprint(w, `{"data":{"__typename":"Query"}}`)
		}
	})
	mux.HandleFunc("GET /hang", func(http.ResponseWriter, *http.Request) { hangs.Store(true) })
	mux.HandleFunc("GET /crash", func(http.ResponseWriter, *http.Request) { syscall.Kill(os.Getpid(), syscall.SIGKILL) })
	mux.HandleFunc("GET /self", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"pid": os.Getpid(), "args": os.Args[1:], "port": os.Getenv("PORT"), "key": os.Getenv("SONATA_API_KEY")})
	})
	server := &http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: mux}
	go func() {
		<-ended
		report("terminated")
		if os.Getenv("STUBBORN") == "" {
			server.Shutdown(context.Background())
			os.Stdout.Close()
		}
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		panic(err)
	}
}

// runAsAgent runs the agent that the environment describes, until it is killed.
func runAsAgent() {
	var c agent.Config
	if err := json.Unmarshal([]byte(os.Getenv("CONFIG")), &c); err != nil {
		panic(err)
	}
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "ROLE=") && !strings.HasPrefix(pair, "CONFIG=") {
			c.Environ = append(c.Environ, pair)
		}
	}
	c.Environ = append(c.Environ, "ROLE=instance")
	a, err := agent.New(c)
	if err != nil {
		panic(err)
	}
	if err := a.Run(context.Background(), nil); err != nil {
		panic(err)
	}
}
