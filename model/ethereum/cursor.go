package ethereum

import "bytes"

// cursor walks over JSON text. It trusts that the text is valid, yet on any
// other it neither panics nor stands still: every step moves on or ends at
// len(b).
type cursor struct {
	b []byte
	i int
}

// peek skips white space and returns the next byte, 0 at the end.
func (c *cursor) peek() byte {
	for c.i < len(c.b) {
		if c.b[c.i] > ' ' {
			return c.b[c.i]
		}
		c.i++
	}
	return 0
}

// text reads the string at i and returns what stands between its quotes, with
// its escapes as they are.
func (c *cursor) text() []byte {
	start := c.i + 1
	for end := start; end < len(c.b); end++ {
		n := bytes.IndexByte(c.b[end:], '"')
		if n < 0 {
			break
		}
		end += n
		if !escaped(c.b[start:end]) {
			c.i = end + 1
			return c.b[start:end]
		}
	}
	c.i = len(c.b)
	return nil
}

// escaped says whether s ends in an odd number of backslashes.
func escaped(s []byte) bool {
	odd := false
	for i := len(s) - 1; i >= 0 && s[i] == '\\'; i-- {
		odd = !odd
	}
	return odd
}

// skip moves past the value at i.
func (c *cursor) skip() {
	switch c.peek() {
	case '"':
		c.text()
	case '{', '[':
		c.skipContainer()
	default:
		c.literal()
	}
}

// literal reads a number, true, false or null.
func (c *cursor) literal() []byte {
	start := c.i
	for c.i < len(c.b) {
		switch b := c.b[c.i]; b {
		case ',', ']', '}', ':', ' ', '\t', '\n', '\r':
			if c.i == start {
				c.i++
			}
			return c.b[start:c.i]
		}
		c.i++
	}
	return c.b[start:c.i]
}

// skipContainer moves past the object or array at i.
func (c *cursor) skipContainer() {
	b := c.b
	depth := 0
	for i := c.i; i < len(b); i++ {
		switch b[i] {
		case '"':
			c.i = i
			c.text()
			i = c.i - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				c.i = i + 1
				return
			}
		}
	}
	c.i = len(b)
}

// enter steps into the container at i.
func (c *cursor) enter() { c.i++ }

// element moves to the next element of the array that was entered; false, and
// past it, at its end.
func (c *cursor) element() bool {
	for {
		switch c.peek() {
		case 0:
			return false
		case ']', '}':
			c.i++
			return false
		case ',', ':':
			c.i++
		default:
			return true
		}
	}
}

// member moves to the value of the next member of the object that was entered
// and returns its name; false, and past it, at its end.
func (c *cursor) member() (name []byte, ok bool) {
	for c.element() {
		if c.b[c.i] != '"' {
			c.skip() // not JSON
			continue
		}
		name = c.text()
		for c.peek() == ':' {
			c.i++
		}
		return name, c.i < len(c.b)
	}
	return nil, false
}

// argument is the n-th element of the array params; false where there is none
// or params is no array. The cursor stands on it.
func argument(params []byte, n int) (cursor, bool) {
	c := cursor{b: params}
	if c.peek() != '[' {
		return c, false
	}
	c.enter()
	for ; c.element(); n-- {
		if n == 0 {
			return c, true
		}
		c.skip()
	}
	return c, false
}
