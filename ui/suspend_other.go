//go:build !unix

package ui

// jobControl says whether a shell can stop and continue the program.
func jobControl() bool { return false }
