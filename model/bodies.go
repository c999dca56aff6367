package model

// Bodies reads a message's bytes back from where they were. Implementations
// redact secrets, bound what they return, and may be called from any
// goroutine; they do I/O, so never from a screen's draw.
type Bodies interface {
	// Body is the bytes at o, or an error that says why they are gone.
	Body(o Origin) ([]byte, error)
}
