//sonata:pure

package document

// Mode is what becomes of documents that are not registered.
type Mode string

// The modes, from the most lenient.
const (
	Off     Mode = "OFF"     // they run
	Log     Mode = "LOG"     // they run, are counted and listed
	Enforce Mode = "ENFORCE" // they are refused
)

// strictest returns the stricter of two modes.
func strictest(a, b Mode) Mode {
	switch {
	case a == Enforce || b == Enforce:
		return Enforce
	case a == Log || b == Log:
		return Log
	}
	return Off
}

// Reserved reports whether a client's name is one of Sonata's own programs: they are no frontends.
func Reserved(client string) bool {
	return client == "sonata-studio" || client == "sonata-graphiql" || client == "sonata-cli"
}
