package foreign

import (
	"io"
	"sync"
	"time"
)

// SniffSize is how many bytes of a log's beginning tell its format.
const SniffSize = 64 << 10

// Format is one kind of log of another program.
type Format struct {
	// Name is what --format calls it, in lower case.
	Name string
	// What says in a few words whose log it is, for a help text.
	What string
	// Sniff says whether a log that begins with head is one. head has at most
	// SniffSize bytes, fewer where the log is shorter so far, and ends anywhere.
	// No session log may be taken for one.
	Sniff func(head []byte) bool
	// Unlined says that the log is not made of lines: what stands after the last
	// newline is read without waiting for another.
	Unlined bool
	// Joins says that it is held against what the others tell (Source.Calls), and
	// so is read after them.
	Joins bool
	// Connections says that it is told as well which connections the session logs
	// name (Calls.Named).
	Connections bool
	// Gathers says that the log is one of several that make sense only together,
	// by its name; nil is never. Its Translators are Gatherers, and what such logs
	// have by now is read of all of them before anything is told. Those of one run
	// are translated by one goroutine at a time.
	Gathers func(src Source) bool
	// New begins the translation of one log.
	New func(out *Lines, src Source) Translator
}

// Translator turns the bytes of one log into session-log lines, in their order,
// in bounded memory.
type Translator interface {
	// Write takes the next bytes of the log, split anywhere. What cannot be read
	// is reported to the Lines and is no error; the only errors are those of
	// writing the lines.
	io.Writer
	// Close says that the log is over: what is pending is written out.
	Close() error
}

// Holder is a Translator that holds back what later lines may explain.
type Holder interface {
	// Release writes out what is held though it could be written: the log has
	// said nothing for a while. Its error is that of Write.
	Release() error
}

// Gatherer is a Translator of one of several logs that make sense together. Write
// and Close write lines of any of them.
type Gatherer interface {
	Translator
	Holder
	// Advance is told that all of the log has been read by now, and writes out what
	// no other of them is likely to have anything before.
	Advance() error
}

// Source is what is known of a log besides its bytes.
type Source struct {
	Name     string    // the file's name without its folder; "" for standard input
	Modified time.Time // last written, for stamps that leave out the year
	Calls    *Calls    // what the clients' logs of this run tell
	Folder   string    // where the file is
	Kin      *Kin      // of this run
}

// Kin is what several logs of one run have together. A nil Kin keeps nothing. Any
// goroutine may use it.
type Kin struct {
	mu sync.Mutex
	by map[string]any
}

// Of is what the logs that name the key share; the first of them makes it.
func (k *Kin) Of(key string, begin func() any) any {
	if k == nil {
		return begin()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.by == nil {
		k.by = make(map[string]any)
	}
	if k.by[key] == nil {
		k.by[key] = begin()
	}
	return k.by[key]
}
