package main

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// asCommand says who sends what follows.
func asCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "as developer | nobody | KEY")
	switch who := args[0]; who {
	case "developer":
		of(ts).as = nil
	case "nobody": // a page of ours that a sibling site sent on: it may ask, but the machine is not signed in for it
		of(ts).as = http.Header{"Origin": {ts.Getenv("URL")}, "Sec-Fetch-Site": {"same-site"}}
	default:
		secret := ts.Getenv(who)
		if !strings.HasPrefix(secret, "sonata_") {
			ts.Fatalf("there is no key %s", who)
		}
		of(ts).as = http.Header{"Authorization": {"Bearer " + secret}}
	}
}

// keyCommand makes an API key, as the developer.
func keyCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 2, "key NAME SCOPE[,SCOPE…] [NAME=VALUE…]")
	s := of(ts)
	before := s.as
	s.as = nil
	scopes, err := json.Marshal(strings.Split(args[1], ","))
	ts.Check(err)
	const create = `mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey { id prefix } secret userErrors { code message path } } }`
	graphqlCommand(ts, false, append([]string{create, "name=" + args[0], "scopes=" + string(scopes)}, args[2:]...))
	captureCommand(ts, false, []string{args[0], "secret"})
	captureCommand(ts, false, []string{args[0] + "_ID", "apiKey.id"})
	s.as = before
}

// cutCommand waits until a stream is ended by its connection.
func cutCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "cut NAME")
	x := of(ts).stream(ts, args[0])
	for {
		_, open, came := x.next(eventWithin)
		if !came {
			ts.Fatalf("the stream %s is still open after %s", args[0], eventWithin)
		}
		if !open {
			return
		}
	}
}
