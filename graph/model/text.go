package model

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/internal/fault"
)

// MarshalID writes the scalar ID.
func MarshalID(s string) graphql.Marshaler { return graphql.MarshalID(s) }

// UnmarshalID takes an ID, without the character that no text here holds.
func UnmarshalID(v any) (string, error) { return withoutNUL(graphql.UnmarshalID(v)) }

// MarshalString writes the scalar String.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString takes a text, without the character that no text here holds.
func UnmarshalString(v any) (string, error) { return withoutNUL(graphql.UnmarshalString(v)) }

// withoutNUL refuses NUL before anything is asked for it: PostgreSQL takes it in no text, and a value that is refused here is
// refused alike on every database.
func withoutNUL(s string, err error) (string, error) {
	if err == nil && strings.IndexByte(s, 0) >= 0 {
		return "", fault.Invalidf("a text holds the character NUL (U+0000): remove it").WithCode("BAD_USER_INPUT")
	}
	return s, err
}
