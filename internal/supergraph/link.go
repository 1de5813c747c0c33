//sonata:pure

package supergraph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	federationURL = "https://specs.apollo.dev/federation/"
	linkURL       = "https://specs.apollo.dev/link/"
)

// links says by which names a schema calls the directives and scalars of Federation.
type links struct {
	// federation is nil for a schema without Federation.
	federation *ast.Directive
	minor      int
	// namespace is what stands before __ in names that are not imported.
	namespace string
	// link is what the schema calls @link.
	link string
	// directives and scalars map imported names to those of Federation.
	directives, scalars map[string]string
	// ofLink are the types of the specification of @link that are imported.
	ofLink map[string]bool
}

// readLinks reads the applications of @link on the schema.
func (r *reader) readLinks(schema []*ast.SchemaDefinition) {
	r.links = links{link: "link", namespace: "federation", directives: map[string]string{}, scalars: map[string]string{}, ofLink: map[string]bool{}}
	for _, def := range schema {
		for _, d := range def.Directives {
			if url, ok := argument(d, "url"); ok && strings.HasPrefix(url, linkURL) {
				if as, ok := argument(d, "as"); ok && as == d.Name {
					r.links.link = as
				}
			}
		}
	}
	for _, def := range schema {
		for _, d := range def.Directives {
			if d.Name == r.links.link {
				r.readLink(d)
			}
		}
	}
}

func (r *reader) readLink(d *ast.Directive) {
	url, ok := argument(d, "url")
	if !ok {
		r.errorf(d.Position, "INVALID_LINK_DIRECTIVE_USAGE", "write the url of a specification", "@link has no url that is a string")
		return
	}
	switch {
	case strings.HasPrefix(url, linkURL):
		if version := strings.TrimPrefix(url, linkURL); version != "v1.0" {
			r.errorf(d.Position, "UNKNOWN_LINK_VERSION", "use "+linkURL+"v1.0", "@link has no version %q", version)
		}
		for _, name := range listOf(d, "import") {
			if name == "Purpose" || name == "Import" {
				r.links.ofLink[name] = true
			}
		}
	case strings.HasPrefix(url, federationURL):
		r.readFederation(d, url)
	default:
		r.errorf(d.Position, "UNSUPPORTED_LINKED_FEATURE", "remove this @link and what is imported by it: nothing of it would be obeyed",
			"the specification %s is not supported", url)
	}
}

func (r *reader) readFederation(d *ast.Directive, url string) {
	if r.links.federation != nil {
		r.errorf(d.Position, "INVALID_LINK_DIRECTIVE_USAGE", "join the imports of both", "the specification of Federation is linked twice")
		return
	}
	version := strings.TrimPrefix(url, federationURL)
	major, minorText, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	minor, err := strconv.Atoi(minorText)
	if err != nil || major != "2" || minor < 0 || minor > newestMinor || version != fmt.Sprintf("v2.%d", minor) {
		r.errorf(d.Position, "UNKNOWN_FEDERATION_LINK_VERSION", fmt.Sprintf("use %sv2.0 to v2.%d", federationURL, newestMinor),
			"Federation has no version %q that is known here", version)
		return
	}
	r.links.federation, r.links.minor = d, minor
	if a := d.Arguments.ForName("as"); a != nil {
		as, ok := argument(d, "as")
		if !ok || as == "" || strings.Contains(as, "__") || strings.HasPrefix(as, "@") {
			r.errorf(a.Position, "INVALID_LINK_DIRECTIVE_USAGE", "give a name without __", "the argument as of @link is not a usable name")
			return
		}
		r.links.namespace = as
	}
	if a := d.Arguments.ForName("import"); a != nil {
		if a.Value.Kind != ast.ListValue {
			r.badImport(a.Position, a.Value.String())
			return
		}
		for _, child := range a.Value.Children {
			r.readImport(child)
		}
	}
}

func (r *reader) badImport(at *ast.Position, what string) {
	r.errorf(at, "INVALID_LINK_DIRECTIVE_USAGE", `write "@key" or {name: "@key", as: "@otherName"}`, "%s cannot be imported", what)
}

// readImport reads one entry of import: a name, or a name and what it is called here.
func (r *reader) readImport(child *ast.ChildValue) {
	v := child.Value
	name, as := "", ""
	switch v.Kind {
	case ast.StringValue, ast.BlockValue:
		name, as = v.Raw, v.Raw
	case ast.ObjectValue:
		for _, c := range v.Children {
			text := c.Value.Kind == ast.StringValue || c.Value.Kind == ast.BlockValue
			switch {
			case c.Name == "name" && text:
				name = c.Value.Raw
			case c.Name == "as" && text:
				as = c.Value.Raw
			default:
				r.badImport(v.Position, v.String())
				return
			}
		}
		if as == "" {
			as = name
		}
	}
	if name == "" || strings.HasPrefix(name, "@") != strings.HasPrefix(as, "@") {
		r.badImport(v.Position, v.String())
		return
	}
	bare, local := strings.TrimPrefix(name, "@"), strings.TrimPrefix(as, "@")
	since := federationType(name)
	if bare != name {
		since, _ = federationSince(bare)
	}
	if since < 0 || since > r.links.minor {
		hint := "remove it from import"
		if since > r.links.minor {
			hint = fmt.Sprintf("use %sv2.%d or later", federationURL, since)
		}
		r.errorf(v.Position, "INVALID_LINK_DIRECTIVE_USAGE", hint, "Federation v2.%d has no %s", r.links.minor, name)
		return
	}
	if bare != name {
		r.links.directives[local] = bare
	} else {
		r.links.scalars[local] = bare
	}
}

// directiveName returns what Federation calls a directive that the service calls so.
func (l *links) directiveName(local string) (string, bool) {
	if l.federation == nil {
		return "", false
	}
	if name, ok := l.directives[local]; ok {
		return name, true
	}
	if bare, ok := strings.CutPrefix(local, l.namespace+"__"); ok {
		if since, _ := federationSince(bare); since >= 0 && since <= l.minor {
			return bare, true
		}
	}
	return "", false
}

// checkVersion1 refuses a schema that uses directives of Federation and does not link it: its rules would be those of
// Federation 1, which are others.
func (r *reader) checkVersion1(used map[string]*ast.Position) {
	var names []string
	var first *ast.Position
	for name, at := range used {
		names = append(names, strconv.Quote("@"+name))
		if first == nil || at.Line < first.Line || at.Line == first.Line && at.Column < first.Column {
			first = at
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	r.errorf(first, "FEDERATION_NOT_LINKED",
		fmt.Sprintf("add this line: extend schema @link(url: %q, import: [%s])", federationURL+"v2.9", strings.Join(names, ", ")),
		"the schema uses directives of Federation and does not say of which version")
}
