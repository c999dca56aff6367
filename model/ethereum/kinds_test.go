package ethereum

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// healthy are results that nodes give, beyond the corpus.
var healthy = map[string][]string{
	"eth_accounts":                  {`[]`, `[$a]`, `[$a,$b]`},
	"eth_syncing":                   {`false`, `{"startingBlock":"0x0","currentBlock":"0x1","highestBlock":"0x2"}`, `{"stages":[]}`},
	"eth_mining":                    {`true`},
	"eth_coinbase":                  {`$a`, `"0x` + strings.Repeat("0", 40) + `"`},
	"eth_getWork":                   {`[$A,$B,$A,"0x1"]`},
	"eth_subscribe":                 {`"0x9cef478923ff08bf67fde6c64013158d"`, `"0x1"`, `7`, `"b1f2c3d4e5"`},
	"eth_newFilter":                 {`"0x1"`, `$A`, `"0x0b1e5d5a9c1c"`},
	"eth_getFilterChanges":          {`[]`, `[$A,$B]`, `[{"address":$a,"topics":[],"data":"0x"}]`, `[{"hash":$A,"nonce":"0x1","input":"0x"}]`},
	"eth_getBalance":                {`"0x0"`, `"0x200000000000000000000000000000000000000000000000000000000000000"`, `"0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7"`},
	"net_version":                   {`"1"`, `1`, `"0x2b6653dc"`},
	"net_peerCount":                 {`"0x19"`, `0`},
	"net_listening":                 {`true`},
	"web3_clientVersion":            {`"Geth/v1.15.0/linux-amd64/go1.24"`},
	"rpc_modules":                   {`{"eth":"1.0"}`},
	"personal_unlockAccount":        {`true`},
	"personal_listAccounts":         {`[$a]`},
	"personal_newAccount":           {`$a`},
	"personal_ecRecover":            {`$a`},
	"personal_sendTransaction":      {`$A`},
	"personal_sign":                 {`"0x` + strings.Repeat("0a", 65) + `"`},
	"personal_listWallets":          {`[{"url":"keystore:///x","status":"Locked","accounts":[]}]`},
	"txpool_status":                 {`{"pending":"0x1","queued":"0x0"}`, `{"pending":1,"queued":0}`, `{"baseFee":"0x0","pending":"0x1","queued":"0x0"}`},
	"txpool_content":                {`{"pending":{},"queued":{}}`, `{"pending":{$a:{"5":{"hash":$A}}},"queued":{}}`},
	"txpool_contentFrom":            {`{"pending":{},"queued":{}}`, `{"pending":{"5":{"hash":$A}},"queued":{}}`},
	"txpool_inspect":                {`{"pending":{},"queued":{}}`, `{"pending":{},"queued":{$a:{"5":"0x: 1 wei"}}}`},
	"admin_nodeInfo":                {`{"enode":"enode://x","id":"a","ip":"::","name":"n","ports":{},"protocols":{}}`},
	"admin_peers":                   {`[]`, `[{"enode":"enode://x","caps":["eth/68"],"network":{}}]`, `[{"name":"x"}]`},
	"admin_addPeer":                 {`true`, `"enode://x"`},
	"miner_start":                   {`null`, `true`},
	"debug_traceTransaction":        {`{"gas":21000,"failed":false,"returnValue":"","structLogs":[]}`},
	"debug_traceBlockByNumber":      {`[]`, `[{"txHash":$A,"result":{"structLogs":[]}}]`, `[{"result":{}}]`},
	"debug_getRawReceipts":          {`[]`, `["0x02f9"]`, `[$A]`},
	"engine_getBlobsV1":             {`[null,null]`, `[null,{"blob":"0x","proof":"0x"}]`},
	"engine_exchangeCapabilities":   {`["engine_newPayloadV4"]`},
	"trace_block":                   {`[]`, `[{"action":{"author":$a,"rewardType":"block"},"blockHash":$A,"blockNumber":1,"result":null,"subtraces":0,"traceAddress":[],"transactionHash":null,"type":"reward"}]`},
	"trace_call":                    {`{"output":"0x","stateDiff":null,"trace":[],"vmTrace":null}`},
	"trace_replayBlockTransactions": {`[{"output":"0x","stateDiff":null,"trace":[],"transactionHash":$A,"vmTrace":null}]`},
	"trace_get":                     {`{"action":{},"subtraces":0,"traceAddress":[0],"type":"call"}`},
	"erigon_getLogsByHash":          {`[]`, `[[],[{"address":$a}]]`, `[null]`},
	"erigon_forks":                  {`{"genesis":$A,"heightForks":[],"timeForks":[]}`},
	"ots_hasCode":                   {`true`},
	"ots_getApiLevel":               {`8`},
	"ots_getContractCreator":        {`null`, `{"hash":$A,"creator":$a}`},
	"ots_getBlockDetails":           {`{"block":{"hash":$A,"number":"0x1","parentHash":$B},"issuance":{},"totalFees":"0x0"}`},
	"ots_traceTransaction":          {`[{"type":"CALL","depth":0,"from":$a,"to":$b,"value":"0x0","input":"0x"}]`},
	"anvil_impersonateAccount":      {`null`}, "hardhat_impersonateAccount": {`true`},
	"evm_mine": {`"0x0"`, `null`}, "evm_increaseTime": {`60`, `"60"`, `"0x3c"`}, "evm_snapshot": {`"0x1"`}, "evm_revert": {`true`},
	"anvil_nodeInfo": {`{"currentBlockNumber":"0x1","hardFork":"x"}`},
}

func TestHealthyResultsFitTheirMethods(t *testing.T) {
	d := New()
	for method, results := range healthy {
		ask := d.Ask(method, nil)
		for _, text := range results {
			if r := d.Reply(fill(text)); r.Kinds == 0 || !ask.Fits(&r) {
				t.Errorf("%s: %s is %v, not %v", method, text, KindNames(r.Kinds), KindNames(ask.Kinds))
			}
		}
	}
}

func TestOwnChainFitsItsMethods(t *testing.T) {
	c := newChain(t)
	d := New()
	hash, tx := c.block.Hash().Hex(), c.block.Transactions()[3].Hash().Hex()
	for _, p := range []struct {
		method, params string
		result         any
	}{
		{"eth_getBlockByHash", fmt.Sprintf(`["%s",true]`, hash), c.blockJSON(t, true)},
		{"eth_getBlockByNumber", `["0x1b",false]`, c.blockJSON(t, false)},
		{"eth_getBlockReceipts", `[{"blockNumber":"0x1b"}]`, c.receiptsJSON(t)},
		{"eth_getTransactionByHash", fmt.Sprintf(`["%s"]`, tx), c.txJSON(t, 3)},
		{"eth_getTransactionByBlockHashAndIndex", fmt.Sprintf(`["%s","0x3"]`, hash), c.txJSON(t, 3)},
		{"eth_getTransactionReceipt", fmt.Sprintf(`["%s"]`, tx), c.receiptJSON(t, 3)},
		{"eth_getLogs", `[{"fromBlock":"0x1b","toBlock":"0x1b"}]`, c.receipts[3].Logs},
		{"eth_getHeaderByNumber", `["0x1b"]`, c.block.Header()},
	} {
		ask, reply := d.Ask(p.method, []byte(p.params)), d.Reply(marshal(t, p.result))
		if !ask.Fits(&reply) || ask.Echo(&reply) != model.EchoAgrees {
			t.Errorf("%s: %v, %v", p.method, KindNames(reply.Kinds), ask.Echo(&reply))
		}
	}
}

func TestWrongKindsAreTold(t *testing.T) {
	d := New()
	for method, results := range map[string][]string{
		"eth_accounts":             {`true`, `null`, `"0x1"`, `[$A]`, `["x"]`, `[1]`, `{}`, `[{}]`},
		"eth_syncing":              {`null`, `"0x1"`, `[]`},
		"eth_chainId":              {`true`, `$A`, `$a`, `"1"`, `null`, `{}`, `"0x"`},
		"eth_blockNumber":          {`$a`, `7`, `"7"`, `[]`},
		"eth_call":                 {`"0x1"`, `true`, `null`, `"text"`},
		"eth_sendRawTransaction":   {`$a`, `"0x1"`, `null`, `"0x"`, `true`},
		"eth_getTransactionByHash": {`{"topics":[],"data":"0x"}`, `{"transactionHash":$A,"logsBloom":"0x"}`, `{"pending":"0x1","queued":"0x1"}`, `[]`},
		"eth_getLogs":              {`[$A]`, `[{"transactionHash":$A,"cumulativeGasUsed":"0x1"}]`, `{}`},
		"personal_unlockAccount":   {`[$a]`, `"0x1"`},
		"web3_clientVersion":       {`"0x1"`, `"1"`, `true`},
		"txpool_status":            {`{"pending":{},"queued":{}}`},
		"debug_traceTransaction":   {`{"from":$a,"gasUsed":"0x1","type":"CALL"}`, `[]`},
	} {
		ask := d.Ask(method, nil)
		for _, text := range results {
			if r := d.Reply(fill(text)); ask.Fits(&r) {
				t.Errorf("%s: %s passes as %v", method, text, KindNames(r.Kinds))
			}
		}
	}
}

func TestEveryKindHasAName(t *testing.T) {
	var all model.Kinds
	for _, g := range kindGroups {
		if all&g.kinds != 0 {
			t.Errorf("%s: a kind has two names", g.name)
		}
		all |= g.kinds
	}
	if all != anyKind || bits.Len64(uint64(kindObject)) != 64 {
		t.Errorf("kinds without a name: %b", ^all)
	}
	if got := KindNames(addresses | kindBool); !slices.Equal(got, []string{"boolean", "empty array", "array of addresses"}) {
		t.Error(got)
	}
}
