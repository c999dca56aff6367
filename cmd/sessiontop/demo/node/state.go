package node

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/sessiontop/sessiontop/model/ethereum"
)

// state is what every address has after the newest block.
type state struct {
	accounts map[common.Address]*holder
	token    common.Address // the contract
}

// holder is one address: its ether and its tokens.
type holder struct {
	nonce  uint64
	ether  uint256.Int
	tokens uint256.Int
	key    []byte // in the state trie
	slot   []byte // of its tokens in the contract's storage trie
}

func newState(token common.Address) *state {
	s := &state{accounts: map[common.Address]*holder{}, token: token}
	s.at(token).nonce = 1 // EIP-161
	return s
}

// at is an address's own record, made when it is first needed.
func (s *state) at(a common.Address) *holder {
	h := s.accounts[a]
	if h == nil {
		var position common.Hash // of the mapping of balances: 0
		slot := crypto.Keccak256(common.LeftPadBytes(a[:], 32), position[:])
		h = &holder{key: crypto.Keccak256(a[:]), slot: crypto.Keccak256(slot)}
		s.accounts[a] = h
	}
	return h
}

// get is a copy of an address's record, empty if it has none.
func (s *state) get(a common.Address) holder {
	if h := s.accounts[a]; h != nil {
		return *h
	}
	return holder{}
}

// code is the code of an address, none but the token has some.
func (s *state) code(a common.Address) []byte {
	if a == s.token {
		return tokenCode()
	}
	return nil
}

// root is the root of the state trie.
func (s *state) root() common.Hash {
	var accounts, storage ethereum.Trie
	for _, h := range s.accounts {
		if !h.tokens.IsZero() {
			put(&storage, h.slot, h.tokens.Bytes())
		}
	}
	storageRoot := storage.Hash()
	for a, h := range s.accounts {
		account := types.NewEmptyStateAccount()
		account.Nonce, account.Balance = h.nonce, &h.ether
		if a == s.token {
			account.Root, account.CodeHash = storageRoot, crypto.Keccak256(tokenCode())
		}
		put(&accounts, h.key, account)
	}
	return accounts.Hash()
}

func put(t *ethereum.Trie, key []byte, value any) {
	b, err := rlp.EncodeToBytes(value)
	if err != nil { // only unknown types fail
		panic(err)
	}
	_ = t.Update(key, b) // never fails
}
