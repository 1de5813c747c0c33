package app

import (
	"context"
	"crypto/tls"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"sonata.ai/sonata/internal/config"
)

// certificate is what the server shows to clients. It follows its files: connections that are open keep what they have,
// new ones get the newest.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               atomic.Pointer[tls.Certificate]
	read              stamp // of the files as they were read last
}

// stamp tells whether files are the same as before.
type stamp struct {
	certAt, keyAt     time.Time
	certSize, keySize int64
}

// lookEvery is how often the files are looked at.
const lookEvery = time.Second

// openCertificate returns nil when the server does not speak TLS.
func openCertificate(s *config.Server, log *slog.Logger) *certificate {
	if s.Certificate() == nil {
		return nil
	}
	c := &certificate{certFile: s.TLSCert, keyFile: s.TLSKey, log: log}
	c.now.Store(s.Certificate())
	c.read = c.stamp()
	return c
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.now.Load(), nil },
	}
}

func (c *certificate) stamp() (s stamp) {
	if info, err := os.Stat(c.certFile); err == nil {
		s.certAt, s.certSize = info.ModTime(), info.Size()
	}
	if info, err := os.Stat(c.keyFile); err == nil {
		s.keyAt, s.keySize = info.ModTime(), info.Size()
	}
	return s
}

// run reads the files again once they changed and then stayed as they are: the two are rarely written at one moment.
func (c *certificate) run(ctx context.Context) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for before := c.read; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		now := c.stamp()
		if now != c.read && now == before {
			c.read = now
			c.reload()
		}
		before = now
	}
}

func (c *certificate) reload() {
	next, err := config.LoadCertificate(c.certFile, c.keyFile, time.Now())
	if err != nil {
		c.log.Error("the new certificate is not used, the one before stays", "error", err)
		return
	}
	c.now.Store(next)
	c.log.Info("the certificate was read again", "ends", next.Leaf.NotAfter)
}
