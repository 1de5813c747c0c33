//sonata:pure

package component

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Reason says why a block is not served as it was published.
type Reason string

// The reasons. DataUnavailable comes from bindings; negotiation never gives it.
const (
	UnknownComponent Reason = "UNKNOWN_COMPONENT" // the build has no such component, and nothing stands in for it
	VersionTooOld    Reason = "VERSION_TOO_OLD"   // the build has the component, but cannot render this version
	Projected        Reason = "PROJECTED"         // served without the properties that the build does not know
	FallbackUsed     Reason = "FALLBACK_USED"     // another component stands in
	Dropped          Reason = "DROPPED"           // the props do not fit, or the parent is gone or has no such slot
	DataUnavailable  Reason = "DATA_UNAVAILABLE"
)

// Degradation tells how one block differs from what was published. Wanted and Served read like "hero 2.3"; Served is
// empty when nothing is shown.
type Degradation struct {
	BlockKey string
	Wanted   string
	Served   string
	Reason   Reason
}

// Served is a screen fitted to a build: blocks in document order, each one valid for the build, and at most one
// degradation for each block of the release, in document order too. Root is empty when the root was dropped; then
// there are no blocks.
type Served struct {
	Root         string
	Blocks       []ServedBlock
	Degradations []Degradation
}

// ServedBlock is one block as the build gets it. Slots hold only what is not empty.
type ServedBlock struct {
	Key       string
	Component string
	Version   Version
	Props     map[string]any
	Slots     []ServedSlot
	Schema    json.RawMessage // what the props fit once their bindings are filled
	Wanted    string          // as degradations say it
}

// ServedSlot lists the keys of the blocks in one slot.
type ServedSlot struct {
	Name   string
	Blocks []string
}

// Build is a manifest with the definitions that were registered with it: one of exactly the version of each entry.
type Build struct {
	Manifest   Manifest
	Registered Catalogue
}

// Negotiate fits a screen of a release to a build. It reads nothing but the tree, the catalogue frozen into the same
// release and the build, so that the answer for a release that exists never changes; schemas only saves time.
//
// Without a build everything is served as stamped when known is true (the client named no manifest). When known is
// false (it named one that is not known here), each block with a fallback is served as the end of its chain, the most
// conservative choice there is.
//
// A malformed tree is never an error: missing children are skipped, and each block is visited once.
func Negotiate(tree Tree, frozen Catalogue, build *Build, known bool, schemas *Schemas) Served {
	n := &negotiation{tree: tree, frozen: frozen, schemas: schemas, visited: map[string]bool{}}
	switch {
	case build != nil:
		n.entries = map[string][]Support{}
		for _, e := range build.Manifest.Entries {
			n.entries[e.Key] = append(n.entries[e.Key], e)
		}
		n.registered = build.Registered
		n.fit = n.fitBuild
	case known:
		n.fit = n.fitStamped
	default:
		n.fit = n.fitUnknown
	}
	if !n.serve(tree.Root) {
		return Served{Degradations: n.degradations}
	}
	return Served{Root: tree.Root, Blocks: n.blocks, Degradations: n.degradations}
}

type negotiation struct {
	tree       Tree
	frozen     Catalogue
	entries    map[string][]Support // by key
	registered Catalogue
	schemas    *Schemas
	fit        func(TreeBlock) fitting

	visited      map[string]bool
	blocks       []ServedBlock
	degradations []Degradation
}

// fitting is how one block is served, before its children are looked at.
type fitting struct {
	component string // empty: the block is dropped
	version   Version
	props     map[string]any
	schema    json.RawMessage
	slots     []string // that the served component has; nil when anySlot
	anySlot   bool
	reason    Reason // empty: as published
}

func label(component string, version Version) string { return component + " " + version.String() }

// serve visits a block and its subtree. It reports whether the block is part of the screen.
func (n *negotiation) serve(key string) bool {
	block, exists := n.tree.Blocks[key]
	if !exists || n.visited[key] {
		return false
	}
	f := n.fit(block)
	if f.component == "" {
		n.drop(key, f.reason)
		return false
	}
	n.visited[key] = true
	if f.reason != "" {
		n.degradations = append(n.degradations, Degradation{key, label(block.Component, block.Version), label(f.component, f.version), f.reason})
	}
	at := len(n.blocks)
	n.blocks = append(n.blocks, ServedBlock{Key: key, Component: f.component, Version: f.version, Props: f.props, Schema: f.schema, Wanted: label(block.Component, block.Version)})
	var slots []ServedSlot
	for _, name := range n.slotOrder(block) {
		served := ServedSlot{Name: name}
		for _, child := range block.Slots[name] {
			if !f.anySlot && !slices.Contains(f.slots, name) {
				n.drop(child, Dropped)
			} else if n.serve(child) {
				served.Blocks = append(served.Blocks, child)
			}
		}
		if len(served.Blocks) > 0 {
			slots = append(slots, served)
		}
	}
	n.blocks[at].Slots = slots
	return true
}

// drop lists a block with everything below it. Only the block itself has a reason of its own.
func (n *negotiation) drop(key string, reason Reason) {
	block, exists := n.tree.Blocks[key]
	if !exists || n.visited[key] {
		return
	}
	n.visited[key] = true
	n.degradations = append(n.degradations, Degradation{BlockKey: key, Wanted: label(block.Component, block.Version), Reason: reason})
	for _, name := range n.slotOrder(block) {
		for _, child := range block.Slots[name] {
			n.drop(child, Dropped)
		}
	}
}

// slotOrder is the order of the document: as the frozen definition declares, then what it does not declare, by name.
func (n *negotiation) slotOrder(block TreeBlock) []string {
	var order []string
	if def, ok := n.frozen.Exact(block.Component, block.Version); ok {
		for _, name := range def.Slots {
			if _, used := block.Slots[name]; used {
				order = append(order, name)
			}
		}
	}
	for _, name := range sortedKeys(block.Slots) {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	return order
}

func (n *negotiation) fitStamped(block TreeBlock) fitting {
	def, _ := n.frozen.Exact(block.Component, block.Version)
	return fitting{component: block.Component, version: block.Version, props: cloneProps(block.Props), schema: def.PropsSchema, anySlot: true}
}

// fitUnknown takes the last link of the fallback chain whose props are valid: a link that is not would break any build.
func (n *negotiation) fitUnknown(block TreeBlock) fitting {
	best := n.fitStamped(block)
	for _, link := range n.chain(block) {
		if len(n.schemas.Validate(link.def.PropsSchema, link.props)) == 0 {
			best = fitting{component: link.def.Key, version: link.def.Version, props: link.props, schema: link.def.PropsSchema, slots: link.def.Slots, reason: FallbackUsed}
		}
	}
	return best
}

// fitBuild serves the block itself when the build can, else the first of its fallbacks that the build can.
func (n *negotiation) fitBuild(block TreeBlock) fitting {
	f, cause := n.render(block.Component, block.Version, block.Props)
	if cause == "" {
		return f
	}
	for _, link := range n.chain(block) {
		if f, failed := n.render(link.def.Key, link.def.Version, link.props); failed == "" {
			f.reason = FallbackUsed
			return f
		}
	}
	return fitting{reason: cause}
}

// render fits props of one component version to what the build registered. The cause is empty when they fit.
func (n *negotiation) render(key string, version Version, props map[string]any) (fitting, Reason) {
	entry, cause := n.entry(key, version)
	if cause != "" {
		return fitting{}, cause
	}
	def, ok := n.registered.Exact(key, entry.Version)
	if !ok {
		return fitting{}, UnknownComponent
	}
	projected, removed := n.schemas.project(def.PropsSchema, props)
	if len(n.schemas.Validate(def.PropsSchema, projected)) > 0 {
		return fitting{}, Dropped
	}
	served := entry.Version
	if version.Major == served.Major && version.Less(served) {
		served = version
	}
	f := fitting{component: key, version: served, props: projected, schema: def.PropsSchema, slots: def.Slots}
	if len(removed) > 0 {
		f.reason = Projected
	}
	return f, ""
}

// entry picks what renders the version: the same major before others, then the newest.
func (n *negotiation) entry(key string, version Version) (Support, Reason) {
	entries := n.entries[key]
	if len(entries) == 0 {
		return Support{}, UnknownComponent
	}
	fitting := slices.DeleteFunc(slices.Clone(entries), func(e Support) bool { return !e.Renders(version) })
	if len(fitting) == 0 {
		return Support{}, VersionTooOld
	}
	return slices.MaxFunc(fitting, func(a, b Support) int {
		return cmp.Or(cmp.Compare(sameMajor(a, version), sameMajor(b, version)), a.Version.Compare(b.Version))
	}), ""
}

func sameMajor(e Support, v Version) int {
	if e.Version.Major == v.Major {
		return 1
	}
	return 0
}

// link is one fallback of a chain with its props filled from the link before.
type link struct {
	def   Definition
	props map[string]any
}

// chain follows the fallbacks of a block in the frozen catalogue, at most four, and ends where one does not exist or
// comes back.
func (n *negotiation) chain(block TreeBlock) []link {
	var links []link
	def, ok := n.frozen.Newest(block.Component, block.Version.Major)
	props := block.Props
	for ok && def.Fallback != nil && len(links) < maxChain {
		fallback := *def.Fallback
		filled, fits := fallback.fill(props)
		if def, ok = n.frozen.Newest(fallback.Component, fallback.Major); !ok || !fits {
			break
		}
		props = filled
		links = append(links, link{def, filled})
	}
	return links
}
