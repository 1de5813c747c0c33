package server

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// foreignKey is said to a page that uses the key of another frontend.
const foreignKey = "this publishable key is for another frontend: its pages are those of the frontend's origins"

// connection is what a websocket's connection_init needs to know of the request that opened it.
type connection struct {
	end  context.CancelFunc
	page page
}

// page is the one that sent a request; programs send no origin.
type page struct {
	origin string // "" for a program
	own    bool   // it is one of this server's
}

func (p Parts) pageOf(r *http.Request) page {
	origin := r.Header.Get("Origin")
	return page{origin: origin, own: origin != "" && p.Facing.ownOrigin(origin, r)}
}

type connectionKey struct{}

// connected reads the API key that a websocket's connection_init may carry: browsers cannot send headers with one. What
// the key makes of the connection ends with the key. A key that does not count closes it with 4403, with the reason; when
// who is asking cannot be found out, that is 4500.
func (p Parts) connected(ctx context.Context, init map[string]any) (context.Context, *ending) {
	header := init["authorization"]
	if header == nil || header == "" {
		header = init["Authorization"]
	}
	if header == nil || header == "" {
		return ctx, nil
	}
	text, _ := header.(string) // anything else is no key
	inTime, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	who, err := bearer(inTime, p.Access, text)
	opened, ok := ctx.Value(connectionKey{}).(connection)
	if !ok {
		return nil, &ending{closeInternal, "this connection cannot be ended"}
	}
	if err == nil && p.misused(opened.page, who) {
		err = fault.Forbiddenf("%s", foreignKey)
	}
	if f := fault.As(err); f != nil && f.Kind != fault.Internal {
		code := unauthenticated
		if f.Kind == fault.Forbidden {
			code = forbidden
		}
		p.Refused.Tell(ctx, "/graphql", code)
		return nil, &ending{closeForbidden, f.Message}
	}
	if err != nil {
		p.Log.ErrorContext(ctx, "authenticate", "error", err, "request_id", principal.RequestID(ctx))
		return nil, &ending{closeInternal, "who is asking cannot be found out now: try again"}
	}
	stop := p.Access.Follow(ctx, who, opened.end)
	context.AfterFunc(ctx, stop)
	return principal.With(ctx, who), nil
}

// bearer reads an Authorization header. Fault: Unauthenticated.
func bearer(ctx context.Context, access Access, header string) (principal.Principal, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return principal.Principal{}, fault.Unauthenticatedf("send an API key as Authorization: Bearer and the key")
	}
	return access.Key(ctx, strings.TrimSpace(token))
}

// misused reports whether a page that is not one of its frontend's uses a publishable key.
func (p Parts) misused(by page, who principal.Principal) bool {
	if !who.Publishable || by.origin == "" || by.own {
		return false
	}
	return !slices.ContainsFunc(who.Grants, func(g principal.Grant) bool { return p.FrontendAllows(g.Frontend, by.origin) })
}
