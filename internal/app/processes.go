package app

import (
	"context"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/event/nats"
	"sonata.ai/sonata/internal/store"
)

// wakeOnCommit makes every commit known at once: to this process, and to the others on the same database.
func (a *App) wakeOnCommit(ctx context.Context) (err error) {
	a.store.OnCommit(a.tailer.Committed)
	if a.cfg.Database.NATS == "" {
		return nil
	}
	installation, err := a.store.Installation(ctx)
	if err != nil {
		return err
	}
	if a.wakers, err = nats.Dial(a.cfg.Database.NATS, installation, a.tailer.Wake, a.failed("connect to NATS")); err != nil {
		return err
	}
	a.store.OnCommit(func(ctx context.Context, seq int64) {
		a.wakers.Wake()
		a.tailer.Committed(ctx, seq)
	})
	return nil
}

// openSecrets opens the installation key, which processes on one database share, and with it the link that creates the
// first member.
func (a *App) openSecrets(ctx context.Context) (*store.Secrets, error) {
	secrets, err := store.OpenSecrets(a.cfg.Database.SecretKey, a.cfg.Database.Dir())
	if err != nil {
		return nil, err
	}
	if err := a.store.SameKey(ctx, secrets); err != nil {
		return nil, err
	}
	if a.mode == config.Production {
		a.setUp, err = access.OpenSetUp(ctx, a.store, secrets)
	}
	return secrets, err
}

// databaseChanged logs that the database went away or came back. Once is enough: each part that tries again would say so.
func (a *App) databaseChanged(away bool) {
	if away {
		a.log.Error("the database does not answer: what is published is served from memory, changes are refused")
		return
	}
	a.log.Info("the database answers again")
	a.tailer.Wake()
}

// countsAlone logs that limits are not shared for a while, which is no failure: each process counts for itself then.
func (a *App) countsAlone(err error) {
	a.log.Warn("limits are counted by this process alone until the database answers in time", "error", err)
}
