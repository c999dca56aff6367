package decode

import (
	"bytes"

	"github.com/sessiontop/sessiontop/model"
)

// member is a key of a JSON-RPC message.
type member uint8

const (
	mID member = iota
	mMethod
	mParams
	mResult
	mError
	mOther
	numMembers
)

func memberOf(key word) member {
	switch key {
	case 'i' | 'd'<<8:
		return mID
	case 'm' | 'e'<<8 | 't'<<16 | 'h'<<24 | 'o'<<32 | 'd'<<40:
		return mMethod
	case 'p' | 'a'<<8 | 'r'<<16 | 'a'<<24 | 'm'<<32 | 's'<<40:
		return mParams
	case 'r' | 'e'<<8 | 's'<<16 | 'u'<<24 | 'l'<<32 | 't'<<40:
		return mResult
	case 'e' | 'r'<<8 | 'r'<<16 | 'o'<<24 | 'r'<<32:
		return mError
	}
	return mOther
}

// members are the values of a message; nil is absent.
type members [numMembers][]byte

// body reads the value of msg and appends its messages.
func (d *Decoder) body(i int) int {
	d.out.Messages = d.out.Messages[:d.first] // of two msg, the last one counts
	if d.batch = i < len(d.b) && d.b[i] == '['; d.batch {
		return d.items(i)
	}
	return d.message(i)
}

// items reads a batch.
func (d *Decoder) items(start int) int {
	i := d.space(start + 1)
	if i < len(d.b) && d.b[i] == ']' {
		d.add(start, i+1).Why = model.WhyEmptyBatch
		return i + 1
	}
	n := 0
	for more := true; more; n++ {
		if i = d.space(i); n < MaxBatch {
			i = d.message(i)
		} else {
			i = d.value(i)
		}
		if i < 0 {
			return -1
		}
		if i, more = d.more(i, ']'); i < 0 {
			return -1
		}
	}
	if n > MaxBatch {
		d.fault.why = badBatch
	}
	return i
}

// add appends a message that stands from start to end in the block.
func (d *Decoder) add(start, end int) *model.Message {
	d.out.Messages = append(d.out.Messages, model.Message{At: uint32(start - d.start), Len: uint32(end - start)})
	return &d.out.Messages[len(d.out.Messages)-1]
}

// message reads one message, whatever it is, and appends it.
func (d *Decoder) message(start int) int {
	b := d.b
	if start >= len(b) || b[start] != '{' {
		end := d.value(start)
		if end >= 0 {
			d.add(start, end).Why = model.WhyNotObject
		}
		return end
	}
	var v members
	i := d.space(start + 1)
	if more := i >= len(b) || b[i] != '}'; !more {
		i++
	} else {
		for more {
			key, at := d.key(i)
			if at < 0 {
				return -1
			}
			end := d.value(at)
			if end < 0 {
				return -1
			}
			v[memberOf(key)] = b[at:end]
			if end < len(b) && b[end] == ',' { // as more does, without the call
				i = end + 1
			} else if i, more = d.more(end, '}'); i < 0 {
				return -1
			}
		}
	}
	d.classify(d.add(start, i), &v)
	return i
}

// classify says what a message is, by JSON-RPC 2.0: a method makes it a call,
// else exactly one of result and error makes it a reply. An error that is null
// beside a result counts as absent, for some nodes write both; a result that
// is null is a result. That "jsonrpc" be "2.0" is not asked for.
func (d *Decoder) classify(m *model.Message, v *members) {
	isCall := v[mMethod] != nil && v[mMethod][0] == '"'
	isError := v[mError] != nil && v[mError][0] != 'n'
	// Servers of JSON-RPC 1.0 habits put a null result beside an error; nobody
	// is misled by it.
	isResult := v[mResult] != nil && !(isError && v[mResult][0] == 'n')
	var ok bool
	m.ID, ok = d.id(v[mID])
	switch {
	case !isCall && !isError && !isResult:
		m.Why = model.WhyNeither
	case !isCall && isError && isResult:
		m.Why = model.WhyBoth
	case !ok:
		m.Why = model.WhyBadID
	case isCall:
		var name string
		m.Method, name = d.methods.find(v[mMethod], d.scratch[:0])
		if m.Kind = model.Request; m.ID.Kind == model.IDAbsent {
			m.Kind = model.Notification
		} else if d.dialect != nil {
			m.Print = d.dialect.Ask(name, v[mParams])
		}
	case isError:
		m.Kind, m.Code = model.ErrorReply, d.code(v[mError])
	case m.ID.Kind < model.IDInt:
		m.Why = model.WhyNullResult
	default:
		m.Kind = model.Result
		if d.dialect != nil {
			m.Print = d.dialect.Reply(v[mResult])
		}
	}
}

// id is the value of an id, and whether it may be one. Numbers are the same
// id where they are the same number, 1 and 1.0 for one; so are strings that
// differ in their escapes alone.
func (d *Decoder) id(raw []byte) (model.ID, bool) {
	if raw == nil {
		return model.ID{}, true
	}
	switch raw[0] {
	case '{', '[', 't', 'f':
		return model.ID{}, false
	case 'n':
		return model.ID{Kind: model.IDNull}, true
	case '"':
		if bytes.IndexByte(raw, '\\') >= 0 {
			raw = append(text(raw, append(d.scratch[:0], '"')), '"')
		}
		return model.TextID(raw), true
	}
	if n, ok := parseInteger(raw); ok {
		if v, ok := n.int64(); ok {
			return model.IntID(v), true
		}
	}
	return model.TextID(raw), true
}

// code is the code of an error object; 0 where it has none that fits.
func (d *Decoder) code(raw []byte) int32 {
	if raw[0] != '{' {
		return 0
	}
	s := scanner{b: raw}
	var code int32
	i := s.space(1)
	for more := raw[i] != '}'; more; {
		key, at := s.key(i)
		end := s.value(at)
		if key == 'c'|'o'<<8|'d'<<16|'e'<<24 {
			code = 0
			if n, ok := parseInteger(raw[at:end]); ok {
				if v, ok := n.int64(); ok && v == int64(int32(v)) {
					code = int32(v)
				}
			}
		}
		i, more = s.more(end, '}')
	}
	return code
}
