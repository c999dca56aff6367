package node

import "github.com/ethereum/go-ethereum/core/types"

// NewListHasher lets tests outside the package compute roots.
func NewListHasher() types.ListHasher { return &trie{} }
