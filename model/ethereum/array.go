package ethereum

import "github.com/sessiontop/sessiontop/model"

// array reads the array at c: the kinds of its elements, and what all of them
// name: the range of their block numbers, and the hashes and the address where
// they are the same in every element.
func array(c *cursor) model.Fingerprint {
	var f model.Fingerprint
	n, objects, unclear := 0, 0, false
	c.enter()
	for c.element() {
		n++
		if c.b[c.i] != '{' {
			f.Kinds |= elementKind(c)
			continue
		}
		e, s := object(c, 1)
		unclear = unclear || e.Kinds == 0
		f.Kinds |= listed(s)
		join(&f, &e, objects == 0)
		objects++
	}
	switch {
	case unclear:
		return model.Fingerprint{}
	case n == 0:
		f.Kinds = kindEmptyArray
	case f.Kinds == 0:
		f.Kinds = kindNulls
	}
	f.Kinds = settleStrings(f.Kinds)
	return f
}

// elementKind is the kind of an array of values like the one at c, which is
// skipped; null says nothing.
func elementKind(c *cursor) model.Kinds {
	switch c.peek() {
	case '"':
		d, ok := hexDigits(c.text())
		switch {
		case !ok:
			return kindTexts
		case len(d) == addressDigits:
			return kindAddresses
		case len(d) == wordDigits:
			return kindWords
		}
		return kindHexes
	case '[':
		c.skipContainer()
		return kindArrays
	}
	switch c.literal()[0] {
	case 'n':
		return 0
	case 't', 'f':
		return kindBools
	}
	return kindNumbers
}

// settleStrings gives an array of strings of several kinds the one kind that
// holds them all.
func settleStrings(k model.Kinds) model.Kinds {
	const strings = kindAddresses | kindWords | kindHexes | kindTexts
	switch s := k & strings; {
	case s&kindTexts != 0:
		return k&^strings | kindTexts
	case s&(s-1) != 0:
		return k&^strings | kindHexes
	}
	return k
}

// join adds what an element names to what the elements before it do.
func join(f, e *model.Fingerprint, first bool) {
	if first {
		f.Lo, f.Hi, f.Block, f.Tx, f.Addr = e.Lo, e.Hi, e.Block, e.Tx, e.Addr
		return
	}
	if e.Lo != 0 && (e.Lo < f.Lo || f.Lo == 0) {
		f.Lo = e.Lo
	}
	f.Hi = max(f.Hi, e.Hi)
	f.Block = same(f.Block, e.Block)
	f.Tx = same(f.Tx, e.Tx)
	f.Addr = same(f.Addr, e.Addr)
}

func same(a, b uint64) uint64 {
	if a != b {
		return 0
	}
	return a
}
