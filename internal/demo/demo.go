// Package demo seeds the frontend `shop`: two builds, a home screen, a product screen, a footer, and release 1.
package demo

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

//go:embed seed/*.json
var seed embed.FS

// Slug is the slug of the demo frontend.
const Slug = "shop"

// Verbs is what seeding calls.
type Verbs struct {
	Store      *store.Store
	Frontends  *frontend.Frontends
	Components *component.Components
	Screens    *screen.Screens
	Releases   *release.Releases
}

// Seed makes the demo in one transaction, so that a start that was cut short leaves nothing behind. mode is auto (only
// when there is no frontend), on (unless there is a shop) or off.
func Seed(ctx context.Context, v Verbs, mode string) error {
	ctx = principal.With(ctx, principal.Sonata())
	wanted, err := v.wanted(ctx, mode)
	if err != nil || !wanted {
		return err
	}
	return v.Store.WithTx(ctx, func(ctx context.Context, _ *store.Tx) error {
		if wanted, err := v.wanted(ctx, mode); err != nil || !wanted { // another process that starts may have been faster
			return err
		}
		if _, err := v.Frontends.Create(ctx, frontend.CreateInput{Slug: Slug, Name: "Nordlys", UsageEnabled: true}); err != nil {
			return err
		}
		for _, build := range []string{"1.0", "2.0"} {
			if err := v.register(ctx, build); err != nil {
				return err
			}
		}
		if err := v.createScreens(ctx); err != nil {
			return err
		}
		_, err := v.Releases.Publish(ctx, release.PublishInput{
			Frontend: Slug, Environment: frontend.Production, Title: "First release", AcknowledgeWarnings: true,
		})
		return explain(err)
	})
}

func (v Verbs) wanted(ctx context.Context, mode string) (bool, error) {
	switch mode {
	case "auto":
		some, err := v.Store.Reader(ctx).Frontend.Query().Exist(ctx)
		return !some, err
	case "on":
		_, err := frontend.Find(ctx, v.Store.Reader(ctx), Slug, principal.ContentRead)
		if fault.KindOf(err) == fault.NotFound {
			return true, nil
		}
		return false, err
	default:
		return false, nil
	}
}

func (v Verbs) register(ctx context.Context, build string) error {
	raw, err := seed.ReadFile("seed/manifest-" + build + ".json")
	if err != nil {
		return err
	}
	components, err := component.ReadManifestFile(raw)
	if err != nil {
		return err
	}
	_, err = v.Components.Register(ctx, component.RegisterInput{Frontend: Slug, Name: build, Components: components})
	return err
}

func (v Verbs) createScreens(ctx context.Context) error {
	raw, err := seed.ReadFile("seed/screens.json")
	if err != nil {
		return err
	}
	var screens []struct {
		Key, Title, Path string
		Body             json.RawMessage
	}
	if err := json.Unmarshal(raw, &screens); err != nil {
		return err
	}
	for _, s := range screens {
		_, err := v.Screens.Create(ctx, screen.CreateInput{Frontend: Slug, Key: s.Key, Title: s.Title, Path: s.Path, Body: s.Body})
		if err != nil {
			return fmt.Errorf("screen %s: %w", s.Key, err)
		}
	}
	return nil
}

// explain puts what blocks the first release into the error: it is a mistake in the seed.
func explain(err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	if blocked, ok := f.Detail.(release.Blocked); ok {
		return fmt.Errorf("%w: %+v", err, blocked.Problems)
	}
	return err
}
