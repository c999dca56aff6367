package node

import (
	"crypto/ecdsa"
	"encoding/binary"
	"encoding/hex"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Account is a key that the node manages, and the passphrase it asks for.
type Account struct {
	Key        *ecdsa.PrivateKey
	Address    common.Address
	Passphrase string
}

// Accounts are the n accounts of a seed: the node's, and known to the demo's
// workers, who derive them from the same seed.
func Accounts(seed uint64, n int) []Account {
	return derive(seed, "account", n)
}

func derive(seed uint64, purpose string, n int) []Account {
	out := make([]Account, n)
	for i := range out {
		data := binary.BigEndian.AppendUint64([]byte(purpose), seed)
		data = binary.BigEndian.AppendUint64(data, uint64(i))
		key, err := crypto.ToECDSA(crypto.Keccak256(data))
		if err != nil { // a hash above the curve's order: not once in 2^127
			panic(err)
		}
		out[i] = Account{
			Key:        key,
			Address:    crypto.PubkeyToAddress(key.PublicKey),
			Passphrase: "passphrase-" + hex.EncodeToString(crypto.Keccak256(data, []byte("passphrase"))[:8]),
		}
	}
	return out
}
