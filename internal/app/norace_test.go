//go:build !race

package app_test

// raceFactor is how much slower the race detector makes everything.
const raceFactor = 1
