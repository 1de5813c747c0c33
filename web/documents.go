package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
)

// Documents returns the source of every operation that the pages and the SDK send, as the build collected them.
func Documents() ([]string, error) {
	raw, err := fs.ReadFile(Files(), "documents.json")
	if err != nil {
		return nil, fmt.Errorf("read the documents of the pages: %w", err)
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("read the documents of the pages: %w", err)
	}
	return all, nil
}
