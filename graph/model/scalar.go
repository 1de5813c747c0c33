// Package model holds the Go form of the GraphQL types.
package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// JSON is the scalar JSON (and BlockProps): bytes that are passed through as they are stored.
type JSON json.RawMessage

// UnmarshalGQL takes any value a client sent, as a variable or written in the document.
func (j *JSON) UnmarshalGQL(v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("not a JSON value")
	}
	*j = bytes.TrimRight(buf.Bytes(), "\n")
	return nil
}

// MarshalGQL writes the bytes.
func (j JSON) MarshalGQL(w io.Writer) {
	if len(j) == 0 {
		io.WriteString(w, "null") //nolint:errcheck // the interface has no way to say so; the writer is memory
		return
	}
	w.Write(j) //nolint:errcheck // as above
}

// Hash is the scalar Hash.
type Hash string

// UnmarshalGQL refuses what does not look like a hash, so that a typing mistake is not taken for "unknown".
func (h *Hash) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok || !canonical.IsHash(s) {
		return fault.Invalidf("a Hash is written sha256: and 64 lower-case hex digits").WithCode("BAD_USER_INPUT")
	}
	*h = Hash(s)
	return nil
}

// MarshalGQL writes the hash as a string.
func (h Hash) MarshalGQL(w io.Writer) {
	b, err := json.Marshal(string(h))
	if err != nil {
		b = []byte("null") // a string always marshals
	}
	w.Write(b) //nolint:errcheck // the interface has no way to say so; the writer is memory
}

// MarshalBlockProps writes the scalar BlockProps: props are rendered once and kept as bytes.
func MarshalBlockProps(props json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { JSON(props).MarshalGQL(w) })
}

// UnmarshalBlockProps is here because the generator wants both; BlockProps is never an input.
func UnmarshalBlockProps(any) (json.RawMessage, error) {
	return nil, fmt.Errorf("BlockProps is not an input type")
}
