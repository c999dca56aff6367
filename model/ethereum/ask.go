package ethereum

import (
	"math"

	"github.com/sessiontop/sessiontop/model"
)

// Ask is what the method can return and what its result must name.
func (d *Dialect) Ask(method string, params []byte) model.Fingerprint {
	s, ok := lookup(method)
	if !ok {
		return model.Fingerprint{}
	}
	f := model.Fingerprint{Kinds: s.returns, Rule: s.rule}
	if s.names == namesNothing {
		return f
	}
	c, ok := argument(params, int(s.at))
	if !ok {
		return f
	}
	switch s.names {
	case namesBlock:
		f.Lo, f.Block = c.block()
		f.Hi = f.Lo
	case namesTx:
		f.Tx = c.digest(wordDigits)
	case namesAddress:
		f.Addr = c.digest(addressDigits)
	case namesTxAt:
		f.Lo, f.Block = c.block()
		f.Hi = f.Lo
		if c.element() {
			f.Aux = c.value()
		}
	case namesBodies:
		f.Lo, f.Block = c.block()
		f.Hi = f.Lo
		f.Kinds &^= c.otherBodies()
	case namesUncle:
		if n, _ := c.block(); n != 0 {
			f.Lo, f.Hi = max(n, uncleDepth+1)-uncleDepth, n
		}
	case namesRange:
		filter(&c, &f)
	case namesHistory:
		history(&c, &f)
	case namesRaw:
		f.Tx = d.transactionHash(&c)
	case namesSHA3:
		f.Aux = d.sha3(&c)
	case namesState:
		if lo, hash := c.block(); lo != 0 || hash != 0 {
			f.Rule, f.Aux = model.RuleFixed, fixed(method, params)
		}
	case namesTracer:
		f.Kinds = traced(&c, f.Kinds)
	case namesPayload:
		f.Block = c.memberDigest("blockHash")
	case namesForkchoice:
		f.Block = c.memberDigest("headBlockHash")
	}
	return f
}

// uncleDepth is how much older an uncle can be than its block; an ommer is at
// most six generations back (Yellow Paper 11.1).
const uncleDepth = 7

// fixed is the digest of a whole request.
func fixed(method string, params []byte) uint64 {
	var name [64]byte
	return model.Digest(name[:copy(name[:], method)]) ^ model.Digest(params) | 1
}

// block reads a block parameter: a number (+ 1), a hash, or an object with one
// of them. A tag says nothing, not even earliest: a node that has dropped its
// history answers with the oldest block that it has.
func (c *cursor) block() (number, hash uint64) {
	switch c.peek() {
	case '"':
		s := c.text()
		if hash = fixedDigest(s, wordDigits); hash == 0 && len(s) <= 18 {
			number = hexNumber(s)
		}
	case '{':
		c.enter()
		for {
			name, ok := c.member()
			if !ok {
				return number, hash
			}
			switch string(name) {
			case "blockNumber":
				number = c.number()
			case "blockHash":
				hash = c.digest(wordDigits)
			default:
				c.skip()
			}
		}
	default:
		number = c.number()
	}
	return number, hash
}

// otherBodies reads the flag after a block parameter: the kinds of block that
// it rules out.
func (c *cursor) otherBodies() model.Kinds {
	if !c.element() {
		return 0
	}
	switch string(c.literal()) {
	case "true":
		return kindBlockHashes
	case "false":
		return kindBlockBodies
	}
	return 0
}

// memberDigest is the digest of the 32 bytes under that name in the object at
// c, 0 where there are none.
func (c *cursor) memberDigest(member string) uint64 {
	if c.peek() != '{' {
		return 0
	}
	c.enter()
	for {
		name, ok := c.member()
		if !ok {
			return 0
		}
		if string(name) == member {
			return c.digest(wordDigits)
		}
		c.skip()
	}
}

// openEnds makes a range of block numbers (+ 1) of its ends, 0 where a tag
// leaves one open: a Lo of 1 allows every block, a Hi of 0 too.
func openEnds(lo, hi uint64) (uint64, uint64) {
	if lo == 0 && hi != 0 {
		lo = 1
	}
	return lo, hi
}

// filter reads a log or trace filter into what its results must name.
func filter(c *cursor, f *model.Fingerprint) {
	if c.peek() != '{' {
		return
	}
	c.enter()
	for {
		name, ok := c.member()
		if !ok {
			break
		}
		switch string(name) {
		case "fromBlock":
			f.Lo, _ = c.block()
		case "toBlock":
			f.Hi, _ = c.block()
		case "blockHash":
			f.Block = c.digest(wordDigits)
		case "address":
			f.Addr = c.single()
		default:
			c.skip()
		}
	}
	f.Lo, f.Hi = openEnds(f.Lo, f.Hi)
}

// single reads an address, or an array of one.
func (c *cursor) single() uint64 {
	if c.peek() != '[' {
		return c.digest(addressDigits)
	}
	c.enter()
	var a uint64
	n := 0
	for ; c.element(); n++ {
		a = c.digest(addressDigits)
	}
	if n != 1 {
		return 0
	}
	return a
}

// history reads the count and the newest block of a fee history: the oldest
// that it can begin with, or later where the node has less.
func history(c *cursor, f *model.Fingerprint) {
	count := c.count()
	if count == 0 || !c.element() {
		return
	}
	newest, _ := c.block()
	if newest == 0 {
		return
	}
	f.Lo, f.Hi = max(newest, count)-count+1, newest
}

// count reads a number, hex, decimal or JSON; 0 where it is none.
func (c *cursor) count() uint64 {
	var n uint64
	if c.peek() == '"' {
		s := c.text()
		n = max(hexNumber(s), decimalNumber(s))
	} else {
		n = c.number()
	}
	if n == 0 || n == math.MaxUint64 {
		return 0
	}
	return n - 1
}

// traced is what a trace with the configuration at c can return: a named
// tracer decides, and one of the caller's own may return anything.
func traced(c *cursor, untraced model.Kinds) model.Kinds {
	if c.peek() != '{' {
		return untraced
	}
	c.enter()
	for {
		name, ok := c.member()
		if !ok {
			return untraced
		}
		if string(name) != "tracer" {
			c.skip()
			continue
		}
		if c.peek() != '"' {
			return untraced
		}
		if untraced&kindTxTraces != 0 {
			return untraced
		}
		return tracerKinds(c.text()) | untraced&kindNull
	}
}

func tracerKinds(tracer []byte) model.Kinds {
	switch string(tracer) {
	case "callTracer":
		return kindCallTrace | kindObject
	case "flatCallTracer":
		return parityTraces
	case "prestateTracer":
		return kindAddressMap | kindEmptyObject | kindObject
	case "4byteTracer", "muxTracer", "noopTracer":
		return anyObject
	}
	return anyKind
}
