package node

import (
	"math/big"
	"math/rand/v2"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"
)

const (
	crowdSize  = 24
	patientFee = 20e9 // a base fee at which most of the crowd wait, wei
)

// crowd is the rest of the world: people who pay each other, so that blocks
// are not empty.
type crowd struct {
	rng    *rand.Rand
	people []Account
}

func newCrowd(seed uint64) *crowd {
	return &crowd{rng: rand.New(rand.NewPCG(seed, 1)), people: derive(seed, "crowd", crowdSize)}
}

// pay submits what the crowd wants in the next block; the dearer gas is, the
// less that is.
func (w *crowd) pay(c *chain) {
	baseFee := c.head().BaseFee()
	n := 4 + w.rng.IntN(6)
	if baseFee.Cmp(big.NewInt(patientFee)) > 0 {
		n = w.rng.IntN(3)
	}
	for range n {
		from, to := w.people[w.rng.IntN(crowdSize)], w.people[w.rng.IntN(crowdSize)].Address
		var token common.Address
		c.read(func(s *state) { token = s.token })
		tx := &types.DynamicFeeTx{
			ChainID: big.NewInt(chainID), Nonce: c.nextNonce(from.Address), To: &to,
			Value: big.NewInt(w.rng.Int64N(1e15)), Gas: gasTransfer,
			GasTipCap: big.NewInt(1 + w.rng.Int64N(tipWanted)),
		}
		tx.GasFeeCap = new(big.Int).Add(new(big.Int).Lsh(baseFee, 1), tx.GasTipCap)
		if w.rng.IntN(2) == 0 {
			tx.To, tx.Value, tx.Gas = &token, new(big.Int), gasToken
			tx.Data = TransferCall(to, uint256.NewInt(1+w.rng.Uint64N(1e18)))
		}
		// Someone who has run out of money just does not pay.
		_ = c.submit(types.MustSignNewTx(from.Key, c.signer, tx))
	}
}
