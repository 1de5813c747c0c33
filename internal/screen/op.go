//sonata:pure

package screen

// OpKind names the member of ScreenOp that an op is.
type OpKind string

// The kinds of op.
const (
	OpInsert   OpKind = "INSERT"
	OpMove     OpKind = "MOVE"
	OpRemove   OpKind = "REMOVE"
	OpSetProps OpKind = "SET_PROPS"
	OpUpgrade  OpKind = "UPGRADE"
)

// Op is one edit laid flat: which fields count depends on Kind. As asked for by a client some may be nil (index: the
// end; major: the newest registered; key: made up); as applied and stored all that count are set, index clamped.
type Op struct {
	Kind      OpKind         `json:"kind"`
	Key       string         `json:"key"`
	Component string         `json:"component,omitempty"` // insert
	Major     *int           `json:"major,omitempty"`     // insert, upgrade
	Parent    string         `json:"parent,omitempty"`    // insert, move
	Slot      string         `json:"slot,omitempty"`      // insert, move
	Index     *int           `json:"index,omitempty"`     // insert, move: position in the slot after a moved block is taken out
	Props     map[string]any `json:"props,omitempty"`     // insert, upgrade: the whole props
	Patch     map[string]any `json:"patch,omitempty"`     // setProps: RFC 7396 merge patch
}
