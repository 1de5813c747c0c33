package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// Pooler is a PgBouncer in front of a server. It lends a connection for one transaction, which is the hardest of its
// modes: nothing that belongs to a session outlives it.
type Pooler struct {
	dir    string
	port   int
	cmd    *exec.Cmd
	exited chan struct{}
}

// Pooler starts a PgBouncer in front of every database of the server. Call Close.
func (s *Server) Pooler(ctx context.Context) (_ *Pooler, err error) {
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		return nil, errors.New("there is no PgBouncer on this machine: apt-get install pgbouncer")
	}
	p := &Pooler{}
	if p.dir, err = os.MkdirTemp("", "sonata-pgbouncer"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.port, err = freePort(ctx); err != nil {
		return nil, err
	}
	settings := fmt.Sprintf(`[databases]
* = host=127.0.0.1 port=%d user=sonata
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 20
server_idle_timeout = 5
logfile = %s
`, s.port, p.port, filepath.Join(p.dir, "log"))
	file := filepath.Join(p.dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(settings), 0o644); err != nil {
		return nil, err
	}
	if s.as != nil { // it refuses to run as root, as the server does
		if err := os.Chown(p.dir, int(s.as.Uid), int(s.as.Gid)); err != nil {
			return nil, err
		}
	}
	p.cmd = s.command(context.WithoutCancel(ctx), program, "-q", file)
	p.cmd.Path = program
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan struct{})
	p.exited = exited
	go func() {
		_ = p.cmd.Wait() // how it ends is of no interest
		close(exited)
	}()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", p.host())
		if err == nil {
			return p, conn.Close()
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(filepath.Join(p.dir, "log"))
			return nil, fmt.Errorf("pgbouncer does not listen: %w: %s", err, text)
		}
	}
}

func (p *Pooler) host() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)) }

// URL is the address of a database behind the pooler.
func (p *Pooler) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("sonata"), Host: p.host(), Path: "/" + database}
	return u.String()
}

// Close stops the pooler.
func (p *Pooler) Close() error {
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Kill()
		<-p.exited
	}
	return os.RemoveAll(p.dir)
}
