package killtest

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/testkit/process"
)

// startedWrongly starts processes that cannot run: each says why and what to do in one sentence, with exit code 1.
func startedWrongly(t *testing.T, binary string) {
	dir := t.TempDir()
	used := filepath.Join(dir, "used.db")
	s := process.Start(t, binary, used)
	address := strings.TrimPrefix(s.URL, "http://")

	t.Run("the file is in use", func(t *testing.T) {
		refuses(t, binary, []string{"another Sonata is using the database", used, "stop it", "--database"}, "--listen", "127.0.0.1:0", "--database", "sqlite:"+used)
	})
	t.Run("the port is in use", func(t *testing.T) {
		refuses(t, binary, []string{"cannot listen on " + address, "address already in use", "--listen"}, "--listen", address, "--database", "sqlite:"+filepath.Join(dir, "other.db"))
		if _, err := os.Stat(filepath.Join(dir, "other.db")); err == nil {
			t.Error("it made a database all the same")
		}
	})
	if answer := s.Stderr(); answer != "" {
		t.Errorf("the one that runs was disturbed: %s", answer)
	}
	s.Stop(t)

	t.Run("the file is a folder", func(t *testing.T) {
		refuses(t, binary, []string{"cannot open the database " + dir, "--database"}, "--listen", "127.0.0.1:0", "--database", "sqlite:"+dir)
	})
	if os.Getuid() != 0 { // root may read everything
		t.Run("the file may not be read", func(t *testing.T) {
			path := filepath.Join(dir, "closed.db")
			write(t, path, nil, 0)
			refuses(t, binary, []string{"cannot open the database " + path, "--database"}, "--listen", "127.0.0.1:0", "--database", "sqlite:"+path)
		})
	}
	t.Run("the file is no database", func(t *testing.T) {
		path := filepath.Join(dir, "letter.db")
		letter := bytes.Repeat([]byte("Dear reader, this is a letter. "), 200)
		write(t, path, letter, 0o600)
		refuses(t, binary, []string{"cannot open the database " + path, "not a database", "--database"}, "--listen", "127.0.0.1:0", "--database", "sqlite:"+path)
		if kept, err := os.ReadFile(path); err != nil || !bytes.Equal(kept, letter) {
			t.Errorf("it changed the file (%v)", err)
		}
	})
	t.Run("the database is newer", func(t *testing.T) {
		outdate(t, used)
		refuses(t, binary, []string{used, "was written by a newer Sonata", "schema 99990101000000", "start that version"}, "--listen", "127.0.0.1:0", "--database", "sqlite:"+used)
	})
	t.Run("the folder cannot be made", func(t *testing.T) {
		path := filepath.Join(dir, "letter.db", "below.db")
		refuses(t, binary, []string{"cannot create the folder of the database", "not a directory"}, "--listen", "127.0.0.1:0", "--database", "sqlite:"+path)
	})
}

// refuses runs the binary to its end and reads what it says.
func refuses(t *testing.T, binary string, want []string, args ...string) {
	t.Helper()
	cmd := process.Command(binary, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit code 1", err)
	}
	said := strings.TrimSuffix(stderr.String(), "\n")
	if strings.Contains(said, "\n") || !strings.HasPrefix(said, "sonata: ") || stdout.Len() != 0 {
		t.Errorf("want one sentence on stderr and nothing on stdout:\n%s%s", stdout.String(), said)
	}
	for _, part := range want {
		if !strings.Contains(said, part) {
			t.Errorf("it does not say %q: %s", part, said)
		}
	}
	for _, leak := range []string{"goroutine", ".go:", "SELECT", "goose", "PRAGMA", "sqlite_master"} {
		if strings.Contains(said, leak) {
			t.Errorf("it says %q: %s", leak, said)
		}
	}
	t.Log(said)
}

func write(t *testing.T, path string, content []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, content, mode); err != nil {
		t.Fatal(err)
	}
}

// outdate makes a database look as a later version would leave it.
func outdate(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99990101000000, 1)"); err != nil {
		t.Fatal(err)
	}
}
