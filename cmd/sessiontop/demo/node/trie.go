package node

import (
	"bytes"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
)

// trie computes the root of a Merkle Patricia trie (Yellow Paper, appendix D)
// from all its pairs at once. It is a types.ListHasher.
type trie struct {
	leaves []leaf
}

type leaf struct {
	path  []byte // the key in nibbles
	value []byte
}

func (t *trie) Reset() { t.leaves = t.leaves[:0] }

func (t *trie) Update(key, value []byte) error {
	path := make([]byte, 0, 2*len(key))
	for _, b := range key {
		path = append(path, b>>4, b&15)
	}
	t.leaves = append(t.leaves, leaf{path, bytes.Clone(value)})
	return nil
}

func (t *trie) Hash() common.Hash {
	if len(t.leaves) == 0 {
		return types.EmptyRootHash
	}
	slices.SortFunc(t.leaves, func(a, b leaf) int { return bytes.Compare(a.path, b.path) })
	return crypto.Keccak256Hash(encodeNode(t.leaves, 0))
}

// encodeNode is the RLP of the node above leaves, which share depth nibbles
// and are in order.
func encodeNode(leaves []leaf, depth int) []byte {
	first, last := leaves[0].path[depth:], leaves[len(leaves)-1].path[depth:]
	if len(leaves) == 1 {
		return encodeList(compact(first, true), leaves[0].value)
	}
	shared := 0
	for shared < len(first) && first[shared] == last[shared] {
		shared++
	}
	if shared > 0 {
		return encodeList(compact(first[:shared], false), reference(encodeNode(leaves, depth+shared)))
	}
	var branch [17]any
	for i := range branch {
		branch[i] = []byte{}
	}
	if len(first) == 0 {
		branch[16] = leaves[0].value
		leaves = leaves[1:]
	}
	for len(leaves) > 0 {
		nibble, n := leaves[0].path[depth], 1
		for n < len(leaves) && leaves[n].path[depth] == nibble {
			n++
		}
		branch[nibble] = reference(encodeNode(leaves[:n], depth+1))
		leaves = leaves[n:]
	}
	return encodeList(branch[:]...)
}

// reference is how a node stands in its parent: itself if it is shorter than
// its hash.
func reference(node []byte) any {
	if len(node) < common.HashLength {
		return rlp.RawValue(node)
	}
	return crypto.Keccak256(node)
}

// compact is the hex-prefix encoding of a path (Yellow Paper, appendix C).
func compact(path []byte, isLeaf bool) []byte {
	flag := byte(0)
	if isLeaf {
		flag = 2
	}
	if len(path)%2 == 1 {
		path = append([]byte{flag | 1}, path...)
	} else {
		path = append([]byte{flag, 0}, path...)
	}
	out := make([]byte, len(path)/2)
	for i := range out {
		out[i] = path[2*i]<<4 | path[2*i+1]
	}
	return out
}

func encodeList(items ...any) []byte {
	b, err := rlp.EncodeToBytes(items)
	if err != nil { // only unknown types fail
		panic(err)
	}
	return b
}
