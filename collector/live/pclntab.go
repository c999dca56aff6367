package live

import (
	"bytes"
	"encoding/binary"
)

// pclntab is the table of functions that every Go program has, stripped or not
// (Go 1.18 and later; type pcHeader of Go's runtime/symtab.go).
type pclntab struct {
	data      []byte
	functions int
	quantum   uint64 // of program counters: the size of the least instruction
	names     uint64 // where in data the parts begin
	values    uint64
	table     uint64
}

const pclntabHeader = 8 + 8*8

// parsePclntab reads the table's header; false where it is none that is known.
func parsePclntab(b []byte) (pclntab, bool) {
	if len(b) < pclntabHeader {
		return pclntab{}, false
	}
	le := binary.LittleEndian
	const go118, go120, pointer = 0xfffffff0, 0xfffffff1, 8
	if magic := le.Uint32(b); magic != go118 && magic != go120 || b[7] != pointer {
		return pclntab{}, false
	}
	t := pclntab{
		data: b, functions: int(le.Uint64(b[8:])), quantum: uint64(b[6]),
		names: le.Uint64(b[32:]), values: le.Uint64(b[56:]), table: le.Uint64(b[64:]),
	}
	n := uint64(len(b))
	return t, t.functions >= 0 && t.functions < len(b)/8 && t.names < n && t.values < n && t.table < n &&
		n-t.table >= uint64(t.functions)*8
}

// goFunction is a function of a Go program; its program counters count from the
// first function's.
type goFunction struct {
	entry   uint64
	returns []uint64 // where its frame is gone again: its RETs, and what comes after the last
}

// find finds a function by its full name.
func (t *pclntab) find(name string) (goFunction, bool) {
	le := binary.LittleEndian
	i := bytes.Index(t.data[t.names:], []byte("\x00"+name+"\x00"))
	if i < 0 {
		return goFunction{}, false
	}
	for row := t.data[t.table:][:t.functions*8]; len(row) > 0; row = row[8:] {
		at := t.table + uint64(le.Uint32(row[4:]))
		if at+20 > uint64(len(t.data)) {
			break
		}
		info := t.data[at:] // type _func of Go's runtime/runtime2.go
		if le.Uint32(info[4:]) != uint32(i+1) {
			continue
		}
		f := goFunction{entry: uint64(le.Uint32(info))}
		f.returns = t.bare(f.entry, t.values+uint64(le.Uint32(info[16:])))
		return f, true
	}
	return goFunction{}, false
}

// maxReturns bounds the places in which a function may return.
const maxReturns = 256

// bare is where in a function there is no frame, but for its beginning. At, in
// data, stands by how much its stack pointer is moved: pairs of differences, of
// that and of the program counter.
func (t *pclntab) bare(entry, at uint64) []uint64 {
	var found []uint64
	frame, pc := int64(-1), entry
	for first := true; at < uint64(len(t.data)); first = false {
		moved, n := binary.Uvarint(t.data[at:])
		if n <= 0 || moved == 0 && !first {
			break
		}
		length, m := binary.Uvarint(t.data[at+uint64(n):])
		if m <= 0 {
			break
		}
		at += uint64(n + m)
		frame += int64(moved>>1) ^ -int64(moved&1)
		if frame == 0 && pc != entry && len(found) < maxReturns {
			found = append(found, pc)
		}
		pc += length * t.quantum
	}
	return found
}
