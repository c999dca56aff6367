//go:build !linux && !windows

package record

// threadID is 0, "not known".
func threadID() int { return 0 }
