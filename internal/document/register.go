package document

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/trusteddocument"
	"sonata.ai/sonata/ent/unknowndocument"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// RegisterInput is documents of a frontend.
type RegisterInput struct {
	Frontend    string // slug or id
	Documents   []Input
	Manifest    []byte   // nil for none
	FromUnknown []string // hashes
}

// Input is one document.
type Input struct{ Name, Source, Hash string }

// Invalid is the detail of a refused registration: each document that cannot be registered, and why.
type Invalid []Refused

// Refused is one document that cannot be registered.
type Refused struct {
	Problem
	Name string // "" for none
	Path []string
}

// The limits of what a frontend registers.
const (
	maxDocuments = 5000
	maxBytes     = 8 << 20
	maxRefused   = 100 // entries of one refusal
)

// candidate is a document on its way to be registered.
type candidate struct {
	Entry
	path []string
	hash string // that the input claims; "" for none
	read
}

// Register keeps documents, all or none. Those that are registered already stay as they are; those that were retired run
// again. added is how many were not registered before. Faults: NotFound, Invalid (with Invalid as detail), Exhausted.
func (d *Documents) Register(ctx context.Context, in RegisterInput) (rows []*ent.TrustedDocument, added int, err error) {
	owner, err := frontend.Find(ctx, d.store.Reader(ctx), in.Frontend, principal.DocumentsWrite)
	if err != nil {
		return nil, 0, err
	}
	all, err := d.gather(ctx, owner, in)
	if err != nil {
		return nil, 0, err
	}
	if err := d.check(ctx, all); err != nil { // takes a while for thousands, and everybody else's writes wait for a transaction
		return nil, 0, err
	}
	err = d.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		owner, err := frontend.Find(ctx, tx.Client(), in.Frontend, principal.DocumentsWrite)
		if err != nil {
			return err
		}
		if rows, added, err = save(ctx, tx, owner, all); err != nil {
			return err
		}
		fact := store.Fact{
			Topic: TopicChanged, Payload: Changed{Frontend: owner.ID}, Action: "documentsRegister", Frontend: owner.ID,
			SubjectID: owner.ID, SubjectLabel: owner.Slug, Detail: map[string]any{"documents": len(rows), "added": added},
		}
		if added == 0 {
			fact.Topic = store.TopicNone
		}
		tx.Record(fact)
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	for i := range rows {
		rows[i] = rows[i].Unwrap()
	}
	return rows, added, nil
}

// gather reads all that an input names.
func (d *Documents) gather(ctx context.Context, owner *ent.Frontend, in RegisterInput) (all []candidate, err error) {
	for i, x := range in.Documents {
		all = append(all, candidate{Entry: Entry{Name: x.Name, Source: x.Source}, hash: x.Hash, path: []string{"documents", strconv.Itoa(i)}})
	}
	if in.Manifest != nil {
		entries, err := ParseManifest(in.Manifest)
		if err != nil {
			return nil, fault.As(err).At("manifest")
		}
		for _, e := range entries {
			all = append(all, candidate{Entry: e, path: []string{"manifest", e.ID}})
		}
	}
	for i, hash := range in.FromUnknown {
		row, err := d.store.Reader(ctx).UnknownDocument.Query().Where(unknowndocument.FrontendID(owner.ID), unknowndocument.Hash(hash)).Only(ctx)
		path := []string{"fromUnknown", strconv.Itoa(i)}
		if ent.IsNotFound(err) {
			return nil, fault.NotFoundf("%.80q is not among the unknown documents of %s: take a hash out of unknownDocuments", hash, owner.Slug).At(path...)
		}
		if err != nil {
			return nil, fmt.Errorf("read unknown document: %w", err)
		}
		all = append(all, candidate{Entry: Entry{Source: row.Body}, path: path})
	}
	if len(all) == 0 {
		return nil, fault.Invalidf("there is nothing to register: pass documents, a manifest or hashes of unknown documents").At("documents")
	}
	if len(all) > maxDocuments {
		return nil, fault.Exhaustedf("a frontend has at most %d documents; these are %d", maxDocuments, len(all)).WithCode("LIMIT").At("documents")
	}
	return all, nil
}

// check reads each document. Fault: Invalid, with all that is wrong.
func (d *Documents) check(ctx context.Context, all []candidate) error {
	var refused Invalid
	aliases := map[string]string{} // source by alias
	for i := range all {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("check documents: %w", err)
		}
		if len(refused) >= maxRefused {
			break
		}
		c := &all[i]
		var problems []Problem
		c.read, problems = d.inspect(c.Source)
		if c.Name == "" {
			c.Name = c.name
		}
		if len(problems) == 0 {
			problems = c.identify(aliases)
		}
		for _, p := range problems {
			refused = append(refused, Refused{Problem: p, Name: c.Name, Path: c.path})
		}
	}
	if len(refused) == 0 {
		return nil
	}
	message := fmt.Sprintf("nothing was registered: %d problems, the first is: %s", len(refused), refused[0].Message)
	return fault.Invalidf("%s", message).WithDetail(refused[:min(len(refused), maxRefused)])
}

// identify finds out what a document is to be known as.
func (c *candidate) identify(aliases map[string]string) []Problem {
	if c.hash != "" && c.hash != HashOf(c.Source) {
		return []Problem{{Message: "the hash is not that of the document: it is " + HashOf(c.Source)}}
	}
	if c.Name == "" {
		return []Problem{{Message: "the document has no name: give its operation one, or pass a name"}}
	}
	if err := frontend.CheckName("name", c.Name, 1, 200); err != nil {
		return []Problem{{Message: fault.As(err).Message}}
	}
	if c.ID == "" {
		return nil
	}
	alias, err := aliasFor(c.ID, c.Source)
	if err != nil {
		return []Problem{{Message: fault.As(err).Message}}
	}
	if other, taken := aliases[alias]; taken && alias != "" && other != c.Source {
		return []Problem{{Message: fmt.Sprintf("the id %.80q is that of another document, too", alias)}}
	}
	aliases[alias], c.ID = c.Source, alias
	return nil
}

// save writes what is new. Faults: Invalid, Exhausted.
func save(ctx context.Context, tx *store.Tx, owner *ent.Frontend, all []candidate) (rows []*ent.TrustedDocument, added int, err error) {
	have, err := tx.TrustedDocument.Query().Where(trusteddocument.FrontendID(owner.ID)).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read documents: %w", err)
	}
	byHash, byAlias, bytes := map[string]*ent.TrustedDocument{}, map[string]*ent.TrustedDocument{}, 0
	for _, row := range have {
		byHash[row.Hash], bytes = row, bytes+len(row.Body)
		if row.Alias != "" && row.RetiredAt == nil {
			byAlias[row.Alias] = row
		}
	}
	listed := map[string]bool{}
	for _, c := range all {
		hash := HashOf(c.Source)
		row := byHash[hash]
		if other := byAlias[c.ID]; c.ID != "" && other != nil && other != row {
			return nil, 0, fault.Invalidf("builds that are out send the id %.80q for another text: give the new text another id, for instance %.70s.2, or retire the old document first", c.ID, c.ID).At(c.path...)
		}
		if row != nil && row.RetiredAt == nil && c.ID != "" && row.Alias != "" && row.Alias != c.ID {
			return nil, 0, fault.Invalidf("the document with the id %.80q is registered already as %.80q: a document has one id besides its hashes", c.ID, row.Alias).At(c.path...)
		}
		fresh := row == nil || row.RetiredAt != nil
		if row, err = saveOne(ctx, tx, owner, c, hash, row); err != nil {
			return nil, 0, err
		}
		if fresh {
			added++
		}
		if byHash[hash] == nil {
			bytes += len(c.Source)
		}
		byHash[hash] = row
		if row.Alias != "" {
			byAlias[row.Alias] = row
		}
		if !listed[row.ID] {
			listed[row.ID] = true
			rows = append(rows, row)
		}
	}
	if len(byHash) > maxDocuments || bytes > maxBytes {
		return nil, 0, fault.Exhaustedf("a frontend keeps at most %d documents and %d MB of them, retired ones too; with these it would have %d and %.1f MB",
			maxDocuments, maxBytes>>20, len(byHash), float64(bytes)/(1<<20)).WithCode("LIMIT").At("documents")
	}
	_, err = tx.UnknownDocument.Delete().Where(unknowndocument.FrontendID(owner.ID), unknowndocument.HashIn(hashesOf(rows)...)).Exec(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("remove unknown documents: %w", err)
	}
	return rows, added, nil
}

func hashesOf(rows []*ent.TrustedDocument) []string {
	hashes := make([]string, len(rows))
	for i, row := range rows {
		hashes[i] = row.Hash
	}
	return hashes
}

func saveOne(ctx context.Context, tx *store.Tx, owner *ent.Frontend, c candidate, hash string, row *ent.TrustedDocument) (*ent.TrustedDocument, error) {
	if row == nil {
		created, err := tx.TrustedDocument.Create().SetFrontendID(owner.ID).SetHash(hash).SetAlias(c.ID).SetName(c.Name).
			SetKind(trusteddocument.Kind(c.kind)).SetBody(c.Source).Save(ctx)
		if err != nil {
			return nil, fmt.Errorf("create document: %w", err)
		}
		return created, nil
	}
	change := tx.TrustedDocument.UpdateOne(row)
	switch {
	case row.RetiredAt != nil:
		change.ClearRetiredAt().SetRegisteredAt(time.Now().UTC()).SetName(c.Name).SetAlias("") // it may be that of another by now
	case c.ID == "" || row.Alias == c.ID:
		return row, nil
	}
	if c.ID != "" {
		change.SetAlias(c.ID)
	}
	changed, err := change.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("update document: %w", err)
	}
	return changed, nil
}

// Retire ends a document; one that is retired stays as it is. Fault: NotFound.
func (d *Documents) Retire(ctx context.Context, id string) (row *ent.TrustedDocument, err error) {
	err = d.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if row, err = get(ctx, tx.Client(), id, principal.DocumentsWrite); err != nil {
			return err
		}
		fact := store.Fact{
			Topic: store.TopicNone, Payload: Changed{Frontend: row.FrontendID}, Action: "documentRetire",
			Frontend: row.FrontendID, SubjectID: row.ID, SubjectLabel: row.Name, Detail: map[string]any{"hash": row.Hash},
		}
		if row.RetiredAt == nil {
			fact.Topic = TopicChanged
			if row, err = tx.TrustedDocument.UpdateOne(row).SetRetiredAt(time.Now().UTC()).Save(ctx); err != nil {
				return fmt.Errorf("retire document: %w", err)
			}
		}
		tx.Record(fact)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// SetMode decides what becomes of documents that a frontend did not register. Faults: NotFound, Invalid.
func (d *Documents) SetMode(ctx context.Context, ref string, mode Mode) (row *ent.Frontend, err error) {
	if strictest(mode, Off) != mode {
		return nil, fault.Invalidf("mode %.20q: write OFF, LOG or ENFORCE", mode).At("mode")
	}
	err = d.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := frontend.Find(ctx, tx.Client(), ref, principal.DocumentsWrite)
		if err != nil {
			return err
		}
		if row, err = frontend.SetSafelist(ctx, tx, found, string(mode)); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}
