package ethereum

import (
	"encoding/json"
	"errors"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// place is where a transaction or receipt must be; "" where it is not known.
type place struct{ hash, blockHash, blockNumber, index string }

func index(i int) string { return hexutil.EncodeUint64(uint64(i)) }

// placed are the members of a transaction that its hash is not over; null in a
// pending one.
type placed struct {
	Hash, From, BlockHash, BlockNumber, TransactionIndex string
}

// transaction checks one under field and returns it, nil where go-ethereum's
// types cannot read it.
func (v *verifier) transaction(field string, text []byte, want place) *types.Transaction {
	var p placed
	if json.Unmarshal(text, &p) != nil || p.Hash == "" {
		return nil
	}
	v.equal(dot(field, "hash"), p.Hash, want.hash)
	v.equal(dot(field, "blockHash"), p.BlockHash, want.blockHash)
	v.equal(dot(field, "blockNumber"), p.BlockNumber, want.blockNumber)
	v.equal(dot(field, "transactionIndex"), p.TransactionIndex, want.index)
	var tx types.Transaction
	if err := json.Unmarshal(text, &tx); err != nil {
		if errors.Is(err, types.ErrInvalidSig) {
			v.found = append(v.found, Difference{dot(field, "r"), "an invalid signature", "a valid one"})
		}
		return nil
	}
	if _, r, s := tx.RawSignatureValues(); r.Sign() == 0 && s.Sign() == 0 {
		return nil // a system transaction of another chain, hashed its own way
	}
	v.equal(dot(field, "hash"), p.Hash, tx.Hash().Hex())
	if from, err := types.Sender(signerOf(&tx), &tx); err == nil {
		v.equal(dot(field, "from"), p.From, from.Hex())
	}
	return &tx
}

// signerOf is the signer of the transaction's own chain. A legacy one may name
// none, and go-ethereum panics at a chain id that is not positive.
func signerOf(tx *types.Transaction) types.Signer {
	if id := tx.ChainId(); id.Sign() > 0 {
		return types.LatestSignerForChainID(id)
	}
	return types.HomesteadSigner{}
}

// rawHash is the hash of a signed transaction as it is sent.
func rawHash(b []byte) (string, bool) {
	var tx types.Transaction
	if tx.UnmarshalBinary(b) != nil {
		return "", false
	}
	return tx.Hash().Hex(), true
}
