//go:build !unix

package ui

// quitAgain is for systems that have SIGQUIT.
func quitAgain() {}
