//sonata:pure

package asset

import (
	"slices"
	"strconv"
	"strings"
)

// Ladder is the widths that a picture can be asked for, in pixels, ascending. They are made when it is uploaded, so that
// serving only sends files.
func Ladder() []int { return []int{160, 320, 480, 640, 960, 1280, 1920, 2560} }

// OnLadder reports whether a picture can be asked for at this width.
func OnLadder(width int) bool { return slices.Contains(Ladder(), width) }

// LadderInWords is the ladder for a message.
func LadderInWords() string {
	var words []string
	for _, w := range Ladder() {
		words = append(words, strconv.Itoa(w))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Whole is the name of the file that is the picture at its full size; the others are named by their width.
const Whole = "full"

// FileName is the name of the file for a width; 0 is the whole picture.
func FileName(width int) string {
	if width == 0 {
		return Whole
	}
	return strconv.Itoa(width)
}
