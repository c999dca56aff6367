package node

import (
	"context"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

var errPruned = errors.New("historical state is not available: only the newest block's is kept")

func (e *ethAPI) Accounts(ctx context.Context) []common.Address {
	e.chain.work(ctx)
	return e.keys.order
}

func (e *ethAPI) GetBalance(ctx context.Context, a common.Address, at *rpc.BlockNumberOrHash) (*hexutil.Big, error) {
	h, err := e.holder(ctx, a, at)
	return (*hexutil.Big)(h.ether.ToBig()), err
}

func (e *ethAPI) GetTransactionCount(ctx context.Context, a common.Address, at *rpc.BlockNumberOrHash) (hexutil.Uint64, error) {
	h, err := e.holder(ctx, a, at)
	if at != nil && at.BlockNumber != nil && *at.BlockNumber == rpc.PendingBlockNumber {
		return hexutil.Uint64(e.chain.nextNonce(a)), err
	}
	return hexutil.Uint64(h.nonce), err
}

func (e *ethAPI) GetCode(ctx context.Context, a common.Address, at *rpc.BlockNumberOrHash) (code hexutil.Bytes, err error) {
	err = e.newest(ctx, at, func(s *state) { code = s.code(a) })
	return code, err
}

// callArgs is what a call or an estimate is asked for; the rest is ignored.
type callArgs struct {
	From  *common.Address `json:"from"`
	To    *common.Address `json:"to"`
	Value *hexutil.Big    `json:"value"`
	Data  hexutil.Bytes   `json:"data"`
	Input hexutil.Bytes   `json:"input"`
}

func (c callArgs) data() []byte {
	if c.Input != nil {
		return c.Input
	}
	return c.Data
}

func (e *ethAPI) Call(ctx context.Context, args callArgs, at *rpc.BlockNumberOrHash) (result hexutil.Bytes, err error) {
	reverted := false
	err = e.newest(ctx, at, func(s *state) {
		if args.To != nil && *args.To == s.token {
			b, ok := s.callToken(args.data())
			result, reverted = b, !ok
		}
	})
	if reverted {
		return nil, errors.New("execution reverted")
	}
	return result, err
}

func (e *ethAPI) EstimateGas(ctx context.Context, args callArgs, at *rpc.BlockNumberOrHash) (gas hexutil.Uint64, err error) {
	err = e.newest(ctx, at, func(s *state) { gas = hexutil.Uint64(s.gasNeeded(args.To)) })
	return gas, err
}

func (e *ethAPI) GasPrice(ctx context.Context) *hexutil.Big {
	e.chain.work(ctx)
	next := nextBaseFee(e.chain.head().Header())
	return (*hexutil.Big)(next.Add(next, big.NewInt(tipWanted)))
}

func (e *ethAPI) MaxPriorityFeePerGas(ctx context.Context) *hexutil.Big {
	e.chain.work(ctx)
	return (*hexutil.Big)(big.NewInt(tipWanted))
}

func (e *ethAPI) holder(ctx context.Context, a common.Address, at *rpc.BlockNumberOrHash) (h holder, err error) {
	err = e.newest(ctx, at, func(s *state) { h = s.get(a) })
	return h, err
}

// newest calls f with the newest state, if that is what the caller asks for.
func (e *ethAPI) newest(ctx context.Context, at *rpc.BlockNumberOrHash, f func(*state)) error {
	e.chain.work(ctx)
	if at != nil {
		b := e.chain.at(*at)
		if b == nil {
			return errors.New("header not found")
		}
		n, byNumber := at.Number()
		if isTag := byNumber && n < 0; !isTag && b != e.chain.head() {
			return errPruned
		}
	}
	e.chain.read(f)
	return nil
}
