package ethereum

import (
	"sync"

	"github.com/sessiontop/sessiontop/model"
)

// Dialect reads fingerprints off Ethereum's JSON-RPC. It may be used from any
// goroutine.
type Dialect struct {
	hashers sync.Pool // of *hasher
}

var _ model.Dialect = (*Dialect)(nil)

// New returns the dialect of eth, net, web3, personal, txpool, debug, admin,
// miner, engine, trace and of the namespaces of Erigon, Otterscan, Nethermind,
// Parity, Anvil, Hardhat and Ganache.
func New() *Dialect {
	return &Dialect{hashers: sync.Pool{New: func() any { return newHasher() }}}
}

// Known says whether the table has the method: of any other the dialect has no
// opinion.
func Known(method string) bool {
	_, ok := lookup(method)
	return ok
}

// Reply is what the result could be and what it names.
func (d *Dialect) Reply(result []byte) model.Fingerprint {
	c := cursor{b: result}
	switch b := c.peek(); {
	case b == '"':
		return scalar(c.text())
	case b == '{':
		f, _ := object(&c, 0)
		return f
	case b == '[':
		return array(&c)
	case b == 'n':
		return model.Fingerprint{Kinds: kindNull}
	case b == 't' || b == 'f':
		return model.Fingerprint{Kinds: kindBool, Aux: model.Digest(c.literal())}
	case b == '-' || b >= '0' && b <= '9':
		return model.Fingerprint{Kinds: kindNumber, Aux: model.Digest(c.literal())}
	}
	return model.Fingerprint{}
}
