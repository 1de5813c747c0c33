// Package presence knows who looks at which draft now. With one process it lives in memory alone; several on one database
// tell each other. Nothing of it is kept.
package presence

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

// The limits of one screen and of what people say about themselves.
const (
	maxPeople    = 100
	minClient    = 8 // characters: it stands for the person, so it must not be guessed
	maxClient    = 200
	maxName      = 200
	maxBlockKey  = 200
	idCharacters = 16
)

// Person is somebody who looks at a draft.
type Person struct {
	ID       string
	Name     string
	BlockKey *string
	You      bool // whether this is who reads
	Since    time.Time
}

// Presence is the rooms, one for each screen that somebody looks at.
type Presence struct {
	store  *store.Store
	broker *event.Broker
	salt   []byte  // of the installation: a client has the same id whichever process it reaches
	others *others // nil when there is only one process

	mu    sync.Mutex
	rooms map[string]*room // by screen id
}

// room is a screen that somebody looks at through this process.
type room struct {
	frontend string // id
	version  int
	people   map[string]*member // connected to this process, by id
	absent   map[string]other   // connected to another, by id; some may be here, too
}

type member struct {
	Person
	streams int       // open with the same client
	moved   time.Time // when BlockKey was said, by the common clock; zero for never
	shown   bool      // once the other processes had room for it
}

// New returns empty rooms.
func New(s *store.Store, secrets *store.Secrets) *Presence {
	p := &Presence{store: s, broker: event.NewBroker(), salt: secrets.Derive("presence"), rooms: map[string]*room{}}
	if s.Address().IsPostgres() {
		p.others = newOthers()
	}
	return p
}

// Join makes a client present on a screen until ctx ends, and returns the stream of everybody who is. Members who signed
// in are shown under their own name, whatever they say; it takes content:read. Faults: NotFound, Invalid, Exhausted (100
// people on the screen), Unavailable.
func (p *Presence) Join(ctx context.Context, screenID, client, name string) (*event.Stream[[]Person], error) {
	id, err := p.idOf(client)
	if err != nil {
		return nil, err
	}
	if who := principal.From(ctx); who.Credential == principal.SessionCredential {
		name = who.Name
	}
	if name, err = plain("name", name, maxName); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, fault.Invalidf("name is empty").At("name")
	}
	row, err := screen.Get(ctx, p.store.Reader(ctx), screenID, principal.ContentRead)
	if err != nil {
		return nil, err
	}
	sub := p.broker.Subscribe(screenID)
	if err := p.enter(row, id, name); err != nil {
		sub.Close()
		return nil, err
	}
	if err := p.announce(ctx, screenID, id); err != nil {
		sub.Close()
		p.leave(screenID, id)
		return nil, err
	}
	p.show(screenID, id)
	context.AfterFunc(ctx, func() { p.leave(screenID, id) })
	s := reading{of: p, frontend: row.FrontendID, screen: screenID, you: id}
	return event.NewStream(ctx, sub, s.next), nil
}

// Move says at which block a client is; "" is none. It may reach another process than the one that the client follows. It
// takes content:read. Faults: Invalid, NotFound when the client has no stream open.
func (p *Presence) Move(ctx context.Context, screenID, client, blockKey string) (Person, error) {
	id, err := p.idOf(client)
	if err != nil {
		return Person{}, err
	}
	if blockKey, err = plain("blockKey", blockKey, maxBlockKey); err != nil {
		return Person{}, err
	}
	if who, here := p.moveHere(ctx, screenID, id, blockKey); here {
		return who, nil
	}
	return p.moveElsewhere(ctx, screenID, id, blockKey)
}

func nobody() error {
	return fault.NotFoundf("nobody is present on this screen with this client: follow presence first").At("client")
}

// moveHere moves who is connected to this process.
func (p *Presence) moveHere(ctx context.Context, screenID, id, blockKey string) (who Person, here bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rooms[screenID]
	if r == nil || r.people[id] == nil || !principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: r.frontend}) {
		return Person{}, false
	}
	m := r.people[id]
	m.BlockKey = optional(blockKey)
	if now := p.others.now(); now.After(m.moved) {
		m.moved = now
	} else {
		m.moved = m.moved.Add(time.Microsecond)
	}
	p.changed(screenID, r)
	p.others.wake()
	return as(m.Person, id), true
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// enter makes room for somebody, who is not shown yet.
func (p *Presence) enter(row *ent.Screen, id, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rooms[row.ID]
	if r == nil {
		r = &room{frontend: row.FrontendID, people: map[string]*member{}}
		p.rooms[row.ID] = r
	}
	who := r.people[id]
	if who == nil {
		if len(r.people) >= maxPeople {
			return full()
		}
		who = &member{Person: Person{ID: id, Name: name, Since: p.others.now()}}
		r.people[id] = who
	}
	who.streams++
	if who.Name != name {
		who.Name = name
		p.others.wake()
	}
	return nil
}

// show lets the others see who entered.
func (p *Presence) show(screenID, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rooms[screenID]
	r.people[id].shown = true
	p.changed(screenID, r)
}

func full() error {
	return fault.Exhaustedf("%d people are on this screen already", maxPeople).WithCode("LIMIT")
}

func (p *Presence) leave(screenID, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rooms[screenID]
	who := r.people[id]
	if who.streams--; who.streams > 0 {
		return
	}
	delete(r.people, id)
	p.others.wake()
	if len(r.people) == 0 {
		delete(p.rooms, screenID)
		return
	}
	p.changed(screenID, r)
}

// changed wants the lock.
func (p *Presence) changed(screenID string, r *room) {
	r.version++
	p.broker.Notify(screenID)
}

// reading remembers what one stream was sent last.
type reading struct {
	of          *Presence
	frontend    string // id
	screen, you string
	last        int // version of the room; every room begins with 1
	sent        []Person
}

func (s *reading) next(ctx context.Context) ([]Person, event.State) {
	if !principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: s.frontend}) {
		return nil, event.Nothing
	}
	people, version := s.of.people(s.screen, s.you)
	if version == s.last {
		return nil, event.Nothing
	}
	s.last = version
	if reflect.DeepEqual(people, s.sent) { // what changed is nothing that is seen
		return nil, event.Nothing
	}
	s.sent = people
	return people, event.One
}

func (p *Presence) people(screenID, you string) (people []Person, version int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.rooms[screenID]
	if r == nil { // everybody left, the reader too
		return nil, 0
	}
	for _, who := range r.everybody() {
		people = append(people, as(who, you))
	}
	slices.SortFunc(people, func(a, b Person) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
	})
	return people, r.version
}

// as is a person as the one with the id you sees it.
func as(who Person, you string) Person {
	who.You = who.ID == you
	return who
}

// idOf is what the others see instead of the client: whoever knew that could speak for it.
func (p *Presence) idOf(client string) (string, error) {
	if n := utf8.RuneCountInString(client); n < minClient || n > maxClient {
		return "", fault.Invalidf("client: make a random text of %d to %d characters for each browser tab", minClient, maxClient).At("client")
	}
	mac := hmac.New(sha256.New, p.salt)
	mac.Write([]byte(client))
	return hex.EncodeToString(mac.Sum(nil))[:idCharacters], nil
}

// plain leaves out what could disturb the text around it: control characters, and those that turn the direction of
// writing.
func plain(field, s string, longest int) (string, error) {
	if n := utf8.RuneCountInString(s); n > longest {
		return "", fault.Exhaustedf("%s holds at most %d characters; this one has %d", field, longest, n).WithCode("LIMIT").At(field)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s)), nil
}
