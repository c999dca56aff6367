package node

import (
	"encoding/json"
	"maps"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// fields is an object of the API. go-ethereum's types know most of their
// fields; what says where they stand in the chain is added here.
type fields map[string]any

// fieldsOf is v's own fields, those left out that v does not have.
func fieldsOf(v any) (fields, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	f := fields{}
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, err
	}
	maps.DeleteFunc(f, func(_ string, v any) bool { return v == nil })
	return f, nil
}

func (c *chain) blockFields(b *block, full bool) (fields, error) {
	if b == nil {
		return nil, nil
	}
	f, err := fieldsOf(b.Header())
	if err != nil {
		return nil, err
	}
	f["size"] = hexutil.Uint64(b.Size())
	f["uncles"] = []common.Hash{}
	f["withdrawals"] = b.Withdrawals()
	txs := make([]any, len(b.Transactions()))
	for i, tx := range b.Transactions() {
		txs[i] = tx.Hash()
		if full {
			if txs[i], err = c.txFields(tx, place{b, i}); err != nil {
				return nil, err
			}
		}
	}
	f["transactions"] = txs
	return f, nil
}

// txFields is a transaction; where it still waits, its place is null.
func (c *chain) txFields(tx *types.Transaction, at place) (fields, error) {
	f, err := fieldsOf(tx)
	if err != nil {
		return nil, err
	}
	if f["from"], err = types.Sender(c.signer, tx); err != nil {
		return nil, err
	}
	if at.block == nil {
		f["blockHash"], f["blockNumber"], f["transactionIndex"] = nil, nil, nil
		f["gasPrice"] = (*hexutil.Big)(tx.GasFeeCap())
		return f, nil
	}
	perGas, _ := price(tx, at.block.BaseFee())
	f["gasPrice"] = (*hexutil.Big)(perGas)
	f["blockHash"] = at.block.Hash()
	f["blockNumber"] = (*hexutil.Big)(at.block.Number())
	f["blockTimestamp"] = hexutil.Uint64(at.block.Time())
	f["transactionIndex"] = hexutil.Uint(at.index)
	return f, nil
}

func (c *chain) receiptFields(at place) (fields, error) {
	tx := at.block.Transactions()[at.index]
	f, err := fieldsOf(at.block.receipts[at.index])
	if err != nil {
		return nil, err
	}
	if f["from"], err = types.Sender(c.signer, tx); err != nil {
		return nil, err
	}
	f["to"] = tx.To()
	f["contractAddress"] = nil // nobody creates contracts here
	delete(f, "root")          // before Byzantium
	return f, nil
}
