package ethereum

import (
	"encoding/hex"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
)

// hasher holds what hashing needs, so that it can be used again.
type hasher struct {
	state crypto.KeccakState
	bytes []byte
	sum   [32]byte
}

func newHasher() *hasher { return &hasher{state: crypto.NewKeccakState()} }

// maxHashed is how many bytes are hashed; more is no opinion. A transaction
// with six blobs has 0.8 MB.
const maxHashed = 4 << 20

// decode reads the hex string at c; nil where it is none.
func (h *hasher) decode(c *cursor) []byte {
	if c.peek() != '"' {
		return nil
	}
	digits, ok := hexDigits(c.text())
	if !ok || len(digits)%2 == 1 || len(digits) > 2*maxHashed {
		return nil
	}
	if n := len(digits) / 2; cap(h.bytes) < n || h.bytes == nil {
		h.bytes = make([]byte, max(n, 512))
	}
	h.bytes = h.bytes[:len(digits)/2]
	if _, err := hex.Decode(h.bytes, digits); err != nil {
		return nil
	}
	return h.bytes
}

// hash is the digest of keccak256 of the parts.
func (h *hasher) hash(parts ...[]byte) uint64 {
	h.state.Reset()
	for _, p := range parts {
		h.state.Write(p)
	}
	h.state.Read(h.sum[:])
	return wordDigest(h.sum)
}

// sha3 is the digest of keccak256 of the bytes at c, without leading zeros, as
// the result of web3_sha3 is compared; 0 where they are no bytes.
func (d *Dialect) sha3(c *cursor) uint64 {
	h := d.hashers.Get().(*hasher)
	defer d.hashers.Put(h)
	b := h.decode(c)
	if b == nil {
		return 0
	}
	h.hash(b)
	var digits [wordDigits]byte
	hex.Encode(digits[:], h.sum[:])
	return hexDigest(noZeros(digits[:]))
}

// transactionHash is the digest of the hash of the signed transaction at c; 0
// where its type is none that is known here (other chains hash theirs in their
// own ways) or it is no transaction.
func (d *Dialect) transactionHash(c *cursor) uint64 {
	h := d.hashers.Get().(*hasher)
	defer d.hashers.Put(h)
	b := h.decode(c)
	if len(b) < 2 {
		return 0
	}
	switch {
	case b[0] == types.BlobTxType:
		body, err := blobBody(b[1:])
		if err != nil {
			return 0
		}
		return h.hash(b[:1], body)
	case b[0] >= 0xc0, b[0] == types.AccessListTxType, b[0] == types.DynamicFeeTxType, b[0] == types.SetCodeTxType:
		return h.hash(b)
	}
	return 0
}

// blobBody cuts the sidecar off. The network form of EIP-4844 is a list of the
// transaction and its blobs, commitments and proofs; the hash is over the
// transaction, a list itself, alone. Its first member is a number.
func blobBody(b []byte) ([]byte, error) {
	members, _, err := rlp.SplitList(b)
	if err != nil {
		return nil, err
	}
	kind, _, rest, err := rlp.Split(members)
	if err != nil {
		return nil, err
	}
	if kind == rlp.List {
		return members[:len(members)-len(rest)], nil
	}
	return b, nil
}
