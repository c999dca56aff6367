// Package ethereum is the dialect of Ethereum's JSON-RPC: what each method can
// return, what a result is and names, which parameters are secret, and a deep
// check of single results with go-ethereum's own types.
//
// # Kinds
//
// Dialect.Reply gives a result the kind that it is (kinds.go); Dialect.Ask
// gives a request the union of the kinds that its method returns (methods*.go).
// An object that nobody knows fits every method that returns an object, and a
// method or a member's name that cannot be read is no opinion: a check must
// never flag healthy traffic, so doubt always counts for the reply.
//
// # What the slots of a Fingerprint hold
//
// Reply does not know the method, so every slot means the same whatever the
// result is, and Ask demands a slot only of methods whose results hold it so:
//
//	slot    of a result
//	Lo, Hi  block: number · transaction, receipt, log, trace: blockNumber ·
//	        fee history: oldestBlock · list: lowest and highest of its elements ·
//	        hex string of at most 16 digits: its value. All + 1
//	Block   block, header: hash, never parentHash · transaction, receipt, log,
//	        trace: blockHash · VALID payload status, fork choice:
//	        latestValidHash · list: where the same in all
//	Tx      transaction: hash · receipt, log, trace: transactionHash ·
//	        32-byte string: itself · list: where the same in all
//	Addr    log, proof: address · transaction: from · address string: itself ·
//	        object by address: its only one · logs: where the same in all
//	Aux     string, number, boolean: digest of the whole, a hex string's
//	        without leading zeros · transaction: transactionIndex
//
// A pending block, transaction or log has null in some of them: 0, no opinion.
// Hashes and addresses are digests of the hex digits in lower case, numbers are
// compared as numbers: neither case nor leading zeros make a difference.
//
// A request's Lo to Hi is a range: of eth_getLogs and eth_feeHistory wider than
// one block. Tags (latest, safe, earliest, …) demand nothing.
//
// # Rules
//
// RuleConstant: eth_chainId, net_version. RuleHeight: eth_blockNumber.
// RuleFixed: state read at a block number or hash (eth_getBalance, eth_call, …)
// and counts of a block's transactions; Aux of the request is then the digest
// of method and params. Such an answer changes only when the block is
// reorganised away or a test node rewrites its state, so a difference near the
// head is weak evidence.
//
// eth_subscribe returns an identifier that the endpoint chooses; a notification
// (eth_subscription) is no reply and is not read here.
package ethereum
