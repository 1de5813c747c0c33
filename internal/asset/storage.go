package asset

import (
	"context"
	"io"
	"time"
)

// Storage keeps the files of pictures by hash. What is stored under a hash never changes, so each of its methods may be
// repeated. An implementation may be used from many goroutines.
type Storage interface {
	// Put stores the files of a picture, all or none; those that are there stay.
	Put(ctx context.Context, hash string, files []File) error
	// Open opens one file. Fault: NotFound.
	Open(ctx context.Context, hash, name string) (io.ReadSeekCloser, error)
	// Delete removes all files of a picture, if there are any.
	Delete(ctx context.Context, hash string) error
	// Owner returns whose files these are: of name, when nobody said before. Only the owner removes what it does not know.
	Owner(ctx context.Context, name string) (string, error)
	// List calls fn with each hash that has files and when they were stored.
	List(ctx context.Context, fn func(hash string, stored time.Time) error) error
}
