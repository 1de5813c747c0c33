package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	watchEvery  = time.Second
	listenAgain = time.Second
)

// Watch looks each second whether the database answers, until ctx ends. While it does not, what asks it is refused at
// once instead of waiting. onChange is told of each change.
func (s *Store) Watch(ctx context.Context, onChange func(away bool)) error {
	p, ok := s.engine.(*postgres)
	if !ok {
		return nil
	}
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if away := s.Ping(ctx) != nil; ctx.Err() == nil && p.set(away) {
			onChange(away)
		}
	}
}

// Away reports whether the database did not answer when Watch looked last.
func (s *Store) Away() bool {
	p, ok := s.engine.(*postgres)
	return ok && p.away.Load()
}

// Listen calls wake when another process on the same PostgreSQL, or this one, moved the ledger, until ctx ends. It is
// best effort: behind a pooler that lends connections by the transaction nothing arrives. onError is told of each time
// that listening broke off; it is tried again a second later.
func (s *Store) Listen(ctx context.Context, wake func(), onError func(error)) error {
	p, ok := s.engine.(*postgres)
	if !ok {
		return nil
	}
	for {
		err := p.listen(ctx, wake)
		if ctx.Err() != nil {
			return nil
		}
		onError(err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(listenAgain):
		}
	}
}

func (p *postgres) listen(ctx context.Context, wake func()) error {
	config := p.address.postgres.Copy()
	config.ConnectTimeout = dialWithin
	config.RuntimeParams["application_name"] = "sonata listener"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() {
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(bye)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	wake() // what happened before
	for {
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
		wake()
	}
}
