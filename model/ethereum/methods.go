package ethereum

import (
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// spec is what the table says of a method.
type spec struct {
	returns model.Kinds // what its result can be
	names   naming      // what its parameters say of the result
	at      int8        // of which parameter
	rule    model.Rule
}

// naming is how a parameter determines what the result names.
type naming uint8

const (
	namesNothing    naming = iota
	namesBlock             // a number, or a hash, or an object with either
	namesTx                // a transaction hash
	namesAddress           // an address
	namesTxAt              // a block as above, and the parameter after it is the transaction's index
	namesBodies            // a block as above, and the parameter after it says whether with transaction objects
	namesUncle             // a block, whose uncle is a little older
	namesRange             // a log filter: range of blocks, or block hash, and address
	namesHistory           // a number of blocks, and the parameter after it is the newest
	namesRaw               // a signed transaction, whose hash is the result's
	namesSHA3              // bytes, whose hash is the result
	namesState             // a block at which the state is read: RuleFixed, if numbered
	namesTracer            // a trace configuration: what the result can be
	namesPayload           // an execution payload
	namesForkchoice        // a fork choice state
)

// lookup finds a method by its namespace.
func lookup(method string) (spec, bool) {
	space, name, _ := strings.Cut(method, "_")
	var s spec
	var ok bool
	switch space {
	case "eth":
		if s, ok = ethMethods[name]; !ok {
			s, ok = ethSigning[name]
		}
	case "net", "web3", "rpc":
		s, ok = netMethods[method]
	case "personal":
		s, ok = personalMethods[name]
	case "txpool", "miner", "admin":
		s, ok = nodeMethods[method]
	case "debug":
		s, ok = debugMethods[name]
	case "trace":
		s, ok = traceMethods[name]
	case "engine", "testing":
		s, ok = engineMethods[method]
	case "erigon", "ots", "parity":
		s, ok = explorerMethods[method]
	case "anvil", "hardhat", "evm", "ganache":
		s, ok = developMethods[name]
	}
	return s, ok
}
