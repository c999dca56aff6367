package decode

import (
	"fmt"
	"strconv"
)

// reason is why a line is malformed.
type reason uint8

const (
	badNothing reason = iota
	badSyntax         // no JSON
	badDepth          // nests too deep
	badLine           // JSON, but no object
	badLong           // longer than MaxLine
	badVersion        // of a version that this program does not know
	badBatch          // more than MaxBatch items
	badAbsent         // a key that this event must have is not there
	badEvent          // an unknown event
	badTime           // a ts that is no time
	badInt            // no integer, or out of range
	badText           // no string
	badBool           // neither true nor false
	badID             // an id of a wrong type
)

// fault is a reason with where it lies in the block and the field it is about.
// Its text is only made of the first one, so bad lines cost no allocation.
type fault struct {
	why reason
	key field
	at  int
}

// text is the fault in words; line is where its line starts in the block.
func (f *fault) text(block []byte, line int) string {
	switch f.why {
	case badSyntax:
		if f.at >= len(block) || block[f.at] == '\n' {
			return "no JSON: the line ends in the middle"
		}
		return fmt.Sprintf("no JSON: unexpected %s at byte %d", strconv.QuoteToASCII(string(block[f.at:f.at+1])), f.at-line)
	case badDepth:
		return fmt.Sprintf("nested deeper than %d at byte %d", maxDepth, f.at-line)
	case badLine:
		return "no JSON object"
	case badLong:
		return fmt.Sprintf("longer than %d MiB", MaxLine>>20)
	case badVersion:
		return "of version " + f.quote(block) + ", which takes a newer sessiontop"
	case badBatch:
		return fmt.Sprintf("a batch of more than %d items", MaxBatch)
	case badAbsent:
		return "no " + f.key.String()
	case badEvent:
		return "unknown ev " + f.quote(block)
	case badTime:
		return "ts is neither RFC 3339 nor Unix nanoseconds: " + f.quote(block)
	case badInt:
		lo, hi := f.key.bounds()
		return fmt.Sprintf("%s is no integer from %d to %d: %s", f.key, lo, hi, f.quote(block))
	case badText:
		return fmt.Sprintf("%s is no string: %s", f.key, f.quote(block))
	case badBool:
		return fmt.Sprintf("%s is neither true nor false: %s", f.key, f.quote(block))
	case badID:
		return fmt.Sprintf("%s is no string, number or null: %s", f.key, f.quote(block))
	}
	return ""
}

// quote is the start of the value that is at fault, on one line of ASCII.
func (f *fault) quote(block []byte) string {
	const enough = 40
	s := scanner{b: block}
	raw := block[f.at:max(s.value(f.at), f.at)]
	switch {
	case len(raw) > 1 && raw[0] == '"':
		return strconv.QuoteToASCII(string(cut(raw[1:len(raw)-1], enough)))
	case len(raw) > 0 && (raw[0] == '{' || raw[0] == '['):
		return strconv.QuoteToASCII(string(cut(raw, enough)))
	}
	return string(cut(raw, enough))
}
