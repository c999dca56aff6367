package har

import "github.com/sessiontop/sessiontop/collector/foreign"

// maxEntry bounds one entry, in bytes; a longer one is passed over and counted.
const maxEntry = 64 << 20

// cutter finds the objects log.creator and each of log.entries in a stream of
// JSON, without reading it all at once. Where the JSON is broken it may find
// none; an object that it gives is whole, for all that its brackets say.
type cutter struct {
	out     *foreign.Lines
	creator func(object []byte)
	entry   func(offset int64, object []byte)

	off     int64 // of the next byte
	depth   int
	quoted  bool // within a string
	escaped bool // after a backslash in it
	name    []byte
	key     string // the last string outside of the objects
	entries bool   // within log.entries
	at      int64  // where the object begins
	size    int64  // of it so far, 0 outside of one
	object  []byte
	found   bool // log.entries was there
}

// maxKey bounds what is kept of a string to know a key by.
const maxKey = 16

// write takes the next bytes.
func (c *cutter) write(p []byte) {
	for _, b := range p {
		if c.size > 0 {
			c.gather(b)
		}
		if c.quoted {
			c.inString(b)
		} else {
			c.outside(b)
		}
		c.off++
	}
}

// gather keeps a byte of the object at hand.
func (c *cutter) gather(b byte) {
	if c.size++; c.size <= maxEntry {
		c.object = append(c.object, b)
	} else {
		c.object = nil
	}
}

func (c *cutter) inString(b byte) {
	switch {
	case c.escaped:
		c.escaped = false
	case b == '\\':
		c.escaped = true
	case b == '"':
		c.quoted = false
		if c.size == 0 {
			c.key = string(c.name)
		}
	case c.size == 0 && len(c.name) < maxKey:
		c.name = append(c.name, b)
	}
}

func (c *cutter) outside(b byte) {
	switch b {
	case '"':
		c.quoted, c.name = true, c.name[:0]
	case '{':
		c.depth++
		if c.size == 0 && (c.depth == 3 && c.key == "creator" && !c.entries || c.depth == 4 && c.entries) {
			c.at, c.size, c.object = c.off, 1, append(c.object[:0], b)
		}
	case '[':
		c.depth++
		if c.depth == 3 && c.key == "entries" {
			c.entries, c.found = true, true
		}
	case '}', ']':
		c.depth--
		if c.entries && c.depth < 3 {
			c.entries = false
		}
		if c.size > 0 && (c.depth == 2 || c.depth == 3 && c.entries) {
			c.end()
		}
	}
}

// end hands over the object at hand.
func (c *cutter) end() {
	switch {
	case !c.entries:
		if c.size <= maxEntry {
			c.creator(c.object)
		}
	default:
		c.out.Read(1)
		if c.size > maxEntry {
			c.out.Bad(c.at, "an entry longer than %d MiB", maxEntry>>20)
		} else {
			c.entry(c.at, c.object)
		}
	}
	if c.size = 0; cap(c.object) > 1<<20 {
		c.object = nil
	}
}
