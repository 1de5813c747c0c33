package access

import (
	"context"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/apikey"
	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/internal/principal"
)

// StillMay reports whether somebody who did something may do it now: a member who is there, or a key that has not ended,
// and holds the scope at the place. The developer and Sonata itself may as before, and nobody else may.
func StillMay(ctx context.Context, c *ent.Client, who principal.Actor, scope string, at principal.Place, now time.Time) (bool, error) {
	var p principal.Principal
	switch {
	case who.Kind == principal.System || who == principal.LocalDeveloper().Actor:
		return true, nil
	case who.Kind == principal.APIKey:
		row, err := c.APIKey.Query().Where(apikey.ID(who.ID)).Only(ctx)
		if ent.IsNotFound(err) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("read key: %w", err)
		}
		if p, err = keyPrincipal(row, now); err != nil {
			return false, nil //nolint:nilerr // it has ended
		}
	case who.Kind == principal.Member:
		row, err := c.Member.Query().Where(member.ID(who.ID)).Only(ctx)
		if ent.IsNotFound(err) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("read member: %w", err)
		}
		p.Grants = principal.DecodeGrants(row.Grants)
	default:
		return false, nil
	}
	return principal.Can(principal.With(ctx, p), scope, at), nil
}
