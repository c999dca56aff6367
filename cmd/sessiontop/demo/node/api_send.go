package node

import (
	"context"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
)

// SendRawTransaction takes a signed transaction into the next block.
func (e *ethAPI) SendRawTransaction(ctx context.Context, raw hexutil.Bytes) (common.Hash, error) {
	e.chain.work(ctx)
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(raw); err != nil {
		return common.Hash{}, err
	}
	return tx.Hash(), e.chain.submit(tx)
}

// sendArgs is a transaction that the node is to sign.
type sendArgs struct {
	callArgs
	Gas *hexutil.Uint64 `json:"gas"`
}

// SendTransaction signs with an unlocked account.
func (e *ethAPI) SendTransaction(ctx context.Context, args sendArgs) (common.Hash, error) {
	e.chain.work(ctx)
	var from common.Address
	if args.From != nil {
		from = *args.From
	}
	key, err := e.keys.key(from, time.Now())
	if err != nil {
		return common.Hash{}, err
	}
	tx := &types.DynamicFeeTx{
		ChainID: big.NewInt(chainID), Nonce: e.chain.nextNonce(from), To: args.To, Data: args.data(),
		Value: new(big.Int), GasTipCap: big.NewInt(tipWanted),
		GasFeeCap: new(big.Int).Lsh(e.chain.head().BaseFee(), 1),
	}
	tx.GasFeeCap.Add(tx.GasFeeCap, tx.GasTipCap)
	if args.Value != nil {
		tx.Value = args.Value.ToInt()
	}
	if args.Gas != nil {
		tx.Gas = uint64(*args.Gas)
	} else {
		e.chain.read(func(s *state) { tx.Gas = s.gasNeeded(args.To) })
	}
	signed, err := types.SignNewTx(key, e.chain.signer, tx)
	if err != nil {
		return common.Hash{}, err
	}
	return signed.Hash(), e.chain.submit(signed)
}
