package cli

import (
	"runtime/debug"
	"strings"
)

// version says which program this is: the version of its module, else the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "sonata, of an unknown version"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	words := []string{"sonata", strings.Trim(info.Main.Version, "()")}
	if commit := settings["vcs.revision"]; len(commit) >= 12 {
		words = append(words, "commit", commit[:12])
		if settings["vcs.modified"] == "true" {
			words = append(words, "with changes")
		}
	}
	return strings.Join(append(words, info.GoVersion, settings["GOOS"]+"/"+settings["GOARCH"]), " ")
}
