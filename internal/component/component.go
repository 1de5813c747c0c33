//sonata:pure

// Package component holds what can be placed on a screen: definitions with their props schemas, the versions of them,
// the manifests of what a build can render, and the rules that fit a release to a build.
package component

import (
	"encoding/json"
)

// Version of a component: major.minor. Content made for one minor fits every later minor of the same major.
type Version struct {
	Major int `json:"major"`
	Minor int `json:"minor"`
}

// Definition is one version of a component as a build registered it. It never changes once registered.
type Definition struct {
	Key         string          `json:"key"`
	Version     Version         `json:"version"`
	Title       string          `json:"title"`
	Category    string          `json:"category,omitempty"`
	PropsSchema json.RawMessage `json:"propsSchema"`        // JSON Schema 2020-12 of an object, canonical JSON
	UISchema    json.RawMessage `json:"uiSchema,omitempty"` // hints for forms; never interpreted here
	Slots       []string        `json:"slots,omitempty"`    // in document order
	Fallback    *Fallback       `json:"fallback,omitempty"`
	Examples    json.RawMessage `json:"examples,omitempty"`
}

// Fallback says what stands in for a component that a build cannot render. In Props an object
// {"$prop":"/pointer"} is replaced by the value at that JSON Pointer in the original props (the property that holds it
// is left out when there is none); everything else is literal. Children stay where the other component has a slot of
// the same name.
type Fallback struct {
	Component string         `json:"component"`
	Major     int            `json:"major"`
	Props     map[string]any `json:"props,omitempty"`
}

// Support is one entry of a build's manifest: the component version that the bundle ships and the range of versions
// that it can render (a semver range; ^major when empty). A key may stand in several entries with different majors.
type Support struct {
	Key          string  `json:"key"`
	Version      Version `json:"version"`
	Range        string  `json:"range"`
	ContractHash string  `json:"contractHash"`
}

// Tree is a screen as a release holds it: each block is stamped with the exact version it was validated against.
type Tree struct {
	Root   string               `json:"root"`
	Blocks map[string]TreeBlock `json:"blocks"`
}

// TreeBlock is one stamped block.
type TreeBlock struct {
	Component string              `json:"component"`
	Version   Version             `json:"version"`
	Props     map[string]any      `json:"props"`
	Slots     map[string][]string `json:"slots"`
}

// Catalogue answers which definitions exist.
type Catalogue struct {
	byKey map[string][]Definition // per key, ascending by version
}
