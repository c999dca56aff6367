package model

import "sync"

// Sym is an interned string: a method name, a client's own words for a failure.
// The zero Sym is the empty string.
type Sym uint32

// SymOther stands for every string that came after the Interner was full.
const SymOther Sym = 1

// Interner gives each distinct string one small number. It is bounded: a log
// that invents a new method on every line fills it once, and what comes after
// is SymOther. It may be used from any goroutine.
type Interner struct {
	mu    sync.RWMutex
	syms  map[string]Sym
	names []string
	bytes int
	limit int
	other uint64
}

// NewInterner returns an Interner that keeps at most limit bytes of text.
func NewInterner(limit int) *Interner {
	return &Interner{
		syms:  map[string]Sym{"": 0},
		names: []string{"", "(other)"},
		limit: limit,
	}
}

// Intern returns the Sym of b, which it copies when it is new.
func (in *Interner) Intern(b []byte) Sym {
	in.mu.RLock()
	s, ok := in.syms[string(b)]
	in.mu.RUnlock()
	if ok {
		return s
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if s, ok := in.syms[string(b)]; ok {
		return s
	}
	const overhead = 64 // the map's and the slice's share of one entry
	if in.bytes+len(b)+overhead > in.limit {
		in.other++
		return SymOther
	}
	in.bytes += len(b) + overhead
	name := string(b)
	s = Sym(len(in.names))
	in.names = append(in.names, name)
	in.syms[name] = s
	return s
}

// Names is the table of all strings so far, indexed by Sym. It only ever
// grows, so a table once taken stays valid; the caller must not write to it.
func (in *Interner) Names() []string {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.names[:len(in.names):len(in.names)]
}

// Overflow counts the strings that became SymOther.
func (in *Interner) Overflow() uint64 {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.other
}

// SymCache is one decoder's unlocked view of an Interner: a string it has met
// costs one map look-up and no lock. It belongs to one goroutine.
type SymCache struct {
	in   *Interner
	syms map[string]Sym
}

// symCacheSize bounds the cache; past it the cache starts again.
const symCacheSize = 4096

// NewSymCache returns an empty cache before in.
func NewSymCache(in *Interner) *SymCache {
	return &SymCache{in: in, syms: make(map[string]Sym)}
}

// Intern is Interner.Intern.
func (c *SymCache) Intern(b []byte) Sym {
	if s, ok := c.syms[string(b)]; ok {
		return s
	}
	s := c.in.Intern(b)
	if s == SymOther {
		return s
	}
	if len(c.syms) >= symCacheSize {
		clear(c.syms)
	}
	c.syms[string(b)] = s
	return s
}

// size is how many bytes of text and bookkeeping the Interner holds.
func (in *Interner) size() int {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.bytes
}
