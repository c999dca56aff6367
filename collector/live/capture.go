package live

import (
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// Options of a Capture.
type Options struct {
	// Select says which processes are watched.
	Select Selector
	// Source is the id of the capture among the model's sources.
	Source uint32
	// Strings is where names are interned: the store's.
	Strings *model.Interner
	// Dialect reads the bodies. nil is model.NoDialect.
	Dialect model.Dialect
	// Redact removes secrets from a body before it is kept or shown. nil
	// leaves it.
	Redact func([]byte) []byte
	// Record, if not nil, gets every record of what was seen, as a session log
	// has it: stamped, redacted, not in exact order of time. It is called on
	// Run's goroutine and must not keep the record's slices.
	Record func(record.Record)
	// Keep is how many bytes of the newest messages are kept on disk, to be
	// read again. 0 is 256 MiB.
	Keep int64
	// Dir is the folder where they are kept; "" is that for temporary files.
	Dir string
}

const defaultKeep = 256 << 20

func (o Options) withDefaults() Options {
	if o.Strings == nil {
		o.Strings = model.NewInterner(64 << 20)
	}
	if o.Dialect == nil {
		o.Dialect = model.NoDialect{}
	}
	if o.Redact == nil {
		o.Redact = func(b []byte) []byte { return b }
	}
	if o.Keep <= 0 {
		o.Keep = defaultKeep
	}
	return o
}
