//go:build !linux

package record

func fillFromProc(*Process) {}
