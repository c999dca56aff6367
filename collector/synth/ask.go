package synth

import (
	"encoding/hex"
	"math/rand/v2"
	"strconv"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
)

// ask is what a call asks for.
type ask struct {
	method  method
	block   uint64
	tx      int
	account int
	token   int
	raw     []byte // sendRawTransaction, sha3
}

// draw is the next thing that a program asks for with that method, at head.
func (c *chain) draw(r *rand.Rand, m method, head uint64) ask {
	a := ask{method: m, block: head - 8 - uint64(r.IntN(4000)), account: r.IntN(accounts), token: r.IntN(tokens)}
	a.tx = r.IntN(c.txCount(a.block))
	switch m {
	case sendRawTransaction:
		a.raw = rawTransaction(r)
	case sha3:
		a.raw = make([]byte, 32)
		for i := range a.raw {
			a.raw[i] = byte(r.Uint32())
		}
	}
	return a
}

// rawTransaction is a transaction in the form of before EIP-2718, with a
// signature that nobody checks.
func rawTransaction(r *rand.Rand) []byte {
	var w [3]word
	for i := range w {
		for k := range w[i] {
			w[i][k] = byte(r.Uint32())
		}
		w[i][0] |= 1
	}
	raw, err := rlp.EncodeToBytes([]any{uint64(r.IntN(1 << 20)), uint64(1e9), uint64(21000), w[0][12:],
		r.Uint64() >> 20, []byte{}, uint64(2*firstChainID + 35), w[1][:], w[2][:]})
	if err != nil {
		panic(err) // of types that RLP can always encode
	}
	return raw
}

// appendRequest appends the call as a JSON-RPC request.
func (c *chain) appendRequest(dst []byte, id int64, a *ask) []byte {
	dst = strconv.AppendInt(append(dst, `{"jsonrpc":"2.0","id":`...), id, 10)
	dst = append(append(dst, `,"method":"`...), costs[a.method].name...)
	dst = c.appendParams(append(dst, `","params":[`...), a)
	return append(dst, `]}`...)
}

func (c *chain) appendParams(dst []byte, a *ask) []byte {
	switch a.method {
	case unlockAccount:
		return append(appendAddress(dst, c.account(a.account)), `,"<redacted>",300`...)
	case getBalance, transactionCount:
		return append(appendAddress(dst, c.account(a.account)), `,"latest"`...)
	case getBalanceAt:
		return appendQuantity(append(appendAddress(dst, c.account(a.account)), ','), a.block)
	case estimateGas:
		return append(c.appendMessage(dst, a), '}')
	case callLatest, revertedCall:
		return append(c.appendMessage(dst, a), `},"latest"`...)
	case callAt:
		return appendQuantity(append(c.appendMessage(dst, a), '}', ','), a.block)
	case getCode:
		return append(appendAddress(dst, c.token(a.token)), `,"latest"`...)
	case storageAt:
		return append(appendQuantity(append(appendAddress(dst, c.token(a.token)), ','), uint64(a.account)), `,"latest"`...)
	case blockByNumber:
		return append(appendQuantity(dst, a.block), `,false`...)
	case blockWithBodies:
		return append(appendQuantity(dst, a.block), `,true`...)
	case blockByHash:
		return append(appendWord(dst, c.blockHash(a.block)), `,false`...)
	case transactionByHash, transactionReceipt:
		return appendWord(dst, c.txHash(a.block, a.tx))
	case pendingReceipt: // of a transaction that is in no block
		return appendWord(dst, c.txHash(a.block, a.tx+100))
	case blockReceipts:
		return appendQuantity(dst, a.block)
	case getLogs:
		dst = appendQuantity(append(dst, `{"fromBlock":`...), a.block)
		dst = appendQuantity(append(dst, `,"toBlock":`...), a.block+3)
		return append(appendAddress(append(dst, `,"address":`...), c.token(a.token)), '}')
	case feeHistory:
		return append(appendQuantity(append(dst, `"0x4",`...), a.block), `,[]`...)
	case sendRawTransaction, sha3:
		dst = hex.AppendEncode(append(dst, `"0x`...), a.raw)
		return append(dst, '"')
	case subscribe:
		return append(dst, `"newHeads"`...)
	}
	return dst
}

// appendMessage appends a message to a contract, less its "}".
func (c *chain) appendMessage(dst []byte, a *ask) []byte {
	dst = appendAddress(append(dst, `{"from":`...), c.account(a.account))
	dst = appendAddress(append(dst, `,"to":`...), c.token(a.token))
	dst = append(dst, `,"data":"0x70a08231`...)
	w := c.account(a.account)
	clear(w[:12])
	return append(hex.AppendEncode(dst, w[:]), '"')
}

// appendReply appends what the node answers to a when head is its newest block.
func (c *chain) appendReply(dst []byte, id int64, a *ask, head uint64) []byte {
	dst = strconv.AppendInt(append(dst, `{"jsonrpc":"2.0","id":`...), id, 10)
	if a.method == revertedCall {
		return append(dst, `,"error":{"code":-32000,"message":"execution reverted"}}`...)
	}
	return append(c.appendResult(append(dst, `,"result":`...), a, head), '}')
}

func (c *chain) appendResult(dst []byte, a *ask, head uint64) []byte {
	switch a.method {
	case unlockAccount:
		return append(dst, `true`...)
	case syncing:
		return append(dst, `false`...)
	case pendingReceipt:
		return append(dst, `null`...)
	case chainIDMethod:
		return appendQuantity(dst, c.id)
	case netVersion:
		return strconv.AppendQuote(dst, strconv.FormatUint(c.id, 10))
	case clientVersion:
		return append(dst, `"Geth/v1.13.15-stable/linux-amd64/go1.22.2"`...)
	case blockNumber:
		return appendQuantity(dst, head)
	case gasPrice:
		return appendQuantity(dst, c.gasPrice(head))
	case getBalance:
		return appendQuantity(dst, c.balance(a.account, head))
	case getBalanceAt:
		return appendQuantity(dst, c.balance(a.account, a.block))
	case transactionCount:
		return appendQuantity(dst, c.nonce(a.account, head))
	case estimateGas:
		return appendQuantity(dst, 30_000+c.number(tagState, uint64(a.account), uint64(a.token))%40_000)
	case callLatest:
		return appendWord(dst, c.holding(a, head))
	case callAt:
		return appendWord(dst, c.holding(a, a.block))
	case storageAt:
		return appendWord(dst, c.word(tagSlot, uint64(a.token), uint64(a.account)))
	case sendRawTransaction, sha3:
		return appendWord(dst, word(crypto.Keccak256(a.raw)))
	case subscribe:
		return c.appendSubscription(dst, a)
	}
	return c.appendRecords(dst, a)
}

// appendSubscription appends the name that the node gives to a subscription.
func (c *chain) appendSubscription(dst []byte, a *ask) []byte {
	w := c.word(tagSlot, uint64(a.account)<<32|uint64(a.tx), a.block)
	return append(hex.AppendEncode(append(dst, `"0x`...), w[:16]), '"')
}

// appendNotice appends what the node tells a subscriber when block n is new.
func (c *chain) appendNotice(dst []byte, a *ask, n uint64) []byte {
	dst = append(dst, `{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":`...)
	dst = c.appendSubscription(dst, a)
	return append(c.appendHeader(append(dst, `,"result":{`...), n), `}}}`...)
}

// holding is how much of a token an account has, as the bytes of a uint256.
func (c *chain) holding(a *ask, n uint64) word {
	w := c.word(tagState, uint64(a.account*tokens+a.token), n/8)
	clear(w[:22])
	return w
}

// appendRecords appends a result that has a structure.
func (c *chain) appendRecords(dst []byte, a *ask) []byte {
	switch a.method {
	case accountsMethod:
		return list(dst, 3, func(dst []byte, i int) []byte { return appendAddress(dst, c.account(i)) })
	case getCode:
		return append(append(dst, `"0x60806040`...), c.code(a.token)...)
	case blockByNumber, blockByHash:
		return c.appendBlock(dst, a.block, false)
	case blockWithBodies:
		return c.appendBlock(dst, a.block, true)
	case transactionByHash:
		return c.appendTx(dst, a.block, a.tx)
	case transactionReceipt:
		return c.appendReceipt(dst, a.block, a.tx)
	case blockReceipts:
		return list(dst, c.txCount(a.block), func(dst []byte, i int) []byte { return c.appendReceipt(dst, a.block, i) })
	case getLogs:
		return c.appendLogs(dst, a)
	case feeHistory:
		dst = appendQuantity(append(dst, `{"oldestBlock":`...), a.block-3)
		dst = append(dst, `,"baseFeePerGas":`...)
		dst = list(dst, 5, func(dst []byte, i int) []byte { return appendQuantity(dst, c.gasPrice(a.block-3+uint64(i))) })
		return append(dst, `,"gasUsedRatio":[0.5,0.4,0.6,0.5]}`...)
	}
	panic("a method without a result: " + costs[a.method].name)
}

// code is the rest of a contract's code.
func (c *chain) code(token int) []byte {
	var dst []byte
	for i := range 4 {
		w := c.word(tagSlot, uint64(token), uint64(1000+i))
		dst = hex.AppendEncode(dst, w[:])
	}
	return append(dst, '"')
}

func (c *chain) appendLogs(dst []byte, a *ask) []byte {
	dst = append(dst, '[')
	more := false
	for n := a.block; n <= a.block+3; n++ {
		for i := range c.txCount(n) {
			if c.called(n, i) != a.token {
				continue
			}
			for k := range c.logCount(n, i) {
				if more {
					dst = append(dst, ',')
				}
				dst = c.appendLog(dst, n, i, k)
				more = true
			}
		}
	}
	return append(dst, ']')
}

// list appends an array of n elements.
func list(dst []byte, n int, element func([]byte, int) []byte) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = element(dst, i)
	}
	return append(dst, ']')
}
