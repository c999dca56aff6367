package node

import (
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/sessiontop/sessiontop/model/ethereum"
)

// mine makes the next block of the transactions that wait and can be carried
// out; those that come too early wait on.
func (c *chain) mine(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	parent := c.blocks[len(c.blocks)-1]
	header := &types.Header{
		ParentHash: parent.Hash(),
		Coinbase:   common.HexToAddress("0xfee0000000000000000000000000000000000fee"),
		Difficulty: new(big.Int),
		Number:     new(big.Int).Add(parent.Number(), common.Big1),
		GasLimit:   gasLimit,
		Time:       max(uint64(at.Unix()), parent.Time()+1),
		MixDigest:  crypto.Keccak256Hash(parent.Hash().Bytes()),
		BaseFee:    nextBaseFee(parent.Header()),
	}
	var txs types.Transactions
	var receipts types.Receipts
	for again := true; again; { // until no nonce has become the next one
		again = false
		waiting := c.pool[:0]
		for _, tx := range c.pool {
			from, err := types.Sender(c.signer, tx)
			if err != nil || c.state.check(tx, from) != nil {
				continue // it was valid once, another of the sender's came before
			}
			gas := header.GasUsed + c.state.gasNeeded(tx.To())
			if tx.Nonce() > c.state.get(from).nonce || tx.GasFeeCap().Cmp(header.BaseFee) < 0 || gas > gasLimit {
				waiting = append(waiting, tx)
				continue
			}
			header.GasUsed = gas
			r := c.state.execute(header, tx, from)
			r.CumulativeGasUsed = gas
			txs, receipts = append(txs, tx), append(receipts, r)
			again = true
		}
		c.pool = waiting
	}
	header.Root = c.state.root()
	c.add(header, txs, receipts)
}

// add completes a block, its receipts and its indexes; c.mu is held.
func (c *chain) add(header *types.Header, txs types.Transactions, receipts types.Receipts) {
	for _, r := range receipts {
		r.Bloom = types.CreateBloom(r)
	}
	b := &block{
		Block:    types.NewBlock(header, &types.Body{Transactions: txs, Withdrawals: []*types.Withdrawal{}}, receipts, &ethereum.Trie{}),
		receipts: receipts,
	}
	logIndex := uint(0)
	for i, r := range receipts {
		r.BlockHash, r.TransactionIndex = b.Hash(), uint(i)
		for _, l := range r.Logs {
			l.BlockHash, l.BlockNumber, l.BlockTimestamp = b.Hash(), b.NumberU64(), b.Time()
			l.TxHash, l.TxIndex, l.Index = r.TxHash, uint(i), logIndex
			logIndex++
		}
		c.txs[r.TxHash] = place{b, i}
	}
	c.blocks = append(c.blocks, b)
	c.byHash[b.Hash()] = b
	if len(c.blocks) > kept {
		old := c.blocks[0]
		c.blocks = c.blocks[1:]
		delete(c.byHash, old.Hash())
		for _, tx := range old.Transactions() {
			delete(c.txs, tx.Hash())
		}
	}
}

// nextBaseFee is the base fee after a block (EIP-1559): up to an eighth more or
// less, as the block used more or less than half of its gas.
func nextBaseFee(parent *types.Header) *big.Int {
	target := parent.GasLimit / 2
	change := new(big.Int).SetUint64(max(parent.GasUsed, target) - min(parent.GasUsed, target))
	change.Mul(change, parent.BaseFee)
	change.Div(change, new(big.Int).SetUint64(target))
	change.Div(change, big.NewInt(8))
	if parent.GasUsed > target {
		return change.Add(parent.BaseFee, bigMax(change, common.Big1))
	}
	return change.Sub(parent.BaseFee, change)
}

func bigMax(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}
