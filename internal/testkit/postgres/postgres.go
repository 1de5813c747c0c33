// Package postgres starts a PostgreSQL of the tests' own: a fresh cluster in a temporary folder, on loopback, without
// anything of the machine's. It can be stopped, killed and paused like the real one that it is.
package postgres

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Server is one cluster. It is not safe for concurrent use, but for NewDatabase.
type Server struct {
	bin, dir string
	port     int
	settings []string
	as       *syscall.Credential // nil for who runs the tests
	cmd      *exec.Cmd
	exited   chan struct{}
	names    atomic.Int64
}

// New makes a cluster with the programs of the newest PostgreSQL on this machine and starts it. Call Close. It trusts the
// machine not to lose its power, which makes it fast; settings such as fsync=on say otherwise. Its databases order text as
// English does, unlike SQLite: what is not compared byte for byte shows.
func New(ctx context.Context, settings ...string) (_ *Server, err error) {
	s := &Server{settings: append([]string{"fsync=off", "full_page_writes=off"}, settings...)}
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "sonata-postgres"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.drop(); err != nil {
		return nil, err
	}
	out, err := s.command(ctx, "initdb", "--no-sync", "--auth=trust", "--username=sonata", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US", s.data()).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if s.port, err = freePort(ctx); err != nil {
		return nil, err
	}
	return s, s.Start(ctx)
}

// drop makes the folder that of the user postgres when the tests run as root: the server refuses to.
func (s *Server) drop() error {
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return err
	}
	s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.dir, int(uid), int(gid))
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	return cmd
}

// Start starts the server, which must not run, and waits until it answers.
func (s *Server) Start(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd = s.command(context.WithoutCancel(ctx), "postgres", "-D", s.data(), "-p", strconv.Itoa(s.port), "-k", s.dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "shared_buffers=128MB")
	for _, setting := range s.settings {
		s.cmd.Args = append(s.cmd.Args, "-c", setting)
	}
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	s.exited = exited
	go func(cmd *exec.Cmd) {
		_ = cmd.Wait() // how it ends is of no interest: who waits looks whether it answers
		close(exited)
	}(s.cmd)
	return s.answers(ctx)
}

func (s *Server) answers(ctx context.Context) error {
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-s.exited:
			text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("postgres ended: %s", text)
		default:
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("postgres does not answer: %w", err)
		}
	}
}

// URL is the address of a database on the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("sonata"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), Path: "/" + database}
	return u.String()
}

// Port is where the server listens on loopback.
func (s *Server) Port() int { return s.port }

// Pause stops every process of the server in the middle of what it does, as a machine that is out of breath; Resume
// lets them go on.
func (s *Server) Pause() error { return s.signal(syscall.SIGSTOP) }

// Resume ends a pause.
func (s *Server) Resume() error { return s.signal(syscall.SIGCONT) }

// Stop ends the server: it breaks off what runs, and loses nothing that it acknowledged.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	<-s.exited
	return nil
}

// signal reaches the children, too. Each is a session of its own, so the group of the first does not have them.
func (s *Server) signal(sig syscall.Signal) error {
	pids := []int{s.cmd.Process.Pid}
	entries, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		text, err := os.ReadFile(entry)
		if err != nil {
			continue // it ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(s.cmd.Process.Pid) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(entry)))
		if err != nil {
			return err
		}
		pids = append(pids, pid)
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

// NewDatabase makes an empty database and returns its address.
func (s *Server) NewDatabase(ctx context.Context) (string, error) {
	return Create(ctx, s.URL("postgres"), fmt.Sprintf("t%d", s.names.Add(1)))
}

// Create makes an empty database beside the one that the address names, and returns the address of the new one.
func Create(ctx context.Context, address, name string) (string, error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// Fresh makes an empty database that ends with the test, on the PostgreSQL that TEST_POSTGRES names, and returns its
// address; "" without that variable: tests then use an SQLite file.
func Fresh(t testing.TB) string {
	t.Helper()
	server := os.Getenv("TEST_POSTGRES")
	if server == "" {
		return ""
	}
	name := fmt.Sprintf("t%d_%s", os.Getpid(), strings.ReplaceAll(uuid.NewString()[:13], "-", ""))
	address, err := Create(t.Context(), server, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db, err := sql.Open("pgx", server)
		if err != nil {
			t.Error(err)
			return
		}
		defer db.Close()
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the database: %v", err)
		}
	})
	return address
}

// SecretKey is the installation key of tests, the same for all processes of one.
func SecretKey() string {
	key := sha256.Sum256([]byte("tests have no secrets"))
	return base64.StdEncoding.EncodeToString(key[:])
}

// Close stops the server and removes everything of it.
func (s *Server) Close() error {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.Resume()
		_ = s.cmd.Process.Signal(syscall.SIGQUIT)
		<-s.exited
	}
	return os.RemoveAll(s.dir)
}

// programs is the folder of the newest PostgreSQL.
func programs() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", errors.New("there is no PostgreSQL on this machine: apt-get install postgresql, or put its programs on the PATH")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
