package ethereum

import (
	"bytes"

	"github.com/sessiontop/sessiontop/model"
)

// nesting is how deep objects inside a result are read; deeper ones are
// skipped.
const nesting = 3

// fields is what is read of an object while it is walked over.
type fields struct {
	seen                              member
	hash, blockHash, txHash, lastHash uint64
	number, blockNumber, oldest       uint64
	address, from, index              uint64
	members, addressed                int
	onlyAddress                       uint64
	transactions                      model.Kinds
	pool                              model.Kinds
	valid                             bool // "status":"VALID"
	unclear                           bool // a name with an escape
	inner                             model.Fingerprint
}

// object reads the object at c. Kinds is 0 where a member's name has an
// escape: it may be any name.
func object(c *cursor, depth int) (model.Fingerprint, shape) {
	var f fields
	c.enter()
	for {
		name, ok := c.member()
		if !ok {
			break
		}
		f.members++
		m := memberOf(name)
		f.seen |= m
		if m != 0 {
			f.read(c, m, depth)
			continue
		}
		if len(name) == addressDigits+2 {
			f.nameAddress(name)
		} else if bytes.IndexByte(name, '\\') >= 0 {
			f.unclear = true
		}
		c.skip()
	}
	if f.unclear {
		return model.Fingerprint{}, shapeOther
	}
	return f.fingerprint()
}

func (f *fields) nameAddress(name []byte) {
	if a := fixedDigest(name, addressDigits); a != 0 {
		f.addressed++
		f.onlyAddress = a
	}
}

// read takes from the value at c what the member's name promises.
func (f *fields) read(c *cursor, m member, depth int) {
	switch m {
	case mHash:
		f.hash = c.digest(wordDigits)
	case mBlockHash:
		f.blockHash = c.digest(wordDigits)
	case mTransactionHash:
		f.txHash = c.digest(wordDigits)
	case mLatestValidHash:
		f.lastHash = c.digest(wordDigits)
	case mNumber:
		f.number = c.number()
	case mBlockNumber:
		f.blockNumber = c.number()
	case mOldestBlock:
		f.oldest = c.number()
	case mAddress:
		f.address = c.digest(addressDigits)
	case mFrom:
		f.from = c.digest(addressDigits)
	case mTransactionIndex:
		f.index = c.value()
	case mTransactions:
		f.transactions = transactionsKind(*c)
		c.skip()
	case mPending, mQueued:
		f.pool = joinPool(f.pool, poolKind(*c))
		c.skip()
	case mStatus:
		f.valid = c.peek() == '"' && bytes.HasPrefix(c.b[c.i:], []byte(`"VALID"`))
		c.skip()
	case mBlock, mFullblock, mPayloadStatus:
		if c.peek() == '{' && depth < nesting {
			f.inner, _ = object(c, depth+1)
		} else {
			c.skip()
		}
	default:
		c.skip()
	}
}

// fingerprint is what the object is and what it names.
func (f *fields) fingerprint() (model.Fingerprint, shape) {
	s := f.shape()
	p := model.Fingerprint{Kinds: alone[s]}
	switch s {
	case shapeBlock, shapeHeader:
		p.Block, p.Lo = f.hash, f.number
		if s == shapeBlock && f.transactions != 0 {
			p.Kinds = f.transactions
		}
	case shapeTx:
		p.Tx, p.Block, p.Lo, p.Addr, p.Aux = f.hash, f.blockHash, f.blockNumber, f.from, f.index
	case shapeReceipt, shapeParityTrace:
		p.Tx, p.Block, p.Lo = f.txHash, f.blockHash, f.blockNumber
	case shapeReplay:
		p.Tx = f.txHash
	case shapeLog:
		p.Tx, p.Block, p.Lo, p.Addr = f.txHash, f.blockHash, f.blockNumber, f.address
	case shapeProof:
		p.Addr = f.address
	case shapeAddressMap:
		if f.members == 1 {
			p.Addr = f.onlyAddress
		}
	case shapeFeeHistory:
		p.Lo = f.oldest
	case shapePool:
		if f.pool != 0 {
			p.Kinds = f.pool
		}
	case shapePayloadStatus:
		if f.valid {
			p.Block = f.lastHash
		}
	case shapeForkchoice, shapeWrapped:
		p.Block, p.Lo = f.inner.Block, f.inner.Lo
	}
	p.Hi = p.Lo
	return p, s
}

func (f *fields) shape() shape {
	switch {
	case f.members == 0:
		return shapeEmpty
	case f.addressed == f.members:
		return shapeAddressMap
	}
	return shapeOf(f.seen)
}

// transactionsKind tells by the first element what a block's transactions are.
func transactionsKind(c cursor) model.Kinds {
	if c.peek() != '[' {
		return 0
	}
	c.enter()
	if !c.element() {
		return kindBlockBare
	}
	switch c.peek() {
	case '"':
		return kindBlockHashes
	case '{':
		return kindBlockBodies
	}
	return 0
}

// poolKind tells a count, transactions and their summaries apart by the first
// leaf: by sender and nonce, or by nonce alone (txpool_contentFrom).
func poolKind(c cursor) model.Kinds {
	const either = kindPoolContent | kindPoolInspect
	for depth := 0; depth < nesting; depth++ {
		if c.peek() != '{' {
			break
		}
		c.enter()
		name, ok := c.member()
		if !ok {
			return either
		}
		if c.peek() == '"' {
			return kindPoolInspect
		}
		if depth == 0 && len(name) != addressDigits+2 {
			return kindPoolContent
		}
		if depth == 1 {
			return kindPoolContent
		}
	}
	switch b := c.peek(); {
	case b == '"', b == '-', b >= '0' && b <= '9':
		return kindPoolStatus
	}
	return 0
}

// joinPool is what pending and queued together say.
func joinPool(a, b model.Kinds) model.Kinds {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	case a&b != 0:
		return a & b
	}
	return a | b
}
