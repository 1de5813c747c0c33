package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"testing"
)

// Three services whose data is joined: users, the orders of each, the product of each order.
const linkBench = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
`

const (
	usersSDL    = linkBench + `type Query { users(first: Int!): [User!] } type User @key(fields: "id") { id: ID! name: String! }`
	ordersSDL   = linkBench + `type User @key(fields: "id") { id: ID! orders: [Order!] } type Order @key(fields: "id") { id: ID! total: Int! product: Product } type Product @key(fields: "id", resolvable: false) { id: ID! }`
	productsSDL = linkBench + `type Product @key(fields: "id") { id: ID! name: String price: Int inStock: Boolean }`

	joinDocument = `query Join($first: Int!) { users(first: $first) { id name orders { id total product { id name price inStock } } } }`
)

const (
	joinedUsers = 20 // that are asked for
	ordersEach  = 3
	benchGoods  = 30 // products that there are
)

// The data is computed: each of these writes one object.

func writeUser(w *bytes.Buffer, id int) {
	fmt.Fprintf(w, `{"__typename":"User","id":"u%d","name":"Name of user %d"}`, id, id)
}

func writeOrders(w *bytes.Buffer, user int) {
	fmt.Fprintf(w, `{"__typename":"User","orders":[`)
	for n := range ordersEach {
		if n > 0 {
			w.WriteByte(',')
		}
		id := user*ordersEach + n
		fmt.Fprintf(w, `{"__typename":"Order","id":"o%d","total":%d,"product":{"__typename":"Product","id":"p%d"}}`, id, 100+id, id*7%benchGoods)
	}
	w.WriteString(`]}`)
}

func writeProduct(w *bytes.Buffer, id int) {
	fmt.Fprintf(w, `{"__typename":"Product","name":"Name of product %d","price":%d,"inStock":%t}`, id, 10*id, id%2 == 0)
}

// kept writes each object once, so that a service costs next to nothing.
func kept(write func(*bytes.Buffer, int), n int) [][]byte {
	all := make([][]byte, n)
	for id := range all {
		var w bytes.Buffer
		write(&w, id)
		all[id] = w.Bytes()
	}
	return all
}

// answers is the least that answers for a service: the root field from kept bytes, entities by the number in their id. It does
// not look at what is selected; a gateway takes what it asked for.
func answers(root []byte, entities [][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if root != nil && !bytes.Contains(body, []byte("_entities")) {
			_, _ = w.Write(root)
			return
		}
		out := bytes.NewBuffer(make([]byte, 0, 16<<10))
		out.WriteString(`{"data":{"_entities":[`)
		first := true
		for {
			_, after, found := bytes.Cut(body, []byte(`"id":"`))
			if !found {
				break
			}
			end := bytes.IndexByte(after, '"')
			if end < 1 {
				break
			}
			id, err := strconv.Atoi(string(after[1:end]))
			if err != nil || id >= len(entities) {
				http.Error(w, "no such entity", http.StatusBadRequest)
				return
			}
			if !first {
				out.WriteByte(',')
			}
			first = false
			out.Write(entities[id])
			body = after[end:]
		}
		out.WriteString(`]}}`)
		_, _ = w.Write(out.Bytes())
	}
}

// benchServices is the variable that makes this test binary the services; floorProcess the handler written by hand, its value
// the address of the services.
const (
	benchServices = "BENCH_SERVICES"
	floorProcess  = "BENCH_FLOOR_OF"
)

// TestServicesProcess is not a test: see TestLimitProcess.
func TestServicesProcess(t *testing.T) {
	if os.Getenv(benchServices) == "" {
		return
	}
	var users bytes.Buffer
	users.WriteString(`{"data":{"users":[`)
	for id := range joinedUsers {
		if id > 0 {
			users.WriteByte(',')
		}
		writeUser(&users, id)
	}
	users.WriteString(`]}}`)
	mux := http.NewServeMux()
	mux.HandleFunc("/users", answers(users.Bytes(), kept(writeUser, joinedUsers)))
	mux.HandleFunc("/orders", answers(nil, kept(writeOrders, joinedUsers)))
	mux.HandleFunc("/products", answers(nil, kept(writeProduct, benchGoods)))
	serveUntilKilled(t, mux)
}

func serveUntilKilled(t *testing.T, handler http.Handler) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("limit listens on", listener.Addr())
	t.Fatal(http.Serve(listener, handler))
}

// TestFloorProcess is not a test: it is the join as somebody would write it by hand for this one operation.
func TestFloorProcess(t *testing.T) {
	services := os.Getenv(floorProcess)
	if services == "" {
		return
	}
	f := &floor{services: "http://" + services, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /graphql", f.serve)
	serveUntilKilled(t, mux)
}

// floor joins the three services by hand, with types of its own, in the same three requests.
type floor struct {
	services string
	client   *http.Client
}

type (
	floorUser struct {
		ID     string       `json:"id"`
		Name   string       `json:"name"`
		Orders []floorOrder `json:"orders"`
	}
	floorOrder struct {
		ID      string        `json:"id"`
		Total   int           `json:"total"`
		Product *floorProduct `json:"product"`
	}
	floorProduct struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Price   int    `json:"price"`
		InStock bool   `json:"inStock"`
	}
	floorKey struct {
		Typename string `json:"__typename"`
		ID       string `json:"id"`
	}
	floorAsk struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
)

func (f *floor) serve(w http.ResponseWriter, r *http.Request) {
	var asked floorAsk
	err := json.NewDecoder(r.Body).Decode(&asked)
	var users struct {
		Data struct {
			Users []floorUser `json:"users"`
		} `json:"data"`
	}
	if err == nil {
		err = f.ask(r, "/users", floorAsk{`query($first: Int!){users(first: $first){id name}}`, asked.Variables}, &users)
	}
	keys := make([]floorKey, 0, len(users.Data.Users))
	for _, u := range users.Data.Users {
		keys = append(keys, floorKey{"User", u.ID})
	}
	var orders struct {
		Data struct {
			Entities []floorUser `json:"_entities"`
		}
	}
	if err == nil {
		err = f.ask(r, "/orders", floorAsk{`query($representations: [_Any!]!){_entities(representations: $representations){... on User {orders{id total product{id}}}}}`, map[string]any{"representations": keys}}, &orders)
	}
	if err != nil || len(orders.Data.Entities) != len(keys) {
		http.Error(w, "a service failed", http.StatusBadGateway)
		return
	}
	at, wanted := map[string]int{}, []floorKey{}
	for i := range users.Data.Users {
		u := &users.Data.Users[i]
		u.Orders = orders.Data.Entities[i].Orders
		for _, o := range u.Orders {
			if _, known := at[o.Product.ID]; !known {
				at[o.Product.ID] = len(wanted)
				wanted = append(wanted, floorKey{"Product", o.Product.ID})
			}
		}
	}
	var products struct {
		Data struct {
			Entities []floorProduct `json:"_entities"`
		}
	}
	if err := f.ask(r, "/products", floorAsk{`query($representations: [_Any!]!){_entities(representations: $representations){... on Product {name price inStock}}}`, map[string]any{"representations": wanted}}, &products); err != nil || len(products.Data.Entities) != len(wanted) {
		http.Error(w, "a service failed", http.StatusBadGateway)
		return
	}
	for _, u := range users.Data.Users {
		for _, o := range u.Orders {
			id := o.Product.ID
			*o.Product = products.Data.Entities[at[id]]
			o.Product.ID = id
		}
	}
	w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(users)
}

func (f *floor) ask(r *http.Request, path string, what floorAsk, into any) error {
	body, err := json.Marshal(what)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, f.services+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := f.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
