package synth

import (
	"math/rand/v2"
	"time"
)

// method is one of the methods that the clients call.
type method uint8

const (
	blockNumber method = iota
	chainIDMethod
	netVersion
	clientVersion
	accountsMethod
	unlockAccount
	syncing
	gasPrice
	getBalance
	getBalanceAt
	transactionCount
	estimateGas
	callLatest
	callAt
	getCode
	storageAt
	blockByNumber
	blockWithBodies
	blockByHash
	transactionByHash
	transactionReceipt
	pendingReceipt
	blockReceipts
	getLogs
	feeHistory
	sendRawTransaction
	sha3
	revertedCall
	subscribe
	methodsEnd
)

// costs is what the node needs for each method, and its name.
var costs = [methodsEnd]struct {
	name   string
	median time.Duration
}{
	blockNumber:        {"eth_blockNumber", 90 * time.Microsecond},
	chainIDMethod:      {"eth_chainId", 80 * time.Microsecond},
	netVersion:         {"net_version", 80 * time.Microsecond},
	clientVersion:      {"web3_clientVersion", 80 * time.Microsecond},
	accountsMethod:     {"eth_accounts", 140 * time.Microsecond},
	unlockAccount:      {"personal_unlockAccount", 18 * time.Millisecond},
	syncing:            {"eth_syncing", 90 * time.Microsecond},
	gasPrice:           {"eth_gasPrice", 150 * time.Microsecond},
	getBalance:         {"eth_getBalance", 220 * time.Microsecond},
	getBalanceAt:       {"eth_getBalance", 350 * time.Microsecond},
	transactionCount:   {"eth_getTransactionCount", 200 * time.Microsecond},
	estimateGas:        {"eth_estimateGas", 1200 * time.Microsecond},
	callLatest:         {"eth_call", 600 * time.Microsecond},
	callAt:             {"eth_call", 800 * time.Microsecond},
	getCode:            {"eth_getCode", 250 * time.Microsecond},
	storageAt:          {"eth_getStorageAt", 250 * time.Microsecond},
	blockByNumber:      {"eth_getBlockByNumber", 400 * time.Microsecond},
	blockWithBodies:    {"eth_getBlockByNumber", 900 * time.Microsecond},
	blockByHash:        {"eth_getBlockByHash", 400 * time.Microsecond},
	transactionByHash:  {"eth_getTransactionByHash", 350 * time.Microsecond},
	transactionReceipt: {"eth_getTransactionReceipt", 450 * time.Microsecond},
	pendingReceipt:     {"eth_getTransactionReceipt", 150 * time.Microsecond},
	blockReceipts:      {"eth_getBlockReceipts", 1500 * time.Microsecond},
	getLogs:            {"eth_getLogs", 2500 * time.Microsecond},
	feeHistory:         {"eth_feeHistory", 500 * time.Microsecond},
	sendRawTransaction: {"eth_sendRawTransaction", 700 * time.Microsecond},
	sha3:               {"web3_sha3", 90 * time.Microsecond},
	revertedCall:       {"eth_call", 600 * time.Microsecond},
	subscribe:          {"eth_subscribe", 120 * time.Microsecond},
}

// Mix is which methods a program calls, how often each.
type Mix uint8

const (
	Indexer Mix = iota // reads blocks, receipts and logs one after the other
	Wallet             // unlocks, lists, reads balances and sends
	Worker             // both
)

var mixes = [...][]struct {
	method method
	weight int
}{
	Indexer: {
		{blockNumber, 10}, {blockByNumber, 12}, {blockWithBodies, 10}, {blockByHash, 4}, {transactionReceipt, 25},
		{transactionByHash, 8}, {getLogs, 10}, {blockReceipts, 5}, {callAt, 6}, {getBalanceAt, 4}, {getCode, 2}, {chainIDMethod, 1},
	},
	Wallet: {
		{unlockAccount, 2}, {accountsMethod, 8}, {getBalance, 16}, {transactionCount, 12}, {gasPrice, 9}, {estimateGas, 7},
		{sendRawTransaction, 6}, {pendingReceipt, 8}, {transactionReceipt, 5}, {callLatest, 12}, {revertedCall, 1},
		{chainIDMethod, 5}, {netVersion, 3}, {clientVersion, 1}, {syncing, 2}, {feeHistory, 3},
	},
	Worker: {
		{unlockAccount, 1}, {accountsMethod, 4}, {getBalance, 9}, {getBalanceAt, 4}, {transactionCount, 6}, {gasPrice, 5},
		{estimateGas, 4}, {sendRawTransaction, 3}, {pendingReceipt, 4}, {callLatest, 8}, {callAt, 3}, {revertedCall, 1},
		{chainIDMethod, 3}, {netVersion, 2}, {clientVersion, 1}, {syncing, 2}, {feeHistory, 2}, {sha3, 1}, {storageAt, 2}, {getCode, 2},
		{blockNumber, 8}, {blockByNumber, 7}, {blockWithBodies, 4}, {blockByHash, 3}, {transactionReceipt, 10},
		{transactionByHash, 5}, {getLogs, 5}, {blockReceipts, 2},
	},
}

func (m Mix) draw(r *rand.Rand) method {
	total := 0
	for _, e := range mixes[m] {
		total += e.weight
	}
	n := r.IntN(total)
	for _, e := range mixes[m] {
		if n -= e.weight; n < 0 {
			return e.method
		}
	}
	panic("unreachable")
}
