package release

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

// previewPurpose keeps preview tokens apart from everything else sealed with the installation key.
const previewPurpose = "preview"

// maxPreviewHours is thirty days.
const maxPreviewHours = 720

// Preview is what a link shows.
type Preview struct {
	Frontend string          `json:"f"`           // id
	Screen   string          `json:"s,omitempty"` // id; "" for every screen
	Expires  time.Time       `json:"e"`
	Maker    principal.Actor `json:"m"`
}

// CreatePreview makes a token that shows the drafts of a frontend, or one screen of it, until it expires, which is no later
// than the key that makes it does. It ends earlier when its maker may not read the drafts any more. Nothing but the audit
// entry is stored. Faults: NotFound, Invalid.
func (r *Releases) CreatePreview(ctx context.Context, ref, screenID string, hours int) (token string, p Preview, err error) {
	if hours < 1 || hours > maxPreviewHours {
		return "", p, fault.Invalidf("expiresInHours: choose 1 to %d hours", maxPreviewHours).At("expiresInHours")
	}
	err = r.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		owner, err := frontend.Find(ctx, tx.Client(), ref, principal.ContentRead)
		if err != nil {
			return err
		}
		if screenID != "" {
			row, err := screen.Get(ctx, tx.Client(), screenID, principal.ContentRead)
			if fault.KindOf(err) == fault.NotFound || err == nil && row.FrontendID != owner.ID {
				return fault.NotFoundf("the frontend %s has no screen with this id", owner.Slug).At("screen")
			}
			if err != nil {
				return err
			}
		}
		maker := principal.From(ctx)
		p = Preview{Frontend: owner.ID, Screen: screenID, Expires: time.Now().UTC().Add(time.Duration(hours) * time.Hour).Truncate(time.Second), Maker: maker.Actor}
		if maker.Credential == principal.KeyCredential && !maker.Expires.IsZero() && maker.Expires.Before(p.Expires) {
			p.Expires = maker.Expires.UTC()
		}
		plain, err := json.Marshal(p)
		if err != nil {
			return err
		}
		token = r.secrets.Seal(previewPurpose, plain)
		tx.Record(store.Fact{
			Topic: "preview.created", Payload: map[string]string{"frontend": owner.ID}, Action: "previewLinkCreate",
			Frontend: owner.ID, SubjectID: owner.ID, SubjectLabel: owner.Slug, Detail: map[string]any{"screen": screenID, "expires": p.Expires},
		})
		return nil
	})
	return token, p, err
}

// OpenPreview reads a token. Fault: Forbidden when it was not made here, has expired, or shows what its maker may not see
// any more.
func (r *Releases) OpenPreview(ctx context.Context, token string, now time.Time) (Preview, error) {
	var p Preview
	plain, ok := r.secrets.Open(previewPurpose, token)
	if !ok || json.Unmarshal(plain, &p) != nil {
		return p, fault.Forbiddenf("the preview link is not valid: ask for a new one")
	}
	if !now.Before(p.Expires) {
		return p, fault.Forbiddenf("the preview link has expired: ask for a new one")
	}
	may, err := access.StillMay(ctx, r.store.Reader(ctx), p.Maker, principal.ContentRead, principal.Place{Frontend: p.Frontend}, now)
	if err != nil {
		return p, err
	}
	if !may {
		return p, fault.Forbiddenf("the preview link has ended with the rights of whoever made it: ask for a new one")
	}
	return p, nil
}

// PreviewParameter is the query parameter in which a frontend gets the token.
const PreviewParameter = "preview"

// PreviewLink puts the token into a frontend's preview URL.
func PreviewLink(previewURL, token string) (string, error) {
	u, err := url.Parse(previewURL)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set(PreviewParameter, token)
	u.RawQuery = q.Encode()
	return u.String(), nil
}
