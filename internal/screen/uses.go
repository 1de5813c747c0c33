package screen

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sonata.ai/sonata/ent"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/principal"
)

// Uses reports whether a draft places the component.
func Uses(row *ent.Screen, component string) (bool, error) {
	if !strings.Contains(row.Body, `"component":"`+component+`"`) { // canonical JSON: cheaper than reading it
		return false, nil
	}
	d, err := DraftOf(row)
	if err != nil {
		return false, err
	}
	for _, b := range d.Body.Blocks {
		if b.Component == component {
			return true, nil
		}
	}
	return false, nil
}

// reads reports whether the caller may read the drafts of a frontend.
func reads(ctx context.Context, frontendID string) bool {
	return principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: frontendID})
}

// Showing returns the screens of a frontend whose draft shows the picture, by key, at most limit; none for a
// caller who may not read them.
func (s *Screens) Showing(ctx context.Context, frontendID, hash string, limit int) ([]*ent.Screen, error) {
	if !reads(ctx, frontendID) {
		return nil, nil
	}
	rows, err := s.store.Reader(ctx).Screen.Query().Where(entscreen.FrontendID(frontendID), entscreen.Deleted(false),
		entscreen.BodyContains(hash)).Order(entscreen.ByKey()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read screens: %w", err)
	}
	showing := []*ent.Screen{}
	for _, row := range rows {
		if len(showing) < limit && slices.Contains(asset.HashesIn(row.Body), hash) {
			showing = append(showing, row)
		}
	}
	return showing, nil
}

// Using returns the screens of a frontend whose draft places the component, by key, at most limit; none for
// a caller who may not read them.
func (s *Screens) Using(ctx context.Context, frontendID, component string, limit int) ([]*ent.Screen, error) {
	if !reads(ctx, frontendID) {
		return nil, nil
	}
	rows, err := s.store.Reader(ctx).Screen.Query().
		Where(entscreen.FrontendID(frontendID), entscreen.Deleted(false)).Order(entscreen.ByKey()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read screens: %w", err)
	}
	using := []*ent.Screen{}
	for _, row := range rows {
		uses, err := Uses(row, component)
		if err != nil {
			return nil, err
		}
		if uses && len(using) < limit {
			using = append(using, row)
		}
	}
	return using, nil
}
