package synth

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
)

// chain is a blockchain whose every value follows from a seed: blocks,
// transactions, receipts, logs, balances. It is never stored.
type chain struct {
	seed  uint64
	id    uint64
	first uint64 // number of the block at virtual time 0
	every int64  // nanoseconds from block to block
}

const (
	firstChainID = 1337
	accounts     = 48 // of the node
	tokens       = 8  // contracts that log
	genesis      = 1_700_000_000
)

// The kinds of value that are derived.
const (
	tagBlock uint64 = iota
	tagTx
	tagAccount
	tagToken
	tagState
	tagRoot
	tagSlot
)

// newChain is the chain of that number: each has other values, another height
// and an id of its own.
func newChain(seed, number uint64, every time.Duration) *chain {
	if number > 0 {
		seed = scramble(seed ^ number)
	}
	return &chain{seed: seed, id: firstChainID + number, first: 19_000_000 + seed%1000 - 2_000_000*number, every: int64(every)}
}

// head is the newest block at virtual time t.
func (c *chain) head(t int64) uint64 { return c.first + uint64(t/c.every) }

// number is the value of that kind and index.
func (c *chain) number(tag, a, b uint64) uint64 {
	return scramble(c.seed ^ scramble(tag<<56^a*0x9e3779b1^scramble(b)))
}

type word [32]byte

func (c *chain) word(tag, a, b uint64) word {
	var w word
	x := c.number(tag, a, b)
	for i := 0; i < len(w); i += 8 {
		x = scramble(x)
		binary.BigEndian.PutUint64(w[i:], x)
	}
	return w
}

func (c *chain) blockHash(n uint64) word      { return c.word(tagBlock, n, 0) }
func (c *chain) txHash(n uint64, i int) word  { return c.word(tagTx, n, uint64(i)) }
func (c *chain) account(i int) word           { return c.word(tagAccount, uint64(i), 0) }
func (c *chain) token(i int) word             { return c.word(tagToken, uint64(i), 0) }
func (c *chain) txCount(n uint64) int         { return 1 + int(c.number(tagRoot, n, 1)%4) }
func (c *chain) logCount(n uint64, i int) int { return int(c.number(tagTx, n, uint64(i)+1000) % 3) }
func (c *chain) sender(n uint64, i int) int {
	return int(c.number(tagTx, n, uint64(i)+2000) % accounts)
}
func (c *chain) called(n uint64, i int) int { return int(c.number(tagTx, n, uint64(i)+3000) % tokens) }
func (c *chain) gasUsed(n uint64, i int) uint64 {
	return 21000 + c.number(tagTx, n, uint64(i)+4000)%90000
}
func (c *chain) gasPrice(n uint64) uint64 {
	return 1_000_000_000 + c.number(tagRoot, n, 2)%9_000_000_000
}

// balance is in wei; it changes now and then.
func (c *chain) balance(account int, n uint64) uint64 {
	return 1e15 + c.number(tagState, uint64(account), n/16)%1e18
}

func (c *chain) nonce(account int, n uint64) uint64 { return 100 + uint64(account) + n/64%1000 }

// The forms in which values stand in JSON.

func appendWord(dst []byte, w word) []byte {
	dst = append(dst, '"', '0', 'x')
	return append(hex.AppendEncode(dst, w[:]), '"')
}

func appendAddress(dst []byte, w word) []byte {
	dst = append(dst, '"', '0', 'x')
	return append(hex.AppendEncode(dst, w[12:]), '"')
}

func appendQuantity(dst []byte, n uint64) []byte {
	dst = append(dst, '"', '0', 'x')
	return append(strconv.AppendUint(dst, n, 16), '"')
}

// appendHeader appends the members of a block's header but for the gas used.
func (c *chain) appendHeader(dst []byte, n uint64) []byte {
	dst = appendWord(append(dst, `"hash":`...), c.blockHash(n))
	dst = appendQuantity(append(dst, `,"number":`...), n)
	dst = appendWord(append(dst, `,"parentHash":`...), c.blockHash(n-1))
	dst = appendWord(append(dst, `,"stateRoot":`...), c.word(tagRoot, n, 10))
	dst = appendWord(append(dst, `,"transactionsRoot":`...), c.word(tagRoot, n, 11))
	dst = appendWord(append(dst, `,"receiptsRoot":`...), c.word(tagRoot, n, 12))
	dst = appendAddress(append(dst, `,"miner":`...), c.account(int(n%accounts)))
	dst = append(dst, `,"difficulty":"0x0","extraData":"0x","nonce":"0x0000000000000000","size":"0x54a","gasLimit":"0x1c9c380"`...)
	dst = appendQuantity(append(dst, `,"baseFeePerGas":`...), c.gasPrice(n))
	return appendQuantity(append(dst, `,"timestamp":`...), genesis+n*2)
}

func (c *chain) appendBlock(dst []byte, n uint64, bodies bool) []byte {
	dst = append(c.appendHeader(append(dst, '{'), n), `,"uncles":[],"transactions":[`...)
	gas := uint64(0)
	for i := range c.txCount(n) {
		gas += c.gasUsed(n, i)
		if i > 0 {
			dst = append(dst, ',')
		}
		if bodies {
			dst = c.appendTx(dst, n, i)
		} else {
			dst = appendWord(dst, c.txHash(n, i))
		}
	}
	dst = appendQuantity(append(dst, `],"gasUsed":`...), gas)
	return append(dst, '}')
}

// appendPlace appends where a transaction stands.
func (c *chain) appendPlace(dst []byte, n uint64, i int) []byte {
	dst = appendWord(append(dst, `"blockHash":`...), c.blockHash(n))
	dst = appendQuantity(append(dst, `,"blockNumber":`...), n)
	return appendQuantity(append(dst, `,"transactionIndex":`...), uint64(i))
}

func (c *chain) appendTx(dst []byte, n uint64, i int) []byte {
	dst = c.appendPlace(append(dst, '{'), n, i)
	dst = appendWord(append(dst, `,"hash":`...), c.txHash(n, i))
	dst = appendAddress(append(dst, `,"from":`...), c.account(c.sender(n, i)))
	dst = appendAddress(append(dst, `,"to":`...), c.token(c.called(n, i)))
	dst = appendQuantity(append(dst, `,"nonce":`...), c.nonce(c.sender(n, i), n))
	dst = appendQuantity(append(dst, `,"gas":`...), 150_000)
	dst = appendQuantity(append(dst, `,"gasPrice":`...), c.gasPrice(n))
	dst = append(dst, `,"value":"0x0","type":"0x0","v":"0xa95","input":"0xa9059cbb`...)
	w := c.word(tagTx, n, uint64(i)+5000)
	dst = append(hex.AppendEncode(dst, w[:]), '"')
	dst = appendWord(append(dst, `,"r":`...), c.word(tagTx, n, uint64(i)+6000))
	dst = appendWord(append(dst, `,"s":`...), c.word(tagTx, n, uint64(i)+7000))
	return append(dst, '}')
}

func (c *chain) appendReceipt(dst []byte, n uint64, i int) []byte {
	dst = c.appendPlace(append(dst, '{'), n, i)
	dst = appendWord(append(dst, `,"transactionHash":`...), c.txHash(n, i))
	dst = appendAddress(append(dst, `,"from":`...), c.account(c.sender(n, i)))
	dst = appendAddress(append(dst, `,"to":`...), c.token(c.called(n, i)))
	dst = append(dst, `,"contractAddress":null,"status":"0x1","type":"0x0"`...)
	gas := uint64(0)
	for k := range i + 1 {
		gas += c.gasUsed(n, k)
	}
	dst = appendQuantity(append(dst, `,"cumulativeGasUsed":`...), gas)
	dst = appendQuantity(append(dst, `,"gasUsed":`...), c.gasUsed(n, i))
	dst = appendQuantity(append(dst, `,"effectiveGasPrice":`...), c.gasPrice(n))
	dst = append(dst, `,"logs":[`...)
	for k := range c.logCount(n, i) {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = c.appendLog(dst, n, i, k)
	}
	return append(dst, `]}`...)
}

func (c *chain) appendLog(dst []byte, n uint64, i, k int) []byte {
	index := k
	for earlier := range i {
		index += c.logCount(n, earlier)
	}
	dst = c.appendPlace(append(dst, '{'), n, i)
	dst = appendWord(append(dst, `,"transactionHash":`...), c.txHash(n, i))
	dst = appendAddress(append(dst, `,"address":`...), c.token(c.called(n, i)))
	dst = appendQuantity(append(dst, `,"logIndex":`...), uint64(index))
	dst = append(dst, `,"topics":["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"],"data":`...)
	dst = appendWord(dst, c.word(tagTx, n, uint64(i*100+k)+8000))
	return append(dst, `,"removed":false}`...)
}
