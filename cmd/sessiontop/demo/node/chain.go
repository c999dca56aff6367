package node

import (
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

const (
	chainID   = 1337
	gasLimit  = 600_000   // of a block: a handful of transactions fill half of it
	kept      = 4096      // newest blocks that can be asked for
	maxPool   = 1024      // transactions that may wait
	firstFee  = 1e9       // base fee of the first block, wei
	tipWanted = 100 << 20 // what eth_gasPrice adds to the base fee, wei
)

// chain is the blocks, the newest state, and the transactions that wait. All
// methods may be called from any goroutine.
type chain struct {
	signer types.Signer

	mu     sync.RWMutex
	state  *state
	blocks []*block // the last kept, by number
	byHash map[common.Hash]*block
	txs    map[common.Hash]place
	pool   []*types.Transaction
}

// block is a block with what its transactions did.
type block struct {
	*types.Block
	receipts types.Receipts
}

// place is where a transaction stands.
type place struct {
	block *block
	index int
}

func newChain(s *state, at time.Time) *chain {
	c := &chain{
		signer: types.LatestSignerForChainID(big.NewInt(chainID)),
		state:  s,
		byHash: map[common.Hash]*block{},
		txs:    map[common.Hash]place{},
	}
	genesis := &types.Header{
		Difficulty: new(big.Int), Number: new(big.Int), GasLimit: gasLimit,
		Time: uint64(at.Unix()), BaseFee: big.NewInt(firstFee), Root: s.root(),
	}
	c.add(genesis, nil, nil)
	return c
}

// head is the newest block.
func (c *chain) head() *block {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.blocks[len(c.blocks)-1]
}

// number is the block of a height, nil if it is not kept or not there yet.
func (c *chain) number(n uint64) *block {
	c.mu.RLock()
	defer c.mu.RUnlock()
	first := c.blocks[0].NumberU64()
	if n < first || n-first >= uint64(len(c.blocks)) {
		return nil
	}
	return c.blocks[n-first]
}

// hash is the block of a hash, nil if there is none.
func (c *chain) hash(h common.Hash) *block {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byHash[h]
}

// transaction is a transaction with its place; the place has no block while
// the transaction waits. nil if it is unknown.
func (c *chain) transaction(h common.Hash) (*types.Transaction, place) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if p, ok := c.txs[h]; ok {
		return p.block.Transactions()[p.index], p
	}
	for _, tx := range c.pool {
		if tx.Hash() == h {
			return tx, place{}
		}
	}
	return nil, place{}
}

// read calls f with the newest state, which f must not change or keep.
func (c *chain) read(f func(*state)) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	f(c.state)
}

// nextNonce counts the sender's transactions, those that wait included.
func (c *chain) nextNonce(a common.Address) uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	n := c.state.get(a).nonce
	for again := true; again; {
		again = false
		for _, tx := range c.pool {
			if from, err := types.Sender(c.signer, tx); err == nil && from == a && tx.Nonce() == n {
				n++
				again = true
			}
		}
	}
	return n
}

// submit lets a transaction wait for the next block.
func (c *chain) submit(tx *types.Transaction) error {
	from, err := types.Sender(c.signer, tx)
	if err != nil {
		return fmt.Errorf("invalid sender: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, mined := c.txs[tx.Hash()]; mined {
		return errors.New("already known")
	}
	for _, other := range c.pool {
		if other.Hash() == tx.Hash() {
			return errors.New("already known")
		}
	}
	if len(c.pool) >= maxPool {
		return errors.New("txpool is full")
	}
	if err := c.state.check(tx, from); err != nil {
		return err
	}
	c.pool = append(c.pool, tx)
	return nil
}
