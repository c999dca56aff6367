// Package node is a small Ethereum node for the demo: a go-ethereum rpc.Server
// over HTTP on loopback, with the personal, eth, net and web3 namespaces.
//
//	http.Server ─► rpc.Server ─► api_*.go ─► chain (blocks, pool) ─► state ─► trie
//	                                          ▲ one block each period
//
// What it serves hangs together as on a real chain: real keys, signed
// transactions, base fees by EIP-1559, state, transaction and receipt roots,
// blooms and block hashes that a client can verify. What it leaves out are
// peers, consensus and the EVM: its one contract, an ERC-20 token, is carried
// out by Go code, and the state is kept for the newest block only.
//
// A call takes between a hundred microseconds and a few milliseconds of real
// work, as on a node: passphrases are stretched, state is read with its root
// verified. So calls overlap, and each other's replies can be met.
package node
