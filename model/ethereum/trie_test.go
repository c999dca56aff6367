package ethereum_test

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/sessiontop/sessiontop/model/ethereum"
)

// The roots are those of the trie tests that Ethereum's clients share
// (github.com/ethereum/tests, TrieTests/trieanyorder.json).
func TestTrieRoot(t *testing.T) {
	for _, c := range []struct {
		name  string
		pairs [][2]string
		want  string
	}{
		{"empty", nil, types.EmptyRootHash.Hex()},
		{"singleItem", [][2]string{{"A", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}},
			"0xd23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"},
		{"dogs", [][2]string{{"doe", "reindeer"}, {"dog", "puppy"}, {"dogglesworth", "cat"}},
			"0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3"},
		{"puppy", [][2]string{{"do", "verb"}, {"horse", "stallion"}, {"doge", "coin"}, {"dog", "puppy"}},
			"0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84"},
		{"foo", [][2]string{{"foo", "bar"}, {"food", "bass"}},
			"0x17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3"},
		{"smallValues", [][2]string{{"be", "e"}, {"dog", "puppy"}, {"bed", "d"}},
			"0x3f67c7a47520f79faa29255d2d3c084a7a6df0453116ed7232ff10277a8be68b"},
	} {
		for _, backwards := range []bool{false, true} {
			var root ethereum.Trie
			for i := range c.pairs {
				if backwards {
					i = len(c.pairs) - 1 - i
				}
				if err := root.Update([]byte(c.pairs[i][0]), []byte(c.pairs[i][1])); err != nil {
					t.Fatal(err)
				}
			}
			if got := root.Hash(); got != common.HexToHash(c.want) {
				t.Errorf("%s: root %s, want %s", c.name, got, c.want)
			}
		}
	}
}
