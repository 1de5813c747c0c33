package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/schema"
	entservice "sonata.ai/sonata/ent/service"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

// checkPrefix checks what the ids of a service begin with.
func checkPrefix(prefix string) error {
	switch {
	case len(prefix) < 2 || len(prefix) > 20 || prefix[0] < 'a' || prefix[0] > 'z' || strings.Trim(prefix, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
		return fault.Invalidf("nodePrefix: write 2 to 20 lower-case letters and digits, beginning with a letter, without the underscore").At("nodePrefix")
	case isOwnPrefix(prefix):
		return fault.Conflictf("ids that begin with %s_ are Sonata's own: take another prefix", prefix).WithCode("TAKEN").At("nodePrefix")
	}
	return nil
}

func isOwnPrefix(prefix string) bool { return slices.Contains(schema.Prefixes(), prefix) }

// claim makes sure that a prefix is nobody else's. A service that was withdrawn loses its own to whoever needs it: nothing is
// looked up there any more.
func claim(ctx context.Context, tx *store.Tx, in PublishInput) error {
	if text(in.NodePrefix) == "" {
		return nil
	}
	other, err := tx.Service.Query().Where(entservice.NodePrefix(*in.NodePrefix), entservice.NameNEQ(in.Service)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("read service: %w", err)
	case other.LiveID != nil:
		return fault.Conflictf("ids that begin with %s_ are those of another service: take another prefix", *in.NodePrefix).WithCode("TAKEN").At("nodePrefix")
	}
	if err := tx.Service.UpdateOne(other).ClearNodePrefix().Exec(ctx); err != nil {
		return fmt.Errorf("update service: %w", err)
	}
	return nil
}

// prefix is what ids of the service begin with, as far as they are looked up there: one that Sonata has needed itself since
// is not the service's any more.
func (m Member) prefix() string {
	prefix := text(m.NodePrefix)
	if isOwnPrefix(prefix) {
		return ""
	}
	return prefix
}
