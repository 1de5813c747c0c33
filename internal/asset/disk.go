package asset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// Disk keeps pictures in a folder: <two digits>/<hash>/<file>. A picture is written aside, synced, and moved to its
// place as a whole, so that a crash leaves all of it or nothing.
type Disk struct{ root string }

// aside is the folder for what is being written or removed.
const aside = "tmp"

// leftover is how old something aside is when whoever made it cannot be at it any more.
const leftover = time.Hour

// OpenDisk opens the folder, makes it when it is missing, and removes what a crash left aside.
func OpenDisk(root string) (*Disk, error) {
	d := &Disk{root: root}
	if err := os.MkdirAll(d.path(aside), 0o750); err != nil {
		return nil, fault.Unavailablef("cannot create the folder for assets %s: %s. Choose another with --assets file:<folder>", root, reason(err)).Because(err)
	}
	entries, err := os.ReadDir(d.path(aside))
	if err != nil {
		return nil, fault.Unavailablef("cannot read the folder for assets %s: %s", root, reason(err)).Because(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > leftover {
			os.RemoveAll(d.path(aside, e.Name())) // best effort: it takes room and does no harm
		}
	}
	return d, nil
}

func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func (d *Disk) path(parts ...string) string {
	return filepath.Join(append([]string{d.root}, parts...)...)
}

// place is the folder of a picture. Only a hash ever becomes part of a path.
func (d *Disk) place(hash string) (string, error) {
	if !canonical.IsHash(hash) {
		return "", fmt.Errorf("%q is not a hash", hash)
	}
	hex := strings.TrimPrefix(hash, "sha256:")
	return d.path(hex[:2], hex), nil
}

// Put writes the files of a picture.
func (d *Disk) Put(_ context.Context, hash string, files []File) error {
	place, err := d.place(hash)
	if err != nil {
		return err
	}
	if _, err := os.Stat(place); err == nil {
		return nil
	}
	scratch, err := os.MkdirTemp(d.path(aside), "put-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(scratch) // after the move there is nothing to remove
	for _, f := range files {
		if err := writeSynced(filepath.Join(scratch, f.Name), f.Body); err != nil {
			return err
		}
	}
	if err := syncDir(scratch); err != nil {
		return err
	}
	shard := filepath.Dir(place)
	if err := os.MkdirAll(shard, 0o750); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err := os.Rename(scratch, place); err != nil && !errors.Is(err, fs.ErrExist) { // somebody was faster, with the same
		return fmt.Errorf("move into place: %w", err)
	}
	return errors.Join(syncDir(shard), syncDir(d.root))
}

func writeSynced(path string, body []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	_, err = f.Write(body)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// Open opens one file.
func (d *Disk) Open(_ context.Context, hash, name string) (io.ReadSeekCloser, error) {
	place, err := d.place(hash)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(place, filepath.Base(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing()
	}
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	return f, nil
}

func missing() *fault.Error { return fault.NotFoundf("there is no picture at this address") }

// Delete moves the picture aside first, so that nobody sees half of it.
func (d *Disk) Delete(_ context.Context, hash string) error {
	place, err := d.place(hash)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(d.path(aside), "delete-")
	if err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(scratch) // what stays is removed at the next start
	if err := os.Rename(place, filepath.Join(scratch, filepath.Base(place))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("move aside: %w", err)
	}
	return nil
}

// ownerFile holds whose files these are.
const ownerFile = "owner"

// Owner reads the file owner, or writes it: aside first, so that nobody reads a name that is not whole yet, and a crash
// leaves none that never will be.
func (d *Disk) Owner(_ context.Context, name string) (string, error) {
	scratch, err := os.MkdirTemp(d.path(aside), "owner-")
	if err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(scratch) // what stays is removed at the next start
	written := filepath.Join(scratch, ownerFile)
	if err := writeSynced(written, []byte(name)); err != nil {
		return "", err
	}
	if err = os.Link(written, d.path(ownerFile)); err == nil {
		return name, syncDir(d.root)
	}
	if !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("name the owner: %w", err)
	}
	raw, err := os.ReadFile(d.path(ownerFile))
	if err != nil {
		return "", fmt.Errorf("read owner: %w", err)
	}
	return string(raw), nil
}

// List walks the shards.
func (d *Disk) List(ctx context.Context, fn func(hash string, stored time.Time) error) error {
	shards, err := os.ReadDir(d.root)
	if err != nil {
		return fmt.Errorf("read folder: %w", err)
	}
	for _, shard := range shards {
		if len(shard.Name()) != 2 || !shard.IsDir() {
			continue
		}
		pictures, err := os.ReadDir(d.path(shard.Name()))
		if err != nil {
			return fmt.Errorf("read folder: %w", err)
		}
		for _, p := range pictures {
			hash := "sha256:" + p.Name()
			info, err := p.Info()
			if err != nil || !canonical.IsHash(hash) { // gone meanwhile, or not ours
				continue
			}
			if err := errors.Join(ctx.Err(), fn(hash, info.ModTime())); err != nil {
				return err
			}
		}
	}
	return nil
}
