//go:build !linux && !darwin

package record

const noFollow = 0

// monotonic is 0, "not known": there is no clock here that is sure to be the
// same in all processes and in nanoseconds.
func monotonic() int64 { return 0 }
