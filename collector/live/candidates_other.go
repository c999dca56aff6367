//go:build !linux

package live

// Candidates fails with ErrUnsupported.
func Candidates() ([]Candidate, error) { return nil, ErrUnsupported }
