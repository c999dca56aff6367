package decode

import (
	"encoding/binary"

	"github.com/sessiontop/sessiontop/model"
)

// maxName is how many bytes of a method's name, and of a client's words for a
// failure, are kept: two names that differ only behind are one.
const maxName = 256

// methods finds the Sym of a method's name, and the name as a string, without
// allocating. A log has few methods, so a small table without chains stands
// before the SymCache.
type methods struct {
	in    *model.Interner
	syms  *model.SymCache
	names []string // the Interner's, as of the last new one
	slots [64]struct {
		name string
		sym  model.Sym
	}
}

// find is the Sym and the text of a name that stands as a JSON string; buf is
// room for a text that has escapes.
func (m *methods) find(raw, buf []byte) (model.Sym, string) {
	inner := raw[1 : len(raw)-1]
	slot := &m.slots[hash(inner)%uint64(len(m.slots))]
	if slot.name == string(inner) {
		return slot.sym, slot.name
	}
	name := cut(text(raw, buf), maxName)
	sym := m.syms.Intern(name)
	if sym == model.SymOther {
		return sym, string(name)
	}
	if int(sym) >= len(m.names) {
		m.names = m.in.Names()
	}
	if len(name) == len(inner) { // no escapes: what has some is never what it looks like
		slot.name, slot.sym = m.names[sym], sym
	}
	return sym, m.names[sym]
}

// hash tells names apart by their last eight bytes and their length, which is
// where the methods of one namespace differ.
func hash(name []byte) uint64 {
	var w uint64
	if n := len(name); n >= 8 {
		w = binary.LittleEndian.Uint64(name[n-8:])
	} else {
		for _, c := range name {
			w = w<<8 | uint64(c)
		}
	}
	return (w ^ uint64(len(name))) * 0x9e3779b97f4a7c15 >> 58
}
