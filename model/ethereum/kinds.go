package ethereum

import "github.com/sessiontop/sessiontop/model"

// The kinds of result. They are disjoint: a value is of one kind, but for the
// few that cannot be told apart (an empty transaction pool), which are of
// several. What a method can return is a union of them.
const (
	kindNull    model.Kinds = 1 << iota
	kindBool                // true, false
	kindNumber              // a JSON number
	kindDecimal             // "123"
	kindText                // any other string that is not hex
	// Hex strings by their digits. A quantity has no leading zero, bytes have
	// an even number of digits, so an even string without one is both.
	kindHexEmpty   // "0x"
	kindShortOdd   // 1 to 15 digits, odd
	kindShortEven  // 2 to 16 digits, even
	kindMidOdd     // 17 to 31
	kindMidEven    // 18 to 32, no leading zero
	kindLongOdd    // 33 to 63
	kindLongEven   // 34 to 62, no leading zero, not 40
	kindZeroBytes  // 18 to 62, leading zero, not 40
	kindAddress    // 40
	kindAddress0   // 40, leading zero
	kindWord       // 64
	kindWord0      // 64, leading zero
	kindSignature  // 130: 65 bytes
	kindBytes      // more than 64, even, not 130
	kindEmptyArray // fits any array
	kindAddresses  // array of addresses
	kindWords      // array of 32-byte values
	kindHexes      // array of hex strings of any lengths
	kindTexts      // array of strings
	kindBools
	kindNumbers
	kindArrays // array of arrays
	kindNulls  // array of nothing but null
	kindLogs
	kindReceipts
	kindTxs
	kindSimulated // of eth_simulateV1
	kindParityTraces
	kindReplays  // of trace_replayBlockTransactions, trace_callMany
	kindTxTraces // of debug_traceBlock…
	kindPeers
	kindObjects     // array of objects, none of the above
	kindBlockHashes // block with transaction hashes
	kindBlockBodies // block with transaction objects
	kindBlockBare   // block without transactions
	kindHeader      // block without the member transactions: header, uncle
	kindTx
	kindReceipt
	kindLog
	kindProof
	kindFeeHistory
	kindSyncing
	kindPoolContent
	kindPoolInspect
	kindPoolStatus
	kindCallTrace
	kindStructLogs
	kindParityTrace
	kindReplay
	kindAccessList // of eth_createAccessList
	kindSigned     // {raw, tx}
	kindAddressMap // members named by addresses
	kindNodeInfo
	kindPayloadStatus
	kindForkchoice
	kindPayload
	kindConfig // eth_config, eth_capabilities
	kindEmptyObject
	kindObject // none of the above: fits any method that returns an object
)

// What methods return, as unions of kinds.
const (
	quantity    = kindShortOdd | kindShortEven // of at most 64 bits
	price       = quantity | kindMidOdd | kindMidEven
	bigQuantity = price | kindLongOdd | kindLongEven | kindAddress | kindWord
	address     = kindAddress | kindAddress0
	word        = kindWord | kindWord0
	anyBytes    = kindHexEmpty | kindShortEven | kindMidEven | kindLongEven | kindZeroBytes | address | word | kindSignature | kindBytes
	anyString   = kindDecimal | kindText | anyBytes | bigQuantity
	filterID    = kindNumber | kindDecimal | kindText | bigQuantity | kindZeroBytes | address | word
	bools       = kindEmptyArray | kindBools
	addresses   = kindEmptyArray | kindAddresses
	hexes       = kindEmptyArray | kindHexes | kindWords | kindAddresses
	texts       = hexes | kindTexts
	logs        = kindEmptyArray | kindLogs | kindObjects
	receipts    = kindEmptyArray | kindReceipts | kindObjects
	txs         = kindEmptyArray | kindTxs | kindObjects
	objects     = kindEmptyArray | kindObjects
	block       = kindBlockHashes | kindBlockBodies | kindBlockBare | kindObject
	header      = kindHeader | kindBlockBare | kindBlockHashes | kindObject
	tx          = kindTx | kindObject
	receipt     = kindReceipt | kindObject
	anyArray    = kindEmptyArray | kindAddresses | kindWords | kindHexes | kindTexts | kindBools | kindNumbers | kindArrays | kindNulls |
		kindLogs | kindReceipts | kindTxs | kindSimulated | kindParityTraces | kindReplays | kindTxTraces | kindPeers | kindObjects
	anyObject = kindBlockHashes | kindBlockBodies | kindBlockBare | kindHeader | kindTx | kindReceipt | kindLog | kindProof |
		kindFeeHistory | kindSyncing | kindPoolContent | kindPoolInspect | kindPoolStatus | kindCallTrace | kindStructLogs |
		kindParityTrace | kindReplay | kindAccessList | kindSigned | kindAddressMap | kindNodeInfo | kindPayloadStatus |
		kindForkchoice | kindPayload | kindConfig | kindEmptyObject | kindObject
	anyKind = ^model.Kinds(0)
)

// KindNames lists in plain words the kinds of the set, for explanations such
// as "expected array of addresses, got boolean". The words are shared by kinds
// that a reader would not tell apart.
func KindNames(k model.Kinds) []string {
	var names []string
	for _, g := range kindGroups {
		if k&g.kinds != 0 {
			names = append(names, g.name)
		}
	}
	return names
}

// kindGroups covers every kind once.
var kindGroups = [...]struct {
	kinds model.Kinds
	name  string
}{
	{kindNull, "null"}, {kindBool, "boolean"}, {kindNumber, "number"}, {kindDecimal, "decimal string"}, {kindText, "text"},
	{quantity | kindMidOdd | kindLongOdd, "quantity"}, {address, "address"}, {word, "32-byte value"}, {kindSignature, "signature"},
	{kindHexEmpty | kindMidEven | kindLongEven | kindZeroBytes | kindBytes, "bytes"},
	{kindEmptyArray, "empty array"}, {kindAddresses, "array of addresses"}, {kindWords, "array of 32-byte values"},
	{kindHexes, "array of hex strings"}, {kindTexts, "array of strings"}, {kindBools, "array of booleans"},
	{kindNumbers, "array of numbers"}, {kindArrays, "array of arrays"}, {kindNulls, "array of nulls"}, {kindLogs, "logs"},
	{kindReceipts, "receipts"}, {kindTxs, "transactions"}, {kindSimulated, "simulated blocks"},
	{kindParityTraces, "traces"}, {kindReplays, "replayed transactions"}, {kindTxTraces, "transaction traces"},
	{kindPeers, "peers"}, {kindObjects, "array of objects"},
	{kindBlockHashes | kindBlockBodies | kindBlockBare, "block"}, {kindHeader, "header"}, {kindTx, "transaction"},
	{kindReceipt, "receipt"}, {kindLog, "log"}, {kindProof, "proof"}, {kindFeeHistory, "fee history"},
	{kindSyncing, "sync status"}, {kindPoolContent, "pool content"}, {kindPoolInspect, "pool summary"},
	{kindPoolStatus, "pool status"}, {kindCallTrace, "call trace"}, {kindStructLogs, "opcode trace"},
	{kindParityTrace, "trace"}, {kindReplay, "replayed transaction"}, {kindAccessList, "access list"},
	{kindSigned, "signed transaction"}, {kindAddressMap, "object by address"}, {kindNodeInfo, "node information"},
	{kindPayloadStatus, "payload status"}, {kindForkchoice, "fork choice"}, {kindPayload, "payload"},
	{kindConfig, "configuration"}, {kindEmptyObject, "empty object"}, {kindObject, "object"},
}
