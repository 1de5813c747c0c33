package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql/handler/transport"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// closeForbidden is what graphql-transport-ws says to a client that may not connect.
const closeForbidden = 4403

// foreignKey is said to a page that uses the key of another frontend.
const foreignKey = "this publishable key is for another frontend: its pages are those of the frontend's origins"

// connection is what a websocket's connection_init needs to know of the request that opened it.
type connection struct {
	end    context.CancelFunc
	misuse func(principal.Principal) bool // whether the page may not use such a key
}

type connectionKey struct{}

// connected reads the API key that a websocket's connection_init may carry: browsers cannot send headers with one. What
// the key makes of the connection ends with the key.
func connected(access Access) transport.WebsocketInitFunc {
	return func(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
		header := payload.GetString("authorization")
		if header == "" {
			header = payload.GetString("Authorization")
		}
		if header == "" {
			return ctx, nil, nil
		}
		who, err := bearer(ctx, access, header)
		opened, ok := ctx.Value(connectionKey{}).(connection)
		if !ok {
			return ctx, nil, errors.New("this connection cannot be ended")
		}
		if err == nil && opened.misuse(who) {
			err = fault.Forbiddenf("%s", foreignKey)
		}
		if f := fault.As(err); f != nil && f.Kind != fault.Internal {
			return transport.AppendCloseReason(transport.WithWebsocketCloseCode(ctx, closeForbidden), f.Message), nil, errors.New(f.Message)
		}
		if err != nil {
			return ctx, nil, errors.New("who is asking cannot be found out now: try again")
		}
		stop := access.Follow(ctx, who, opened.end)
		context.AfterFunc(ctx, stop)
		return principal.With(ctx, who), nil, nil
	}
}

// bearer reads an Authorization header. Fault: Unauthenticated.
func bearer(ctx context.Context, access Access, header string) (principal.Principal, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return principal.Principal{}, fault.Unauthenticatedf("send an API key as Authorization: Bearer and the key")
	}
	return access.Key(ctx, strings.TrimSpace(token))
}

// misused reports whether a page that is not one of its frontend's uses a publishable key. Programs send no Origin.
func (p Parts) misused(r *http.Request, who principal.Principal) bool {
	origin := r.Header.Get("Origin")
	if !who.Publishable || origin == "" || p.Facing.ownOrigin(origin, r) {
		return false
	}
	return !slices.ContainsFunc(who.Grants, func(g principal.Grant) bool { return p.FrontendAllows(g.Frontend, origin) })
}
