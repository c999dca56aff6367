package ethereum

import (
	"encoding/json"

	"github.com/ethereum/go-ethereum/core/types"
)

// blockBody is what a block has besides its header. Transactions are hashes or
// objects.
type blockBody struct {
	Hash            *string
	Number          *string
	Transactions    []json.RawMessage
	Withdrawals     *types.Withdrawals
	Uncles          *[]json.RawMessage
	TransactionRoot string `json:"transactionsRoot"`
	WithdrawalsRoot string
	Sha3Uncles      string
}

// block checks a block or a header against the hash or number that was asked
// for.
func (v *verifier) block(result []byte, hash, number string) {
	var b blockBody
	if json.Unmarshal(result, &b) != nil || b.Hash == nil || b.Number == nil {
		return
	}
	v.equal("hash", *b.Hash, hash)
	v.equal("number", *b.Number, number)
	v.headerHash(result, *b.Hash)
	v.body(&b)
}

// headerHash computes the hash of a header. With members that go-ethereum does
// not know it may be over more fields than these, so a difference says nothing.
func (v *verifier) headerHash(result []byte, hash string) {
	var h types.Header
	var members map[string]json.RawMessage
	if json.Unmarshal(result, &h) != nil || json.Unmarshal(result, &members) != nil {
		return
	}
	for name := range members {
		if !knownInBlock[name] {
			return
		}
	}
	v.equal("hash", hash, h.Hash().Hex())
}

// knownInBlock has the header's fields and what nodes add that no hash is over.
var knownInBlock = map[string]bool{
	"parentHash": true, "sha3Uncles": true, "miner": true, "stateRoot": true, "transactionsRoot": true,
	"receiptsRoot": true, "logsBloom": true, "difficulty": true, "number": true, "gasLimit": true, "gasUsed": true,
	"timestamp": true, "extraData": true, "mixHash": true, "nonce": true, "baseFeePerGas": true, "withdrawalsRoot": true,
	"blobGasUsed": true, "excessBlobGas": true, "parentBeaconBlockRoot": true, "requestsHash": true,
	"blockAccessListHash": true, "slotNumber": true,
	"hash": true, "size": true, "transactions": true, "uncles": true, "withdrawals": true, "totalDifficulty": true,
}

// body checks the roots over what the block holds, and its transactions.
func (v *verifier) body(b *blockBody) {
	if b.Withdrawals != nil && b.WithdrawalsRoot != "" {
		v.equal("withdrawalsRoot", b.WithdrawalsRoot, types.DeriveSha(*b.Withdrawals, &Trie{}).Hex())
	}
	if b.Uncles != nil && len(*b.Uncles) == 0 {
		v.equal("sha3Uncles", b.Sha3Uncles, types.EmptyUncleHash.Hex())
	}
	if b.Transactions == nil {
		return
	}
	txs := make(types.Transactions, 0, len(b.Transactions))
	for i, t := range b.Transactions {
		if len(t) > 0 && t[0] == '"' {
			return // hashes: the root is not over them
		}
		tx := v.transaction(at("transactions", i), t, place{blockHash: *b.Hash, blockNumber: *b.Number, index: index(i)})
		if tx != nil {
			txs = append(txs, tx)
		}
	}
	if len(txs) == len(b.Transactions) {
		v.equal("transactionsRoot", b.TransactionRoot, types.DeriveSha(txs, &Trie{}).Hex())
	}
}
