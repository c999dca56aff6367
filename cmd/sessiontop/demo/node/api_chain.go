package node

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// ethAPI is the eth namespace: this file has what reads blocks,
// api_state.go what reads the state, api_send.go what sends transactions.
type ethAPI struct {
	chain *chain
	keys  *keystore
}

func (e *ethAPI) ChainId() hexutil.Uint64 { return chainID }

func (e *ethAPI) Syncing() bool { return false }

func (e *ethAPI) BlockNumber(ctx context.Context) hexutil.Uint64 {
	e.chain.work(ctx)
	return hexutil.Uint64(e.chain.head().NumberU64())
}

func (e *ethAPI) GetBlockByNumber(ctx context.Context, n rpc.BlockNumber, full bool) (fields, error) {
	e.chain.work(ctx)
	return e.chain.blockFields(e.chain.byNumber(n), full)
}

func (e *ethAPI) GetBlockByHash(ctx context.Context, h common.Hash, full bool) (fields, error) {
	e.chain.work(ctx)
	return e.chain.blockFields(e.chain.hash(h), full)
}

func (e *ethAPI) GetTransactionByHash(ctx context.Context, h common.Hash) (fields, error) {
	e.chain.work(ctx)
	tx, at := e.chain.transaction(h)
	if tx == nil {
		return nil, nil
	}
	return e.chain.txFields(tx, at)
}

func (e *ethAPI) GetTransactionReceipt(ctx context.Context, h common.Hash) (fields, error) {
	e.chain.work(ctx)
	_, at := e.chain.transaction(h)
	if at.block == nil {
		return nil, nil
	}
	return e.chain.receiptFields(at)
}

func (e *ethAPI) GetBlockReceipts(ctx context.Context, at rpc.BlockNumberOrHash) ([]fields, error) {
	e.chain.work(ctx)
	b := e.chain.at(at)
	if b == nil {
		return nil, nil
	}
	out := []fields{}
	for i := range b.receipts {
		f, err := e.chain.receiptFields(place{b, i})
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// byNumber is the block of a number or a tag, nil if there is none.
func (c *chain) byNumber(n rpc.BlockNumber) *block {
	switch n {
	case rpc.EarliestBlockNumber:
		n = 0
	case rpc.LatestBlockNumber, rpc.PendingBlockNumber, rpc.SafeBlockNumber, rpc.FinalizedBlockNumber:
		return c.head()
	}
	if n < 0 {
		return nil
	}
	return c.number(uint64(n))
}

// at is byNumber or hash, as the caller chose.
func (c *chain) at(which rpc.BlockNumberOrHash) *block {
	if h, ok := which.Hash(); ok {
		return c.hash(h)
	}
	n, ok := which.Number()
	if !ok {
		return nil
	}
	return c.byNumber(n)
}
