// Command catalog is a service that joins the graph of a Sonata: products and categories, in a database of its own. It is
// an example for services in any language; docs/guides/services.md goes through it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"sonata.ai/sonata/examples/catalog/graph"
	"sonata.ai/sonata/examples/catalog/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "catalog:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("catalog", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8091", "address to answer at")
	database := flags.String("database", "data/catalog.db", "file of the database")
	if err := flags.Parse(args); err != nil {
		return err
	}
	products, err := store.Open(ctx, *database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, products.Close()) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	server := &http.Server{Handler: routes(products, address), ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(within) // what was asked already is answered
	}()
	fmt.Fprintf(stdout, greeting, address, *database)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

const greeting = `The catalog answers at %[1]s/graphql; its products are in %[2]s.

To join the graph of a Sonata that runs on this machine (go run .), type in another terminal:

  go run . subgraph publish --service catalog --url %[1]s/graphql --introspect

Stop it with Ctrl-C.
`

// routes are the graph, for the gateway, and the pictures, for everybody.
func routes(products *store.Store, address string) http.Handler {
	server := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: &graph.Resolver{Store: products, Address: address}}))
	server.AddTransport(transport.POST{})
	server.Use(extension.Introspection{})            // the schema is no secret, and _service answers with it
	server.Use(extension.FixedComplexityLimit(1000)) // whoever asks past the gateway cannot ask for everything either
	server.SetErrorPresenter(graph.Present)
	mux := http.NewServeMux()
	mux.Handle("POST /graphql", server)
	mux.HandleFunc("GET /images/{name}", picture)
	return mux
}

// picture paints a tile whose color depends on the name, so that the example needs no files.
func picture(w http.ResponseWriter, r *http.Request) {
	h := fnv.New32a()
	_, _ = io.WriteString(h, strings.TrimSuffix(path.Base(r.URL.Path), ".svg"))
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	sum := h.Sum32()
	hue := sum * 2654435769 >> 16 % 360 // names that are alike get colors that are not
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><path fill="hsl(%d 28%% 84%%)" d="M0 0h40v40H0z"/><path fill="hsl(%[1]d 24%% 74%%)" d="M0 29h40v11H0z"/>`+
		`<circle fill="hsl(%[1]d 34%% 58%%)" cx="20" cy="%d" r="9"/><path fill="hsl(%[1]d 38%% 40%%)" d="M%d 29a%[4]d %[4]d 0 0 1 %d 0z"/></svg>`, hue, 14+sum%7, 20-(6+sum%5), 6+sum%5, 2*(6+sum%5))
}
