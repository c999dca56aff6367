//go:build !linux

package demo_test

// refuseTheKnell has nothing to refuse: no other kernel here tells a process
// of its parent's end.
func refuseTheKnell() error { return nil }
