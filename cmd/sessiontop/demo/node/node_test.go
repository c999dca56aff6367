package node_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
	"github.com/sessiontop/sessiontop/cmd/sessiontop/demo/node"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

const (
	seed     = 7
	patience = 30 * time.Second
)

type client struct {
	*testing.T
	rpc *rpc.Client
}

func start(t *testing.T) client {
	t.Helper()
	n, err := node.Start(node.Config{Seed: seed, Period: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	c, err := rpc.Dial(n.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return client{t, c}
}

func (c client) try(result any, method string, args ...any) error {
	c.Helper()
	return c.rpc.CallContext(c.Context(), result, method, args...)
}

func (c client) call(result any, method string, args ...any) {
	c.Helper()
	if err := c.try(result, method, args...); err != nil {
		c.Fatalf("%s %v: %v", method, args, err)
	}
}

// until waits for a condition.
func (c client) until(what string, met func() bool) {
	c.Helper()
	for end := time.Now().Add(patience); !met(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			c.Fatalf("never: %s", what)
		}
	}
}

func (c client) receipt(h common.Hash) (r *types.Receipt) {
	c.Helper()
	c.until("a receipt of "+h.Hex(), func() bool {
		c.call(&r, "eth_getTransactionReceipt", h)
		return r != nil
	})
	return r
}

func TestBlocksFollowEachOther(t *testing.T) {
	c := start(t)
	var first, now hexutil.Uint64
	c.call(&first, "eth_blockNumber")
	c.until("a new block", func() bool {
		c.call(&now, "eth_blockNumber")
		return now > first
	})
	var parent common.Hash
	for n := range now {
		var h *types.Header
		c.call(&h, "eth_getBlockByNumber", hexutil.Uint64(n), false)
		if h.ParentHash != parent || h.Number.Uint64() != uint64(n) {
			t.Fatalf("block %d has number %v and parent %s, want %s", n, h.Number, h.ParentHash, parent)
		}
		parent = h.Hash()
		var byHash struct{ Hash common.Hash }
		c.call(&byHash, "eth_getBlockByHash", parent, false)
		if byHash.Hash != parent {
			t.Fatalf("block %d: asked for %s, got %s", n, parent, byHash.Hash)
		}
	}
}

// TestABlockCanBeVerified recomputes what a header commits to.
func TestABlockCanBeVerified(t *testing.T) {
	c := start(t)
	var raw json.RawMessage
	c.call(&raw, "eth_getBlockByNumber", "0x20", true)
	var header types.Header
	var body struct{ Hash common.Hash }
	var txs struct{ Transactions types.Transactions }
	for _, part := range []any{&header, &body, &txs} {
		if err := json.Unmarshal(raw, part); err != nil {
			t.Fatal(err)
		}
	}
	if len(txs.Transactions) == 0 {
		t.Fatal("an empty block")
	}
	if header.Hash() != body.Hash {
		t.Errorf("hash %s, computed %s", body.Hash, header.Hash())
	}
	var receipts types.Receipts
	c.call(&receipts, "eth_getBlockReceipts", body.Hash)
	block := types.NewBlock(&header, &types.Body{Transactions: txs.Transactions, Withdrawals: []*types.Withdrawal{}}, receipts, &ethereum.Trie{})
	if block.Hash() != body.Hash {
		t.Errorf("a block of these transactions and receipts has the hash %s, want %s", block.Hash(), body.Hash)
	}
	signer := types.LatestSignerForChainID(big.NewInt(1337))
	gas, logs := uint64(0), 0
	for i, r := range receipts {
		gas += r.GasUsed
		if r.TxHash != txs.Transactions[i].Hash() || r.BlockHash != body.Hash || r.CumulativeGasUsed != gas || types.CreateBloom(r) != r.Bloom {
			t.Errorf("receipt %d does not belong here: %+v", i, r)
		}
		if _, err := types.Sender(signer, txs.Transactions[i]); err != nil {
			t.Errorf("transaction %d: %v", i, err)
		}
		for _, l := range r.Logs {
			if l.Index != uint(logs) || l.TxHash != r.TxHash || l.BlockHash != body.Hash {
				t.Errorf("log %d does not belong here: %+v", logs, l)
			}
			logs++
		}
	}
	if gas != header.GasUsed {
		t.Errorf("receipts used %d gas, the block %d", gas, header.GasUsed)
	}
}

func TestARawTransactionIsMined(t *testing.T) {
	c := start(t)
	from := node.Accounts(seed, 2)
	to := common.HexToAddress("0x00000000000000000000000000000000000000aa")
	var price hexutil.Big
	c.call(&price, "eth_gasPrice")
	send := func(nonce uint64) (common.Hash, error) {
		tx := types.MustSignNewTx(from[0].Key, types.LatestSignerForChainID(big.NewInt(1337)), &types.DynamicFeeTx{
			ChainID: big.NewInt(1337), Nonce: nonce, To: &to, Value: big.NewInt(5), Gas: 21000,
			GasTipCap: common.Big1, GasFeeCap: new(big.Int).Mul(price.ToInt(), big.NewInt(10))})
		raw, err := tx.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var h common.Hash
		err = c.try(&h, "eth_sendRawTransaction", hexutil.Bytes(raw))
		if err == nil && h != tx.Hash() {
			t.Errorf("hash %s, want %s", h, tx.Hash())
		}
		return tx.Hash(), err
	}
	early, err := send(1) // waits for nonce 0
	if err != nil {
		t.Fatal(err)
	}
	var pending struct {
		Hash      common.Hash
		BlockHash *common.Hash
	}
	c.call(&pending, "eth_getTransactionByHash", early)
	if pending.Hash != early || pending.BlockHash != nil {
		t.Errorf("a waiting transaction: %+v", pending)
	}
	if _, err := send(1); err == nil || !strings.Contains(err.Error(), "already known") {
		t.Errorf("sent twice: %v", err)
	}
	first, err := send(0)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := c.receipt(first), c.receipt(early); a.BlockNumber.Cmp(b.BlockNumber) > 0 {
		t.Errorf("nonce 0 in block %v, nonce 1 in block %v", a.BlockNumber, b.BlockNumber)
	}
	var balance hexutil.Big
	c.call(&balance, "eth_getBalance", to, "latest")
	if balance.ToInt().Int64() != 10 {
		t.Errorf("balance %v, want 10", balance.ToInt())
	}
	if _, err := send(0); err == nil || !strings.Contains(err.Error(), "already known") && !strings.Contains(err.Error(), "nonce too low") {
		t.Errorf("an old nonce: %v", err)
	}
	var nonce hexutil.Uint64
	c.call(&nonce, "eth_getTransactionCount", from[0].Address, "latest")
	if nonce != 2 {
		t.Errorf("nonce %d, want 2", nonce)
	}
}

func TestAnAccountHasToBeUnlocked(t *testing.T) {
	c := start(t)
	me, you := node.Accounts(seed, 2)[0], node.Accounts(seed, 2)[1]
	args := map[string]any{"from": me.Address, "to": you.Address, "value": "0x1"}
	var h common.Hash
	if err := c.try(&h, "eth_sendTransaction", args); err == nil || !strings.Contains(err.Error(), "unlock") {
		t.Errorf("locked: %v", err)
	}
	var ok bool
	if err := c.try(&ok, "personal_unlockAccount", me.Address, you.Passphrase, 60); err == nil || !strings.Contains(err.Error(), "could not decrypt") {
		t.Errorf("another's passphrase: %v", err)
	}
	c.call(&ok, "personal_unlockAccount", me.Address, me.Passphrase, 60)
	if !ok {
		t.Error("personal_unlockAccount says false")
	}
	c.call(&h, "eth_sendTransaction", args)
	if r := c.receipt(h); r.Status != types.ReceiptStatusSuccessful {
		t.Errorf("receipt %+v", r)
	}
	c.call(&ok, "personal_lockAccount", me.Address)
	if err := c.try(&h, "eth_sendTransaction", args); err == nil {
		t.Error("sent with a locked account")
	}
	var a, b []common.Address
	c.call(&a, "eth_accounts")
	c.call(&b, "personal_listAccounts")
	if len(a) != 4 || len(b) != 4 || a[0] != me.Address {
		t.Errorf("accounts %v and %v", a, b)
	}
}

func TestTokens(t *testing.T) {
	c := start(t)
	accounts := node.Accounts(seed, 2)
	me, you, token := accounts[0], accounts[1].Address, node.Token(accounts)
	balance := func(a common.Address) *uint256.Int {
		var b hexutil.Bytes
		c.call(&b, "eth_call", map[string]any{"to": token, "data": hexutil.Bytes(node.BalanceOfCall(a))}, "latest")
		return new(uint256.Int).SetBytes(b)
	}
	before := balance(you)
	c.call(new(bool), "personal_unlockAccount", me.Address, me.Passphrase)
	var h common.Hash
	amount := uint256.NewInt(42)
	c.call(&h, "eth_sendTransaction", map[string]any{"from": me.Address, "to": token, "data": hexutil.Bytes(node.TransferCall(you, amount))})
	r := c.receipt(h)
	if after := balance(you); !after.Eq(before.Add(before, amount)) {
		t.Errorf("balance %v after 42 tokens", after)
	}
	var logs []*types.Log
	c.call(&logs, "eth_getLogs", map[string]any{
		"fromBlock": "0x0", "toBlock": "latest", "address": token,
		"topics": []any{crypto.Keccak256Hash([]byte("Transfer(address,address,uint256)")), nil, []common.Hash{common.BytesToHash(you[:])}},
	})
	if len(logs) != 1 || logs[0].TxHash != h || !bytes.Equal(logs[0].Data, r.Logs[0].Data) {
		t.Errorf("logs %+v, want the one of %s", logs, h)
	}
	c.call(&logs, "eth_getLogs", map[string]any{"blockHash": r.BlockHash})
	if len(logs) == 0 {
		t.Error("no logs in the block")
	}
}

func TestSmallAnswers(t *testing.T) {
	c := start(t)
	for method, want := range map[string]string{
		"eth_chainId": `"0x539"`, "eth_syncing": `false`, "net_version": `"1337"`, "net_listening": `true`,
		"web3_clientVersion": `"sessiontop/demo/go-ethereum-rpc"`,
	} {
		var got json.RawMessage
		if c.call(&got, method); string(got) != want {
			t.Errorf("%s says %s, want %s", method, got, want)
		}
	}
	var fees struct {
		OldestBlock   hexutil.Uint64
		BaseFeePerGas []hexutil.Big
		GasUsedRatio  []float64
		Reward        [][]hexutil.Big
	}
	c.call(&fees, "eth_feeHistory", 5, "latest", []int{10, 90})
	if len(fees.BaseFeePerGas) != 6 || len(fees.GasUsedRatio) != 5 || len(fees.Reward) != 5 || len(fees.Reward[0]) != 2 {
		t.Errorf("fee history %+v", fees)
	}
	var gas hexutil.Uint64
	if c.call(&gas, "eth_estimateGas", map[string]any{"to": common.Address{1}}); gas != 21000 {
		t.Errorf("estimate %d, want 21000", gas)
	}
	var nothing json.RawMessage
	for method, arg := range map[string]any{"eth_getBlockByHash": common.Hash{1}, "eth_getTransactionByHash": common.Hash{1}, "eth_getTransactionReceipt": common.Hash{1}} {
		args := []any{arg}
		if method == "eth_getBlockByHash" {
			args = append(args, true)
		}
		if c.call(&nothing, method, args...); string(nothing) != "null" {
			t.Errorf("%s of what is not there: %s", method, nothing)
		}
	}
	if err := c.try(&nothing, "eth_getBalance", common.Address{1}, "0x1"); err == nil || !strings.Contains(err.Error(), "historical state") {
		t.Errorf("old state: %v", err)
	}
}

func BenchmarkCall(b *testing.B) {
	n, err := node.Start(node.Config{})
	if err != nil {
		b.Fatal(err)
	}
	defer n.Close()
	c, err := rpc.Dial(n.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		var now hexutil.Uint64
		if err := c.Call(&now, "eth_blockNumber"); err != nil {
			b.Fatal(err)
		}
	}
}
