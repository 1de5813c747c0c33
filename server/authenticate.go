package server

import (
	"context"
	"net/http"
	"time"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Access is what the surface asks about credentials.
type Access interface {
	// Key returns who holds an API key. Fault: Unauthenticated.
	Key(ctx context.Context, token string) (principal.Principal, error)
	// Session returns who is signed in. Fault: Unauthenticated.
	Session(ctx context.Context, token string) (principal.Principal, error)
	// Follow calls end when the credential of p ends or may do something else. Call stop when nothing is open any more.
	Follow(ctx context.Context, p principal.Principal, end func()) (stop func())
}

// sessionCookie holds the token of a session. The prefix makes browsers take it over HTTPS only (or from this machine),
// for this host alone.
const sessionCookie = "__Host-sonata"

// authenticated finds out who is asking. A key that is not valid is refused: whoever sends one means it. A session that
// has ended makes its browser an anonymous one.
func authenticated(p Parts, refuse refusal, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := identify(p, w, r)
		if f := fault.As(err); f != nil && f.Kind == fault.Unauthenticated {
			if left, _, ok := p.Limits.Count(r.Context(), 1); !ok { // of the address: nobody is known yet
				p.Refused.Tell(r.Context(), r.Pattern, rateLimited)
				say429(w.Header(), left)
				refuse(w, http.StatusTooManyRequests, rateLimited, overBudget(left))
				return
			}
			p.Refused.Tell(r.Context(), r.Pattern, "UNAUTHENTICATED")
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", f.Message)
			return
		}
		if err != nil {
			p.Log.ErrorContext(r.Context(), "authenticate", "error", err, "request_id", principal.RequestID(r.Context()))
			refuse(w, http.StatusServiceUnavailable, "UNAVAILABLE", "who is asking cannot be found out now: try again")
			return
		}
		if p.misused(p.pageOf(r), who) {
			refuse(w, http.StatusForbidden, "FORBIDDEN", foreignKey)
			return
		}
		next.ServeHTTP(w, r.WithContext(principal.With(r.Context(), who)))
	})
}

func identify(p Parts, w http.ResponseWriter, r *http.Request) (principal.Principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return bearer(r.Context(), p.Access, header)
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil && p.Facing.fromOwnPage(r) {
		who, err := p.Access.Session(r.Context(), cookie.Value)
		if fault.KindOf(err) != fault.Unauthenticated {
			return who, err
		}
		cookies{w}.Forget()
	}
	who := principal.Unknown()
	if p.Developer != nil {
		if p.Developer.Is(r) {
			return principal.LocalDeveloper(), nil
		}
		who.Advice = p.Developer.Advice(r)
	}
	return who, nil
}

// fromOwnPage reports whether a browser says that one of our own pages sent the request. Cookies count for nothing
// else: a browser sends them along with whatever any page makes it send.
func (f Facing) fromOwnPage(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		return f.ownOrigin(origin, r)
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "same-origin" || site == "none"
}

// browsers says to what runs where a session could be kept, or why it cannot.
func browsers(p Parts, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx := withBrowser(r.Context(), p, w, r); ctx != r.Context() {
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// withBrowser says where a session could be kept, or why it cannot. Another site's page could otherwise sign a visitor
// in as somebody else and learn what is done under that name.
func withBrowser(ctx context.Context, p Parts, w http.ResponseWriter, r *http.Request) context.Context {
	byBrowser := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != ""
	switch {
	case r.Method != http.MethodPost || isStream(r):
		return ctx
	case !secure(r):
		return access.WithoutBrowser(ctx, "a password is sent over HTTPS only, or on the machine itself: open Sonata by its https address")
	case byBrowser && !p.Facing.fromOwnPage(r):
		return access.WithoutBrowser(ctx, "people sign in on the pages of Sonata itself: open /studio there")
	}
	return access.WithBrowser(ctx, cookies{w})
}

// cookies keeps the session of a browser.
type cookies struct{ w http.ResponseWriter }

// Keep sets the cookie.
func (c cookies) Keep(token string, expires time.Time) {
	http.SetCookie(c.w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", Expires: expires, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

// Forget removes the cookie.
func (c cookies) Forget() {
	http.SetCookie(c.w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// mayAnywhere refuses who holds a scope nowhere. Whether it holds at the place that is asked for is found out later, and
// told in the words for what is not there.
func mayAnywhere(p Parts, w http.ResponseWriter, r *http.Request, scope, what string) bool {
	who := principal.From(r.Context())
	if who.Has(scope) {
		return true
	}
	if who.Kind == principal.Anonymous {
		p.Refused.Tell(r.Context(), r.Pattern, "UNAUTHENTICATED")
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuseProblem(w, http.StatusUnauthorized, "UNAUTHENTICATED", "sign in, or send an API key that holds the scope "+scope)
		return false
	}
	p.Refused.Tell(r.Context(), r.Pattern, "FORBIDDEN")
	refuseProblem(w, http.StatusForbidden, "FORBIDDEN", what+" needs the scope "+scope+": ask somebody who may give it")
	return false
}
