package binding

import "context"

// Sources finds what screens can be bound to.
type Sources interface {
	// Bindable returns the documents of a frontend by hash; one that is not there says so.
	Bindable(ctx context.Context, frontendID string, hashes []string) (map[string]*Source, error)
}
