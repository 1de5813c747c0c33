package app

import (
	"context"
	"net"
	"net/http"
	"strconv"

	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/server"
)

// listen opens the listeners. They come first: of two servers started by mistake the second should say so, not touch
// the database.
func (a *App) listen(ctx context.Context) (err error) {
	for _, l := range []struct {
		setting, address string
		into             *net.Listener
	}{{"--listen", a.cfg.Server.Listen, &a.listener}, {"--admin-listen", a.cfg.Server.AdminListen, &a.adminListener}} {
		if l.address == "" {
			continue
		}
		if *l.into, err = (&net.ListenConfig{}).Listen(ctx, "tcp", l.address); err != nil {
			return fault.Unavailablef("cannot listen on %s: %s. Stop what uses it, or choose another address with %s", l.address, netReason(err), l.setting).Because(err)
		}
		*l.into = bounded{*l.into}
	}
	return nil
}

// decideMode finds out how the server faces the world, once it is known whether a member exists.
func (a *App) decideMode(ctx context.Context) error {
	some, err := a.access.MembersExist(ctx)
	if err != nil {
		return err
	}
	a.mode = a.cfg.Server.Decide(some)
	if a.mode == config.Development {
		a.developer = server.NewDeveloper(a.log, a.port())
		if some {
			a.developer.EndForMember()
		}
		a.access.OnFirstMember(a.developer.EndForMember)
		return nil
	}
	if err := store.Private(a.cfg.Database.Address().Path()); err != nil {
		return err
	}
	if a.cfg.Database.SecretKey != "" {
		return nil
	}
	return store.Private(store.KeyFile(a.cfg.Database.Dir()))
}

// demo says whether the demo is seeded. A production server has it only where that was asked for.
func (a *App) demo() string {
	if a.cfg.Demo.Mode == "auto" && a.mode == config.Production {
		return "off"
	}
	return a.cfg.Demo.Mode
}

func (a *App) facing() server.Facing {
	return server.Facing{Public: a.cfg.Server.Public(), Proxies: a.cfg.Server.Proxies(), Loopback: a.mode == config.Development}
}

func (a *App) port() string {
	if address, ok := a.listener.Addr().(*net.TCPAddr); ok {
		return strconv.Itoa(address.Port)
	}
	return ""
}

// Mode is how the server treats whoever has no credential.
func (a *App) Mode() config.Mode { return a.mode }

// SetUpLink is where an admin is made; "" when there is one, and on a development server.
func (a *App) SetUpLink() string {
	if a.setUp == nil {
		return ""
	}
	return a.URL() + "/studio/setup#" + a.setUp.Token()
}

// MembersExist reports whether somebody can sign in.
func (a *App) MembersExist(ctx context.Context) bool {
	some, err := a.access.MembersExist(ctx)
	return some && err == nil
}

// URL is where people reach the server.
func (a *App) URL() string {
	if public := a.cfg.Server.Public(); public != nil {
		return public.String()
	}
	return a.Address()
}

// Address is where the server listens.
func (a *App) Address() string {
	scheme := "http://"
	if a.certificate != nil {
		scheme = "https://"
	}
	return scheme + a.listener.Addr().String()
}

// AdminURL is where operators find figures and profiles, or "".
func (a *App) AdminURL() string {
	if a.adminListener == nil {
		return ""
	}
	return "http://" + a.adminListener.Addr().String()
}

// serve answers until srv is shut down.
func (a *App) serve(srv *http.Server) error {
	if a.certificate == nil {
		return srv.Serve(a.listener)
	}
	srv.TLSConfig = a.certificate.config()
	return srv.ServeTLS(a.listener, "", "")
}
