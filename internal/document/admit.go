package document

import (
	"context"
	"slices"
	"strings"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Request is what a request says of the document that it wants to run.
type Request struct {
	Source    string
	Hash      string // of Source, as HashOf has it; "" where nobody found it out yet
	ID        string // documentId, doc_id or part of the path; "" for none
	Persisted string // sha256Hash of Apollo's persistedQuery, which other tools fill with hashes of other kinds; "" for none
	Client    string // name that the client gave itself; "" for none
	Build     string // version that the client gave itself; "" for none
}

// The codes of what is refused for its document.
const (
	CodeMismatch     = "DOCUMENT_MISMATCH" // an id with another text
	CodeUnknown      = "DOCUMENT_UNKNOWN"  // not registered where that is needed, or an id of nothing
	CodeNotFound     = "PERSISTED_QUERY_NOT_FOUND"
	CodeNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED"
)

// Admit decides whether the document of a request may run, and returns its source. The mode is the strictest of that of
// the frontend that the client names and those of the frontends that its rights reach; with neither it is the
// installation's. A member or private key with graph:explore that names no frontend runs what it likes. Faults: Forbidden
// for a name that is not the key's; Invalid with one of the codes above.
func (d *Documents) Admit(ctx context.Context, in Request) (string, error) {
	x := d.index.Load()
	who := principal.From(ctx)
	named, bound, err := x.frontends(who, in.Client)
	if err != nil {
		return "", err
	}
	mode := d.mode(x, who, named, bound)
	scope := x.anywhere
	of := named
	if of == nil {
		of = bound
	}
	if of != nil {
		scope = of.of
	}
	source, hash, err := d.source(in, mode, scope)
	if err != nil {
		return "", err
	}
	trusted, builtIn := scope[hash], d.builtIn[hash] != ""
	if mode == Enforce && trusted == nil && !builtIn {
		return "", unknown(in.Source == "")
	}
	if a := From(ctx); a != nil {
		a.Hash, a.Source, a.Mode, a.Build, a.trusted, a.builtIn = hash, source, mode, in.Build, trusted, builtIn
		if of != nil {
			a.frontend = of.id
		}
	}
	return source, nil
}

// frontends are those that a client names and that its key is for; nil for none. A name that nobody may know binds to
// nothing. Fault: Forbidden.
func (x *index) frontends(who principal.Principal, client string) (named, bound *safelist, err error) {
	if who.Credential == principal.KeyCredential && len(who.Grants) == 1 {
		bound = x.byID[who.Grants[0].Frontend]
	}
	if client == "" || Reserved(client) {
		return nil, bound, nil
	}
	if bound != nil {
		if client != bound.slug && client != bound.id {
			return nil, nil, fault.Forbiddenf("the client calls itself %.80q, and this key is for the frontend %s: name that one, or none", client, bound.slug)
		}
		return bound, bound, nil
	}
	if named = x.bySlug[client]; named == nil {
		named = x.byID[client]
	}
	if named != nil && !named.public && !who.Can(principal.DeliveryRead, principal.Place{Frontend: named.id}) {
		named = nil
	}
	return named, nil, nil
}

func (d *Documents) mode(x *index, who principal.Principal, named, bound *safelist) Mode {
	switch {
	case named == nil && explores(who) && who.Has(principal.GraphExplore):
		return Off
	case named != nil:
		return strictest(named.mode, x.held(who))
	case bound != nil:
		return bound.mode
	case d.policy.Mode != "":
		return d.policy.Mode
	}
	return x.strictest
}

// held is the strictest mode of the frontends that somebody's rights reach, but for those where it may run what it likes: a
// name does not make lenient what the rights are for.
func (x *index) held(who principal.Principal) Mode {
	mode := Off
	for _, g := range who.Grants {
		of := x.strictest // of a grant for every frontend
		if s := x.byID[g.Frontend]; s != nil {
			of = s.mode
		}
		if who.Publishable || !who.Can(principal.GraphExplore, principal.Place{Frontend: g.Frontend}) {
			mode = strictest(mode, of)
		}
	}
	return mode
}

// explores reports whether somebody is of the kind that may run free text where it holds graph:explore.
func explores(who principal.Principal) bool {
	return !who.Publishable && who.Kind != principal.Anonymous
}

// source finds the text that a request means, and its hash.
func (d *Documents) source(in Request, mode Mode, scope map[string]*Trusted) (source, hash string, err error) {
	id := in.ID
	if id == "" {
		id = in.Persisted
	}
	if id == "" {
		if in.Hash == "" {
			in.Hash = HashOf(in.Source)
		}
		return in.Source, in.Hash, nil
	}
	known, hash, ok := d.lookUp(id, scope)
	if !ok && in.Persisted == id && mode == Off {
		known, ok = d.sent.Get(id)
		hash = hashMark + id
	}
	switch {
	case ok && (in.Source == "" || in.Source == known):
		return known, hash, nil
	case ok:
		return "", "", mismatch(id)
	case in.Source == "" && in.Persisted == id:
		return "", "", notPersisted(mode)
	case in.Source == "":
		return "", "", unknown(true)
	case !slices.Contains(idsOf(in.Source, ""), id):
		return "", "", mismatch(id)
	}
	hash = HashOf(in.Source)
	if in.Persisted == id && mode == Off && hash == hashMark+id {
		d.sent.Put(id, in.Source)
	}
	return in.Source, hash, nil
}

func (d *Documents) lookUp(id string, scope map[string]*Trusted) (source, hash string, ok bool) {
	if t := scope[id]; t != nil {
		return t.Source, t.Hash, true
	}
	if !strings.HasPrefix(id, hashMark) {
		id = hashMark + id
	}
	source, ok = d.builtIn[id]
	return source, id, ok
}

func mismatch(id string) error {
	return fault.Invalidf("the id %.80q is not that of the text beside it: send the one or the other", id).WithCode(CodeMismatch)
}

func unknown(byID bool) error {
	if byID {
		return fault.Invalidf("no document is registered under this id: register it (documentsRegister, or sonata documents push), or send its text where that is let through").WithCode(CodeUnknown)
	}
	return fault.Invalidf("only registered documents run here: register it (documentsRegister, or sonata documents push), or name the frontend that it is registered for in GraphQL-Client-Name").WithCode(CodeUnknown)
}

// notPersisted speaks as Apollo's clients want it: with the first they send the text as well, with the second they send
// nothing but texts from then on.
func notPersisted(mode Mode) error {
	if mode == Off {
		return fault.Invalidf("PersistedQueryNotFound").WithCode(CodeNotFound)
	}
	return fault.Invalidf("PersistedQueryNotSupported").WithCode(CodeNotSupported)
}

// Began says which operation the document of a request turned out to be: one that the graph can run. What is not
// registered is counted where that is wanted.
func (d *Documents) Began(ctx context.Context, operation string) {
	a := From(ctx)
	if a == nil || a.Hash == "" {
		return
	}
	a.mu.Lock()
	a.name = clip(operation, maxShownName)
	a.mu.Unlock()
	if a.frontend != "" && a.Mode == Log && a.trusted == nil && !a.builtIn {
		d.note(ctx, a, a.frontend)
	}
}

// Reads is asked again when data of a frontend is about to be given to the operation of a request, whatever it said
// before it ran: in the mode ENFORCE it goes to documents that are registered for that frontend, to Sonata's own, and to
// members and private keys with graph:explore there. In the mode LOG what would not have been given is counted. Fault:
// Forbidden with CodeUnknown.
func (d *Documents) Reads(ctx context.Context, frontendID string) error {
	s := d.index.Load().byID[frontendID]
	if s == nil || s.mode == Off {
		return nil
	}
	a := From(ctx)
	if a != nil && (a.builtIn || s.of[a.Hash] != nil || a.runs && a.trusted.Frontend == frontendID) {
		return nil
	}
	if who := principal.From(ctx); explores(who) && who.Can(principal.GraphExplore, principal.Place{Frontend: frontendID}) {
		return nil
	}
	if s.mode == Log {
		if a != nil && a.Hash != "" {
			d.note(ctx, a, frontendID)
		}
		return nil
	}
	return fault.Forbiddenf("what the frontend %s shows goes to documents that are registered for it: register this one (documentsRegister, or sonata documents push)", s.slug).WithCode(CodeUnknown)
}

// note counts an operation once for each frontend.
func (d *Documents) note(ctx context.Context, a *Asked, frontendID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.noted[frontendID] {
		return
	}
	if a.noted == nil {
		a.noted = map[string]bool{}
	}
	a.noted[frontendID] = true
	source := principal.Source(ctx)
	if principal.From(ctx).Kind != principal.Anonymous {
		source = ""
	}
	d.counters.seen(frontendID, source, a.Hash, a.name, a.Source)
}
