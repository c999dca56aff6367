package web3py

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxDepth bounds how deep literals nest.
const maxDepth = 256

var errEnds = errors.New("the literal ends in the middle")

// literal reads a Python literal, as repr writes it, and gives it as JSON: dict,
// list, tuple, str, bytes (as hex), int, float, True, False, None, and a call
// such as AttributeDict({…}) or HexBytes('0x…') as its first argument.
type literal struct {
	src   []byte
	at    int
	dst   []byte
	depth int    // of values
	nest  int    // of dicts and lists
	id    []byte // the value of the outermost dict's 'id', as JSON
}

// toJSON converts the literal that src begins with and returns the id of the
// message that it is, nil if it has none.
func toJSON(src []byte) (msg, id []byte, err error) {
	l := &literal{src: src, dst: make([]byte, 0, len(src)+16)}
	if err := l.value(); err != nil {
		return nil, nil, fmt.Errorf("%w, at byte %d of it", err, l.at)
	}
	return l.dst, l.id, nil
}

func (l *literal) value() error {
	if l.depth++; l.depth > maxDepth {
		return fmt.Errorf("nested deeper than %d", maxDepth)
	}
	defer func() { l.depth-- }()
	switch c := l.peek(); {
	case c == '{':
		return l.dict()
	case c == '[':
		return l.list(']')
	case c == '(':
		return l.list(')')
	case c == '\'' || c == '"':
		return l.str()
	case c == '-' || c == '+' || c == '.' || '0' <= c && c <= '9':
		return l.number()
	case c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z':
		return l.word()
	case c == 0:
		return errEnds
	}
	return fmt.Errorf("unexpected %q", l.src[l.at])
}

// peek is the next byte that is no space, 0 at the end.
func (l *literal) peek() byte {
	for l.at < len(l.src) {
		switch c := l.src[l.at]; c {
		case ' ', '\t', '\r', '\n':
			l.at++
		default:
			return c
		}
	}
	return 0
}

// take passes over c, if it is the next.
func (l *literal) take(c byte) bool {
	if l.peek() != c {
		return false
	}
	l.at++
	return true
}

func (l *literal) dict() error {
	l.at++
	l.dst = append(l.dst, '{')
	outermost := l.nest == 0
	l.nest++
	defer func() { l.nest-- }()
	for first := true; !l.take('}'); first = false {
		if !first {
			if !l.take(',') {
				return l.unexpected()
			}
			if l.take('}') {
				break
			}
			l.dst = append(l.dst, ',')
		}
		from := len(l.dst)
		if err := l.value(); err != nil {
			return err
		}
		key := l.asKey(from)
		if !l.take(':') {
			return l.unexpected()
		}
		l.dst = append(l.dst, ':')
		at := len(l.dst)
		if err := l.value(); err != nil {
			return err
		}
		if outermost && bytes.Equal(key, []byte(`"id"`)) {
			l.id = bytes.Clone(l.dst[at:])
		}
	}
	l.dst = append(l.dst, '}')
	return nil
}

// asKey makes a string of the value that was written from there on.
func (l *literal) asKey(from int) []byte {
	if l.dst[from] != '"' {
		l.dst = appendString(l.dst[:from], bytes.Clone(l.dst[from:]))
	}
	return bytes.Clone(l.dst[from:min(len(l.dst), from+8)])
}

func (l *literal) list(end byte) error {
	l.at++
	l.nest++
	defer func() { l.nest-- }()
	l.dst = append(l.dst, '[')
	for first := true; !l.take(end); first = false {
		if !first {
			if !l.take(',') {
				return l.unexpected()
			}
			if l.take(end) {
				break
			}
			l.dst = append(l.dst, ',')
		}
		if err := l.value(); err != nil {
			return err
		}
	}
	l.dst = append(l.dst, ']')
	return nil
}

func (l *literal) unexpected() error {
	if c := l.peek(); c != 0 {
		return fmt.Errorf("unexpected %q", c)
	}
	return errEnds
}

// number reads an int or a float; nan and inf are words.
func (l *literal) number() error {
	from := l.at
	for l.at < len(l.src) && bytes.IndexByte([]byte("0123456789+-.eEjinfa"), l.src[l.at]) >= 0 {
		l.at++
	}
	text := bytes.TrimSuffix(bytes.TrimPrefix(l.src[from:l.at], []byte("+")), []byte("."))
	if json.Valid(text) {
		l.dst = append(l.dst, text...)
	} else { // -inf, a complex number
		l.dst = appendString(l.dst, text)
	}
	return nil
}

// word reads True, False, None, a string with a prefix, or a call.
func (l *literal) word() error {
	from := l.at
	for l.at < len(l.src) && isName(l.src[l.at]) {
		l.at++
	}
	name := string(l.src[from:l.at])
	next := byte(0)
	if l.at < len(l.src) {
		next = l.src[l.at]
	}
	switch {
	case name == "True":
		l.dst = append(l.dst, "true"...)
	case name == "False":
		l.dst = append(l.dst, "false"...)
	case name == "None":
		l.dst = append(l.dst, "null"...)
	case next == '\'' || next == '"':
		if name == "b" || name == "B" {
			return l.bytes()
		}
		return l.str()
	case next == '(':
		return l.call()
	default:
		l.dst = appendString(l.dst, []byte(name)) // nan, inf, a name
	}
	return nil
}

func isName(c byte) bool {
	return c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// call gives the first argument of a call, null where it has none.
func (l *literal) call() error {
	l.at++
	from, kept := len(l.dst), -1
	for first := true; !l.take(')'); first = false {
		if !first && !l.take(',') {
			return l.unexpected()
		}
		if err := l.value(); err != nil {
			return err
		}
		if l.take('=') { // that was a keyword
			l.dst = l.dst[:max(from, kept)]
			if err := l.value(); err != nil {
				return err
			}
		}
		if kept < 0 {
			kept = len(l.dst)
		}
		l.dst = l.dst[:kept]
	}
	if kept < 0 {
		l.dst = append(l.dst, "null"...)
	}
	return nil
}

// bytes reads b'…' and gives it as "0x…".
func (l *literal) bytes() error {
	raw, err := l.unquote(true)
	if err == nil {
		l.dst = append(hex.AppendEncode(append(l.dst, `"0x`...), raw), '"')
	}
	return err
}

func (l *literal) str() error {
	raw, err := l.unquote(false)
	if err == nil {
		l.dst = appendString(l.dst, raw)
	}
	return err
}

// unquote reads a quoted string and takes its escapes back.
func (l *literal) unquote(asBytes bool) ([]byte, error) {
	quote := l.src[l.at]
	l.at++
	if end := bytes.IndexAny(l.src[l.at:], string([]byte{quote, '\\'})); end >= 0 && l.src[l.at+end] == quote {
		raw := l.src[l.at : l.at+end] // as nearly all are: nothing is escaped
		l.at += end + 1
		return raw, nil
	}
	var raw []byte
	for l.at < len(l.src) {
		c := l.src[l.at]
		l.at++
		switch {
		case c == quote:
			return raw, nil
		case c != '\\':
			raw = append(raw, c)
		default:
			var err error
			if raw, err = l.escape(raw, asBytes); err != nil {
				return nil, err
			}
		}
	}
	return nil, errEnds
}

// escape appends what the escape at hand stands for.
func (l *literal) escape(raw []byte, asBytes bool) ([]byte, error) {
	if l.at == len(l.src) {
		return nil, errEnds
	}
	c := l.src[l.at]
	l.at++
	if i := bytes.IndexByte([]byte(`'"\nrtabfv0`), c); i >= 0 {
		return append(raw, "'\"\\\n\r\t\a\b\f\v\x00"[i]), nil
	}
	size := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	if size == 0 {
		return append(raw, '\\', c), nil
	}
	if l.at+size > len(l.src) {
		return nil, errEnds
	}
	n, err := strconv.ParseUint(string(l.src[l.at:l.at+size]), 16, 32)
	if err != nil {
		return nil, fmt.Errorf("a bad escape %q", l.src[l.at-2:l.at+size])
	}
	l.at += size
	if asBytes {
		return append(raw, byte(n)), nil
	}
	return utf8.AppendRune(raw, rune(n)), nil
}

// appendString appends s as a JSON string.
func appendString(dst, s []byte) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range bytes.ToValidUTF8(s, []byte("\ufffd")) {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
