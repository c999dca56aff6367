//go:build !unix

package main

import (
	"os"
	"syscall"
)

// forwarded are the signals that run --headless takes for the program's: here
// the console gives them to all of its programs.
var forwarded = []os.Signal{os.Interrupt}

// fromKeyboard is whether the program got the signal as well.
func fromKeyboard(os.Signal) bool { return true }

// ownGroup starts a program as any other: here there are no process groups.
func ownGroup() *syscall.SysProcAttr { return nil }

// groupLives is false: there is no asking here, so nothing to wait for.
func groupLives(*os.Process) bool { return false }

// askGroup does nothing, killGroup ends leader.
func askGroup(*os.Process)         {}
func killGroup(leader *os.Process) { _ = leader.Kill() }
