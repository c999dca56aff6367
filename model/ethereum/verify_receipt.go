package ethereum

import (
	"encoding/json"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// receiptPlace is where a receipt or a log says that it is.
type receiptPlace struct {
	TransactionHash, BlockHash, BlockNumber, TransactionIndex string
	Logs                                                      []receiptPlace
}

// receipt checks one under field and returns it, nil where go-ethereum's types
// cannot read it.
func (v *verifier) receipt(field string, text []byte, want place) *types.Receipt {
	var p receiptPlace
	if json.Unmarshal(text, &p) != nil || p.TransactionHash == "" {
		return nil
	}
	v.located(field, &p, want)
	for i := range p.Logs {
		v.located(at(dot(field, "logs"), i), &p.Logs[i], place{p.TransactionHash, p.BlockHash, p.BlockNumber, p.TransactionIndex})
	}
	var r types.Receipt
	if json.Unmarshal(text, &r) != nil {
		return nil
	}
	// A node that keeps no blooms writes zeros.
	if bloom := types.CreateBloom(&r); r.Bloom != (types.Bloom{}) || len(r.Logs) == 0 {
		v.equal(dot(field, "logsBloom"), hexutil.Encode(r.Bloom[:]), hexutil.Encode(bloom[:]))
	}
	return &r
}

func (v *verifier) located(field string, p *receiptPlace, want place) {
	v.equal(dot(field, "transactionHash"), p.TransactionHash, want.hash)
	v.equal(dot(field, "blockHash"), p.BlockHash, want.blockHash)
	v.equal(dot(field, "blockNumber"), p.BlockNumber, want.blockNumber)
	v.equal(dot(field, "transactionIndex"), p.TransactionIndex, want.index)
}

// receipts checks those of a block, given by hash or number.
func (v *verifier) receipts(result []byte, block string) {
	want := place{blockNumber: block}
	if fixedDigest([]byte(block), wordDigits) != 0 {
		want = place{blockHash: block}
	}
	var all []json.RawMessage
	if json.Unmarshal(result, &all) != nil {
		return
	}
	for i, text := range all {
		want.index = index(i)
		v.receipt(at("", i), text, want)
	}
}

// VerifyReceipts checks the receipts of a whole block, as eth_getBlockReceipts
// returns them, against the receiptsRoot of that block or header. Chains that
// give out receipts which their root is not over differ here with nothing
// wrong.
func VerifyReceipts(block, receipts []byte) []Difference {
	var head struct{ ReceiptsRoot, Hash string }
	var all types.Receipts
	if json.Unmarshal(block, &head) != nil || json.Unmarshal(receipts, &all) != nil || all == nil {
		return nil
	}
	var v verifier
	for i, r := range all {
		if r == nil {
			return nil
		}
		v.equal(at("", i)+".blockHash", r.BlockHash.Hex(), head.Hash)
	}
	v.equal("receiptsRoot", head.ReceiptsRoot, types.DeriveSha(all, &Trie{}).Hex())
	return v.found
}
