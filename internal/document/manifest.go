//sonata:pure

package document

import (
	"bytes"
	"encoding/json"
	"slices"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// Entry is one document to register.
type Entry struct {
	ID     string // what it is to be known as; "" for its hash
	Name   string // "" for that of its operation
	Source string
}

// apolloFormat is what Apollo's tool writes into its manifests.
const apolloFormat = "apollo-persisted-query-manifest"

// ParseManifest reads a manifest: Apollo's, or a map of ids to documents, as Relay's compiler, graphql-codegen and
// gql.tada write it. The order is that of the ids, so that the same manifest reads the same. Fault: Invalid.
func ParseManifest(raw []byte) ([]Entry, error) {
	if err := canonical.Strict(raw); err != nil {
		return nil, fault.Invalidf("the manifest is not JSON: %s", fault.As(err).Message)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return nil, fault.Invalidf("the manifest is not a JSON object: pass the file that Apollo's generate-persisted-query-manifest, relay-compiler or graphql-codegen writes")
	}
	if format, ok := members["format"]; ok && !isSource(format) {
		return parseApollo(format, members)
	}
	entries := make([]Entry, 0, len(members))
	for id, source := range members {
		e := Entry{ID: id}
		if json.Unmarshal(source, &e.Source) != nil || isNull(source) {
			return nil, fault.Invalidf("the manifest's entry %.80q is not a document: a map of ids to documents holds texts only", id)
		}
		entries = append(entries, e)
	}
	sortEntries(entries)
	return entries, nil
}

// isSource reports whether what stands under "format" is a document, in a map where that is an id.
func isSource(raw json.RawMessage) bool {
	var s string
	return json.Unmarshal(raw, &s) == nil && bytes.ContainsAny([]byte(s), "{")
}

func isNull(raw json.RawMessage) bool { return string(bytes.TrimSpace(raw)) == "null" }

func parseApollo(format json.RawMessage, members map[string]json.RawMessage) ([]Entry, error) {
	var name string
	if json.Unmarshal(format, &name) != nil || name != apolloFormat {
		return nil, fault.Invalidf("the manifest's format %.80s is not known: %s is, and a map of ids to documents", format, apolloFormat)
	}
	if version := members["version"]; string(bytes.TrimSpace(version)) != "1" {
		return nil, fault.Invalidf("the manifest's version is not known: 1 is")
	}
	var operations []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Body string `json:"body"`
	}
	if raw, ok := members["operations"]; !ok || json.Unmarshal(raw, &operations) != nil {
		return nil, fault.Invalidf(`the manifest has no list "operations" of {"id", "name", "type", "body"}`)
	}
	entries := make([]Entry, len(operations))
	for i, o := range operations {
		entries[i] = Entry{ID: o.ID, Name: o.Name, Source: o.Body}
	}
	return entries, nil
}

func sortEntries(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
}
