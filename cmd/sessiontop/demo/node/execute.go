package node

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"
)

const (
	gasTransfer = 21_000
	gasToken    = 51_000 // what a token transfer usually takes
)

// gasNeeded is the gas a call takes.
func (s *state) gasNeeded(to *common.Address) uint64 {
	if to != nil && *to == s.token {
		return gasToken
	}
	return gasTransfer
}

// price is what a transaction pays for gas over a base fee, and the part of it
// that the block's producer gets (EIP-1559).
func price(tx *types.Transaction, baseFee *big.Int) (price, tip *big.Int) {
	tip = new(big.Int).Sub(tx.GasFeeCap(), baseFee)
	if tip.Cmp(tx.GasTipCap()) > 0 {
		tip = tx.GasTipCap()
	}
	return new(big.Int).Add(baseFee, tip), tip
}

// check says why tx can never be carried out, in go-ethereum's words.
func (s *state) check(tx *types.Transaction, from common.Address) error {
	h := s.get(from)
	switch cost, overflow := uint256.FromBig(tx.Cost()); {
	case tx.Nonce() < h.nonce:
		return fmt.Errorf("nonce too low: address %s, tx: %d state: %d", from, tx.Nonce(), h.nonce)
	case tx.To() == nil:
		return errors.New("contract creation is not supported")
	case tx.Gas() < s.gasNeeded(tx.To()):
		return fmt.Errorf("intrinsic gas too low: have %d, want %d", tx.Gas(), s.gasNeeded(tx.To()))
	case overflow || h.ether.Lt(cost):
		return fmt.Errorf("insufficient funds for gas * price + value: address %s have %s want %s", from, h.ether.Dec(), tx.Cost())
	}
	return nil
}

// execute carries out a transaction of the block that header begins. The
// caller has checked it, its nonce and its fee cap.
func (s *state) execute(header *types.Header, tx *types.Transaction, from common.Address) *types.Receipt {
	gas := s.gasNeeded(tx.To())
	perGas, tip := price(tx, header.BaseFee)
	sender := s.at(from)
	sender.nonce++
	sender.ether.Sub(&sender.ether, times(perGas, gas))
	producer := s.at(header.Coinbase)
	producer.ether.Add(&producer.ether, times(tip, gas)) // the base fee is burnt

	receipt := &types.Receipt{
		Type: tx.Type(), Status: types.ReceiptStatusSuccessful, Logs: []*types.Log{},
		TxHash: tx.Hash(), GasUsed: gas, EffectiveGasPrice: perGas, BlockNumber: header.Number,
	}
	if *tx.To() == s.token {
		log, ok := s.transferTokens(from, tx.Data())
		if !ok {
			receipt.Status = types.ReceiptStatusFailed
			return receipt
		}
		receipt.Logs = append(receipt.Logs, log)
	}
	value := uint256.MustFromBig(tx.Value())
	sender.ether.Sub(&sender.ether, value)
	receiver := s.at(*tx.To())
	receiver.ether.Add(&receiver.ether, value)
	return receipt
}

func times(perGas *big.Int, gas uint64) *uint256.Int {
	return new(uint256.Int).Mul(uint256.MustFromBig(perGas), uint256.NewInt(gas))
}
