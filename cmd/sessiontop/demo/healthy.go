package demo

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"
	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo/node"
)

// index follows the chain on a connection of its own: every block with its
// receipts and its logs.
func (w *worker) index(ctx context.Context) {
	c := w.client(ctx)
	defer c.close()
	next := hexutil.Uint64(0)
	for {
		before := c.calls
		if err := indexBlocks(c, &next); err != nil {
			c.close() // and try again on a new connection
		}
		if !w.rest(ctx, c.calls-before) {
			return
		}
	}
}

// indexBlocks reads the blocks from next on, or from the newest if next is 0.
func indexBlocks(c *client, next *hexutil.Uint64) error {
	var newest hexutil.Uint64
	if err := c.call(&newest, "eth_blockNumber"); err != nil {
		return err
	}
	if *next == 0 {
		*next = newest
	}
	for ; *next <= newest; *next++ {
		var block struct {
			Hash         common.Hash
			Transactions []struct{ Hash common.Hash }
		}
		if err := c.call(&block, "eth_getBlockByNumber", *next, true); err != nil {
			return err
		}
		var hashes [][]any
		for _, tx := range block.Transactions {
			hashes = append(hashes, []any{tx.Hash})
		}
		if len(hashes) > 0 {
			if _, err := c.batch("eth_getTransactionReceipt", hashes); err != nil {
				return err
			}
		}
		var logs []*types.Log
		if err := c.call(&logs, "eth_getLogs", map[string]any{"blockHash": block.Hash}); err != nil {
			return err
		}
	}
	return nil
}

// keep pays tokens now and then from an account of its own, on a connection of
// its own, and watches what that costs.
func (w *worker) keep(ctx context.Context) {
	c := w.client(ctx)
	defer c.close()
	for {
		before := c.calls
		job := w.watchFees
		if w.rng.IntN(4) == 0 {
			job = w.payTokens
		}
		if err := job(c); err != nil {
			c.close()
		}
		if !w.rest(ctx, c.calls-before) {
			return
		}
	}
}

func (w *worker) watchFees(c *client) error {
	var price hexutil.Big
	if err := c.call(&price, "eth_gasPrice"); err != nil {
		return err
	}
	var syncing bool
	if err := c.call(&syncing, "eth_syncing"); err != nil {
		return err
	}
	var history struct{ OldestBlock hexutil.Uint64 }
	return c.call(&history, "eth_feeHistory", "0x5", "latest", []int{10, 50, 90})
}

// payTokens signs by itself and sends the raw transaction.
func (w *worker) payTokens(c *client) error {
	me, token := w.accounts[len(w.accounts)-1], node.Token(w.accounts)
	var balance hexutil.Bytes
	question := map[string]any{"to": token, "data": hexutil.Bytes(node.BalanceOfCall(me.Address))}
	if err := c.call(&balance, "eth_call", question, "latest"); err != nil {
		return err
	}
	var id hexutil.Big
	var nonce hexutil.Uint64
	if err := c.call(&id, "eth_chainId"); err != nil {
		return err
	}
	if err := c.call(&nonce, "eth_getTransactionCount", me.Address, "pending"); err != nil {
		return err
	}
	data := node.TransferCall(w.accounts[0].Address, uint256.NewInt(1+w.rng.Uint64N(1e15)))
	var gas hexutil.Uint64
	order := map[string]any{"from": me.Address, "to": token, "data": hexutil.Bytes(data)}
	if err := c.call(&gas, "eth_estimateGas", order); err != nil {
		return err
	}
	var price hexutil.Big
	if err := c.call(&price, "eth_gasPrice"); err != nil {
		return err
	}
	tx, err := types.SignNewTx(me.Key, types.LatestSignerForChainID(id.ToInt()), &types.DynamicFeeTx{
		ChainID: id.ToInt(), Nonce: uint64(nonce), To: &token, Data: data, Gas: uint64(gas),
		GasTipCap: big.NewInt(1e6), GasFeeCap: new(big.Int).Lsh(price.ToInt(), 1),
	})
	if err != nil {
		return err
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		return err
	}
	var sent common.Hash
	if err := c.call(&sent, "eth_sendRawTransaction", hexutil.Bytes(raw)); err != nil {
		return err
	}
	var waiting *struct{ Hash common.Hash }
	return c.call(&waiting, "eth_getTransactionByHash", sent)
}
