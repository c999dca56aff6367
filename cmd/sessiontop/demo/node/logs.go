package node

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// oneOrMany is a JSON value that may be one T, an array of them, or null.
type oneOrMany[T any] []T

func (o *oneOrMany[T]) UnmarshalJSON(b []byte) error {
	var one *T
	if err := json.Unmarshal(b, &one); err == nil {
		if one != nil {
			*o = oneOrMany[T]{*one}
		}
		return nil
	}
	return json.Unmarshal(b, (*[]T)(o))
}

// logFilter says which logs are wanted: of which blocks, by which contracts
// (none: any), with which topics (in each position: none is any).
type logFilter struct {
	BlockHash *common.Hash              `json:"blockHash"`
	FromBlock *rpc.BlockNumber          `json:"fromBlock"`
	ToBlock   *rpc.BlockNumber          `json:"toBlock"`
	Address   oneOrMany[common.Address] `json:"address"`
	Topics    []oneOrMany[common.Hash]  `json:"topics"`
}

func (e *ethAPI) GetLogs(ctx context.Context, filter logFilter) ([]*types.Log, error) {
	e.chain.work(ctx)
	first, last := e.chain.head(), e.chain.head()
	if filter.BlockHash != nil {
		first = e.chain.hash(*filter.BlockHash)
		last = first
	}
	if filter.FromBlock != nil {
		first = e.chain.byNumber(*filter.FromBlock)
	}
	if filter.ToBlock != nil {
		last = e.chain.byNumber(*filter.ToBlock)
	}
	if first == nil || last == nil {
		return nil, errors.New("unknown block")
	}
	if first.NumberU64() > last.NumberU64() {
		return nil, errors.New("invalid block range params")
	}
	logs := []*types.Log{}
	for n := first.NumberU64(); n <= last.NumberU64(); n++ {
		if b := e.chain.number(n); b != nil && filter.mayMatch(b.Bloom()) {
			for _, r := range b.receipts {
				logs = append(logs, filter.among(r.Logs)...)
			}
		}
	}
	return logs, nil
}

// mayMatch says whether a block with this bloom may have such logs.
func (f *logFilter) mayMatch(bloom types.Bloom) bool {
	if len(f.Address) > 0 && !slices.ContainsFunc(f.Address, func(a common.Address) bool { return bloom.Test(a[:]) }) {
		return false
	}
	for _, wanted := range f.Topics {
		if len(wanted) > 0 && !slices.ContainsFunc(wanted, func(h common.Hash) bool { return bloom.Test(h[:]) }) {
			return false
		}
	}
	return true
}

func (f *logFilter) among(logs []*types.Log) (out []*types.Log) {
	for _, l := range logs {
		if f.matches(l) {
			out = append(out, l)
		}
	}
	return out
}

func (f *logFilter) matches(l *types.Log) bool {
	if len(f.Address) > 0 && !slices.Contains(f.Address, l.Address) || len(f.Topics) > len(l.Topics) {
		return false
	}
	for i, wanted := range f.Topics {
		if len(wanted) > 0 && !slices.Contains(wanted, l.Topics[i]) {
			return false
		}
	}
	return true
}
