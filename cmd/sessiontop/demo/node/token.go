package node

import (
	"bytes"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
)

// The ERC-20 token's calls are told apart by the first four bytes of the hash
// of their signatures, its events by the whole hash (Contract ABI).

const (
	signTransfer    = "transfer(address,uint256)"
	signBalanceOf   = "balanceOf(address)"
	signTotalSupply = "totalSupply()"
	signDecimals    = "decimals()"
	eventTransfer   = "Transfer(address,address,uint256)"

	tokenDecimals = 18
	word          = 32 // bytes of an argument or a result
)

// tokenCode is what eth_getCode shows: an INVALID instruction, since the
// token's code is Go.
func tokenCode() []byte { return []byte{0xfe} }

// isCall says whether data calls the function with so many arguments.
func isCall(data []byte, signature string, args int) bool {
	return len(data) == 4+args*word && bytes.Equal(data[:4], selector(signature))
}

func selector(signature string) []byte { return crypto.Keccak256([]byte(signature))[:4] }

// TransferCall is the data of a transaction that sends tokens.
func TransferCall(to common.Address, amount *uint256.Int) []byte {
	value := amount.Bytes32()
	return append(append(selector(signTransfer), common.LeftPadBytes(to[:], word)...), value[:]...)
}

// BalanceOfCall is the data of a call that asks for an address's tokens.
func BalanceOfCall(a common.Address) []byte {
	return append(selector(signBalanceOf), common.LeftPadBytes(a[:], word)...)
}

// transferTokens carries out a transfer and says whether it succeeded.
func (s *state) transferTokens(from common.Address, data []byte) (*types.Log, bool) {
	if !isCall(data, signTransfer, 2) {
		return nil, false
	}
	to := common.BytesToAddress(data[4 : 4+word])
	amount := new(uint256.Int).SetBytes(data[4+word:])
	sender := s.at(from)
	if sender.tokens.Lt(amount) {
		return nil, false
	}
	sender.tokens.Sub(&sender.tokens, amount)
	receiver := s.at(to)
	receiver.tokens.Add(&receiver.tokens, amount)
	return &types.Log{
		Address: s.token,
		Topics: []common.Hash{
			crypto.Keccak256Hash([]byte(eventTransfer)),
			common.BytesToHash(from[:]),
			common.BytesToHash(to[:]),
		},
		Data: bytes.Clone(data[4+word:]),
	}, true
}

// callToken answers a call that changes nothing; ok is false for one that the
// token does not know.
func (s *state) callToken(data []byte) (result []byte, ok bool) {
	var n uint256.Int
	switch {
	case isCall(data, signBalanceOf, 1):
		h := s.get(common.BytesToAddress(data[4:]))
		n = h.tokens
	case isCall(data, signTotalSupply, 0):
		for _, h := range s.accounts {
			n.Add(&n, &h.tokens)
		}
	case isCall(data, signDecimals, 0):
		n.SetUint64(tokenDecimals)
	default:
		return nil, false
	}
	value := n.Bytes32()
	return value[:], true
}
