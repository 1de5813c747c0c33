// Package screen holds screens: drafts as trees of typed blocks, the edits that change them, and the rules that keep a
// tree whole while several people work on it.
package screen
