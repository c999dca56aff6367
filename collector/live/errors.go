package live

import "errors"

// ErrUnsupported says that processes cannot be watched on this system at all.
var ErrUnsupported = errors.New("live capture needs Linux on amd64 or arm64; on other systems, record with a client's recorder and open its logs")

// RequirementError says what live capture lacks here, and what to do.
type RequirementError struct {
	Missing string // what is missing
	Try     string // what to do
	Err     error  // what the system said, if anything
}

// Error is one line.
func (e *RequirementError) Error() string {
	text := "live capture needs " + e.Missing
	if e.Err != nil {
		text += " (" + e.Err.Error() + ")"
	}
	return text + "; " + e.Try
}

// Unwrap is what the system said.
func (e *RequirementError) Unwrap() error { return e.Err }
