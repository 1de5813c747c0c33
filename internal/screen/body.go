//sonata:pure

package screen

// Body is a draft as it is stored: flat, so that a move touches two lists and a merge is per block. Its canonical JSON
// is {"format":1,"root":…,"blocks":{…}}. Slots that hold nothing are left out, so equal trees are equal bytes.
type Body struct {
	Format int              `json:"format"`
	Root   string           `json:"root"`
	Blocks map[string]Block `json:"blocks"`
}

// Block is one use of a component. Props hold no null at any depth.
type Block struct {
	Component string              `json:"component"`
	Major     int                 `json:"major"`
	Props     map[string]any      `json:"props"`
	Slots     map[string][]string `json:"slots"`
}
