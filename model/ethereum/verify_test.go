package ethereum

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

func TestVerifyFindsNothingInHealthyPairs(t *testing.T) {
	checked := 0
	for _, p := range pairs(t, "pairs.jsonl") {
		for _, d := range Verify(p.Ask.Method, p.Ask.Params, p.Reply.Result) {
			t.Errorf("%s: %s", p.Case, d)
		}
		checked++
	}
	t.Logf("%d results", checked)
}

func TestReceiptsOfRealBlocks(t *testing.T) {
	all := pairs(t, "pairs.jsonl")
	for _, c := range [][2]string{
		{"eth_getBlockByNumber/get-latest", "eth_getBlockReceipts/get-block-receipts-latest"},
		{"eth_getBlockByHash/get-block-by-hash", "eth_getBlockReceipts/get-block-receipts-n"},
	} {
		block, receipts := result(t, all, c[0]), result(t, all, c[1])
		for _, d := range VerifyReceipts(block, receipts) {
			t.Errorf("%s: %s", c[1], d)
		}
		changed := strings.Replace(string(receipts), `"cumulativeGasUsed":"0x`, `"cumulativeGasUsed":"0x1`, 1)
		if d := VerifyReceipts(block, []byte(changed)); len(d) != 1 || d[0].Field != "receiptsRoot" {
			t.Errorf("%s: changed gas: %v", c[1], d)
		}
	}
}

func TestRootOfLongLists(t *testing.T) {
	key := testKey(t)
	for _, n := range []int{0, 1, 2, 16, 17, 128, 129, 300} {
		var txs types.Transactions
		for i := range n {
			tx, err := types.SignNewTx(key, types.HomesteadSigner{}, &types.LegacyTx{Nonce: uint64(i), To: &common.Address{}})
			if err != nil {
				t.Fatal(err)
			}
			txs = append(txs, tx)
		}
		a := types.DeriveSha(txs, &Trie{})
		if n == 0 && a != types.EmptyTxsHash {
			t.Errorf("empty: %s", a)
		}
		if n > 1 && a == types.DeriveSha(txs[:n-1], &Trie{}) {
			t.Errorf("%d: the last item makes no difference", n)
		}
	}
}

func TestVerifyOwnChain(t *testing.T) {
	c := newChain(t)
	hash := c.block.Hash().Hex()
	tx := c.block.Transactions()[2]
	raw, err := tx.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		method, params string
		result         any
	}{
		{"eth_getBlockByHash", fmt.Sprintf(`["%s",true]`, hash), c.blockJSON(t, true)},
		{"eth_getBlockByNumber", `["0x1b",false]`, c.blockJSON(t, false)},
		{"eth_getBlockByNumber", `["latest",false]`, c.blockJSON(t, false)},
		{"eth_getBlockReceipts", `["0x1b"]`, c.receiptsJSON(t)},
		{"eth_getBlockReceipts", fmt.Sprintf(`[{"blockHash":"%s"}]`, hash), c.receiptsJSON(t)},
		{"eth_getTransactionByHash", fmt.Sprintf(`["%s"]`, tx.Hash().Hex()), c.txJSON(t, 2)},
		{"eth_getTransactionReceipt", fmt.Sprintf(`["%s"]`, tx.Hash().Hex()), c.receiptJSON(t, 2)},
		{"eth_sendRawTransaction", fmt.Sprintf(`["%#x"]`, raw), tx.Hash()},
		{"eth_getBlockByHash", `["0x00"]`, nil},
	} {
		for _, d := range Verify(p.method, []byte(p.params), marshal(t, p.result)) {
			t.Errorf("%s: %s", p.method, d)
		}
	}
	for _, d := range VerifyReceipts(marshal(t, c.blockJSON(t, false)), marshal(t, c.receiptsJSON(t))) {
		t.Error(d)
	}
}

// TestTamperedFieldsAreFound changes one member at a time and expects it, or
// the hash over it, to be named.
func TestTamperedFieldsAreFound(t *testing.T) {
	c := newChain(t)
	other := "0x" + strings.Repeat("12", 32)
	byHash := fmt.Sprintf(`["%s",true]`, c.block.Hash().Hex())
	for _, p := range []struct{ member, value, field string }{
		{"number", `"0x1c"`, "hash"}, {"gasUsed", `"0x1"`, "hash"}, {"stateRoot", `"` + other + `"`, "hash"},
		{"hash", `"` + other + `"`, "hash"}, {"baseFeePerGas", `"0x8"`, "hash"}, {"withdrawals", `[]`, "withdrawalsRoot"},
		{"transactions", `[]`, "transactionsRoot"},
	} {
		expect(t, Verify("eth_getBlockByHash", []byte(byHash), tamper(t, c.blockJSON(t, true), p.member, p.value)), p.field)
	}
	for i, tx := range c.block.Transactions() {
		params := fmt.Appendf(nil, `["%s"]`, tx.Hash().Hex())
		for _, p := range []struct{ member, value, field string }{
			{"nonce", `"0x77"`, "hash"}, {"value", `"0x77"`, "hash"}, {"hash", `"` + other + `"`, "hash"}, {"input", `"0x99"`, "hash"},
			{"from", `"0x` + strings.Repeat("12", 20) + `"`, "from"}, {"r", `"0x1"`, "hash"},
		} {
			expect(t, Verify("eth_getTransactionByHash", params, tamper(t, c.txJSON(t, i), p.member, p.value)), p.field)
		}
		for _, p := range []struct{ member, value, field string }{
			{"transactionHash", `"` + other + `"`, "transactionHash"}, {"logs", `[]`, "logsBloom"},
			{"blockHash", `"` + other + `"`, "logs[0].blockHash"},
		} {
			expect(t, Verify("eth_getTransactionReceipt", params, tamper(t, c.receiptJSON(t, i), p.member, p.value)), p.field)
		}
	}
	block := c.blockJSON(t, true)
	block["transactions"].([]any)[3].(members)["from"] = common.Address{}
	expect(t, Verify("eth_getBlockByHash", []byte(byHash), marshal(t, block)), "transactions[3].from")
}

func tamper(t *testing.T, o members, member, value string) []byte {
	t.Helper()
	o[member] = json.RawMessage(value)
	return marshal(t, o)
}

func expect(t *testing.T, found []Difference, field string) {
	t.Helper()
	for _, d := range found {
		if d.Field == field {
			return
		}
	}
	t.Errorf("%s not found, but %v", field, found)
}

func TestVerifyHasNoOpinionOnOtherChains(t *testing.T) {
	c := newChain(t)
	block := c.blockJSON(t, false)
	block["l1BlockNumber"], block["gasUsed"] = "0x1", "0x1"
	if d := Verify("eth_getBlockByNumber", []byte(`["0x1b",false]`), marshal(t, block)); d != nil {
		t.Errorf("a header with more fields: %v", d)
	}
	deposit := c.txJSON(t, 0)
	deposit["type"], deposit["nonce"] = "0x7e", "0x5"
	if d := Verify("eth_getTransactionByHash", nil, marshal(t, deposit)); d != nil {
		t.Errorf("a transaction of another type: %v", d)
	}
}

func FuzzVerify(f *testing.F) {
	for _, p := range pairs(f, "pairs.jsonl") {
		f.Add(p.Ask.Method, []byte(p.Ask.Params), []byte(p.Reply.Result))
	}
	f.Fuzz(func(t *testing.T, method string, params, result []byte) {
		found := Verify(method, params, result)
		if string(result) == "null" && found != nil {
			t.Errorf("null differs: %v", found)
		}
		VerifyReceipts(params, result)
		Fixed(method, params, result)
	})
}
