package node

import (
	"context"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/rpc"
)

// feeHistory is what blocks cost: one base fee more than there are blocks,
// since the next one's is known already.
type feeHistory struct {
	OldestBlock  *hexutil.Big     `json:"oldestBlock"`
	Reward       [][]*hexutil.Big `json:"reward,omitempty"`
	BaseFee      []*hexutil.Big   `json:"baseFeePerGas"`
	GasUsedRatio []float64        `json:"gasUsedRatio"`
}

func (e *ethAPI) FeeHistory(ctx context.Context, count math.HexOrDecimal64, newest rpc.BlockNumber, percentiles []float64) (*feeHistory, error) {
	const most = 1024
	e.chain.work(ctx)
	h := &feeHistory{OldestBlock: new(hexutil.Big), BaseFee: []*hexutil.Big{}, GasUsedRatio: []float64{}}
	last := e.chain.byNumber(newest)
	if last == nil || count == 0 {
		return h, nil
	}
	n := min(uint64(count), most, last.NumberU64()+1)
	oldest := last.NumberU64() + 1 - n
	for i := oldest; i <= last.NumberU64(); i++ {
		b := e.chain.number(i)
		if b == nil { // no longer kept
			oldest = i + 1
			continue
		}
		h.BaseFee = append(h.BaseFee, (*hexutil.Big)(b.BaseFee()))
		h.GasUsedRatio = append(h.GasUsedRatio, float64(b.GasUsed())/float64(b.GasLimit()))
		if len(percentiles) > 0 {
			h.Reward = append(h.Reward, b.rewards(percentiles))
		}
	}
	h.BaseFee = append(h.BaseFee, (*hexutil.Big)(nextBaseFee(last.Header())))
	h.OldestBlock = (*hexutil.Big)(new(big.Int).SetUint64(oldest))
	return h, nil
}

// rewards is the tips at the percentiles of the block's transactions, the
// cheapest first; zeros for an empty block.
func (b *block) rewards(percentiles []float64) []*hexutil.Big {
	tips := []*big.Int{}
	for _, tx := range b.Transactions() {
		_, tip := price(tx, b.BaseFee())
		tips = append(tips, tip)
	}
	slices.SortFunc(tips, (*big.Int).Cmp)
	out := make([]*hexutil.Big, len(percentiles))
	for i, p := range percentiles {
		out[i] = new(hexutil.Big)
		if len(tips) > 0 {
			at := int(p / 100 * float64(len(tips)))
			out[i] = (*hexutil.Big)(tips[max(0, min(at, len(tips)-1))])
		}
	}
	return out
}
