//go:build !linux

package live

// SeesPrograms is of no matter on this system: there is no live capture.
func SeesPrograms() bool { return true }

// SeesDescriptors is of no matter on this system: there is no live capture.
func SeesDescriptors() bool { return true }
