package ethereum

import (
	"bytes"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
)

// Trie computes the root of a Merkle Patricia trie (Yellow Paper, appendix D)
// from all its pairs at once: go-ethereum's package trie without the databases
// that come with it. It is a types.ListHasher, for types.DeriveSha. The zero
// value is an empty trie; one goroutine may use it at a time.
type Trie struct{ leaves []leaf }

type leaf struct{ nibbles, value []byte }

// Reset forgets all pairs.
func (r *Trie) Reset() { r.leaves = r.leaves[:0] }

// Update adds a pair, whose key is new. It never fails.
func (r *Trie) Update(key, value []byte) error {
	nibbles := make([]byte, 0, 2*len(key))
	for _, b := range key {
		nibbles = append(nibbles, b>>4, b&15)
	}
	r.leaves = append(r.leaves, leaf{nibbles, bytes.Clone(value)})
	return nil
}

// Hash is the root of what was added.
func (r *Trie) Hash() common.Hash {
	if len(r.leaves) == 0 {
		return types.EmptyRootHash
	}
	slices.SortFunc(r.leaves, func(a, b leaf) int { return bytes.Compare(a.nibbles, b.nibbles) })
	return crypto.Keccak256Hash(node(r.leaves, 0))
}

// node is the encoding of the node that holds the leaves, which agree in their
// first depth nibbles.
func node(leaves []leaf, depth int) []byte {
	first, last := leaves[0].nibbles[depth:], leaves[len(leaves)-1].nibbles[depth:]
	if len(leaves) == 1 {
		return list(text(compact(first, 0x20)), text(leaves[0].value))
	}
	shared := 0
	for shared < len(first) && shared < len(last) && first[shared] == last[shared] {
		shared++
	}
	if shared > 0 {
		return list(text(compact(first[:shared], 0)), reference(node(leaves, depth+shared)))
	}
	branch := slices.Repeat([]rlp.RawValue{text(nil)}, 17)
	if len(first) == 0 { // the other keys begin with this one
		branch[16] = text(leaves[0].value)
		leaves = leaves[1:]
	}
	for len(leaves) > 0 {
		n := leaves[0].nibbles[depth]
		end := slices.IndexFunc(leaves, func(l leaf) bool { return l.nibbles[depth] != n })
		if end < 0 {
			end = len(leaves)
		}
		branch[n] = reference(node(leaves[:end], depth+1))
		leaves = leaves[end:]
	}
	return list(branch...)
}

// compact packs nibbles, two a byte, after a flag that says whether they are
// of a leaf and whether they are odd in number.
func compact(nibbles []byte, flag byte) []byte {
	out := []byte{flag}
	if len(nibbles)%2 == 1 {
		out[0] |= 0x10 | nibbles[0]
		nibbles = nibbles[1:]
	}
	for ; len(nibbles) > 0; nibbles = nibbles[2:] {
		out = append(out, nibbles[0]<<4|nibbles[1])
	}
	return out
}

// reference stands for a node in its parent: itself where it is short.
func reference(encoded []byte) rlp.RawValue {
	if len(encoded) < common.HashLength {
		return encoded
	}
	return text(crypto.Keccak256(encoded))
}

func text(b []byte) rlp.RawValue { return encode(b) }

func list(items ...rlp.RawValue) rlp.RawValue { return encode(items) }

// encode cannot fail on byte strings and lists of raw values.
func encode(v any) rlp.RawValue {
	b, _ := rlp.EncodeToBytes(v)
	return b
}
