package ethereum

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/sessiontop/sessiontop/model"
)

var (
	wordA = "0x" + strings.Repeat("aB", 32)
	wordB = "0x" + strings.Repeat("cd", 32)
	addrA = "0x" + strings.Repeat("1F", 20)
	addrB = "0x" + strings.Repeat("2e", 20)
)

// fill writes A and B for the two hashes, a and b for the two addresses.
func fill(s string) []byte {
	return []byte(strings.NewReplacer("$A", `"`+wordA+`"`, "$lowA", `"`+strings.ToLower(wordA)+`"`, "$B", `"`+wordB+`"`,
		"$a", `"`+addrA+`"`, "$lowa", `"`+strings.ToLower(addrA)+`"`, "$b", `"`+addrB+`"`).Replace(s))
}

func TestEcho(t *testing.T) {
	const agrees, contradicts, silent = model.EchoAgrees, model.EchoContradicts, model.EchoSilent
	header := func(number, hash string) string {
		return fmt.Sprintf(`{"number":%s,"hash":%s,"parentHash":$B,"stateRoot":$B,"transactions":[]}`, number, hash)
	}
	tx := `{"blockHash":$A,"blockNumber":"0xa","from":$a,"hash":$lowA,"input":"0x","nonce":"0x1","transactionIndex":"0x02"}`
	log := func(addr, number, block string) string {
		return fmt.Sprintf(`{"address":%s,"topics":[],"data":"0x","blockNumber":%s,"blockHash":%s,"transactionHash":$A}`, addr, number, block)
	}
	trace := `{"action":{},"subtraces":0,"traceAddress":[],"blockNumber":10,"blockHash":$A,"transactionHash":$A}`
	for _, c := range []struct {
		method, params, result string
		want                   model.EchoVerdict
	}{
		{"eth_getBlockByNumber", `["0x0a",true]`, header(`"0xA"`, `$A`), agrees},
		{"eth_getBlockByNumber", `["0xb",true]`, header(`"0xa"`, `$A`), contradicts},
		{"eth_getBlockByNumber", `["latest",true]`, header(`"0xa"`, `$A`), silent},
		{"eth_getBlockByNumber", `["earliest",true]`, header(`"0xa"`, `$A`), silent},
		{"eth_getBlockByNumber", `["pending",true]`, header(`null`, `null`), silent},
		{"eth_getBlockByHash", `[$lowA,true]`, header(`"0xa"`, `$A`), agrees},
		{"eth_getBlockByHash", `[$B,true]`, header(`"0xa"`, `$A`), contradicts},
		{"eth_getBlockByHash", `[$B,true]`, `null`, silent},
		{"eth_getTransactionByHash", `[$A]`, tx, agrees},
		{"eth_getTransactionByHash", `[$B]`, tx, contradicts},
		{"eth_getTransactionByBlockHashAndIndex", `[$A,"0x2"]`, tx, agrees},
		{"eth_getTransactionByBlockHashAndIndex", `[$A,"0x1"]`, tx, contradicts},
		{"eth_getTransactionByBlockNumberAndIndex", `["0xa","0x2"]`, tx, agrees},
		{"eth_getTransactionByBlockNumberAndIndex", `["0x1","0x2"]`, tx, contradicts},
		{"eth_getUncleByBlockNumberAndIndex", `["0xc","0x0"]`, header(`"0xa"`, `$A`), silent},
		{"eth_getUncleByBlockNumberAndIndex", `["0x2","0x0"]`, header(`"0x1"`, `$A`), silent},
		{"eth_getUncleByBlockNumberAndIndex", `["0x9","0x0"]`, header(`"0xa"`, `$A`), contradicts},
		{"eth_getUncleByBlockNumberAndIndex", `["0x20","0x0"]`, header(`"0xa"`, `$A`), contradicts},
		{"eth_getProof", `[$a,[],"latest"]`, `{"address":$lowa,"accountProof":[]}`, agrees},
		{"eth_getProof", `[$b,[],"latest"]`, `{"address":$lowa,"accountProof":[]}`, contradicts},
		{"eth_getLogs", `[{"fromBlock":"0x1","toBlock":"0xa","address":$a}]`, "[" + log("$a", `"0x1"`, "$A") + "," + log("$a", `"0xa"`, "$B") + "]", agrees},
		{"eth_getLogs", `[{"fromBlock":"0x1","toBlock":"0x9"}]`, "[" + log("$a", `"0x1"`, "$A") + "," + log("$a", `"0xa"`, "$B") + "]", contradicts},
		{"eth_getLogs", `[{"fromBlock":"0x2","toBlock":"latest"}]`, "[" + log("$a", `"0x1"`, "$A") + "]", contradicts},
		{"eth_getLogs", `[{"fromBlock":"0x2","toBlock":"latest"}]`, "[" + log("$a", `"0x1000"`, "$A") + "]", silent},
		{"eth_getLogs", `[{"toBlock":"0x2"}]`, "[" + log("$a", `"0x3"`, "$A") + "]", contradicts},
		{"eth_getLogs", `[{"blockHash":$A}]`, "[" + log("$a", `"0x1"`, "$B") + "]", contradicts},
		{"eth_getLogs", `[{"blockHash":$A}]`, "[" + log("$a", `"0x1"`, "$A") + "," + log("$b", `"0x1"`, "$A") + "]", agrees},
		{"eth_getLogs", `[{"address":[$b]}]`, "[" + log("$a", `"0x1"`, "$A") + "]", contradicts},
		{"eth_getLogs", `[{"address":[$a,$b]}]`, "[" + log("$a", `"0x1"`, "$A") + "]", silent},
		{"eth_getLogs", `[{"address":[$b]}]`, "[]", silent},
		{"eth_feeHistory", `["0x4","0xa",[]]`, `{"oldestBlock":"0x7"}`, silent},
		{"eth_feeHistory", `[4,"0xa",[]]`, `{"oldestBlock":"0x6"}`, contradicts},
		{"eth_feeHistory", `["4","0xa",[]]`, `{"oldestBlock":"0xb"}`, contradicts},
		{"eth_feeHistory", `["0x400","0xa",[]]`, `{"oldestBlock":"0x0"}`, silent},
		{"eth_feeHistory", `["0x0","0xa",[]]`, `{"oldestBlock":"0x0"}`, silent},
		{"trace_transaction", `[$A]`, "[" + trace + "," + trace + "]", agrees},
		{"trace_transaction", `[$B]`, "[" + trace + "," + trace + "]", contradicts},
		{"trace_block", `["0xa"]`, "[" + trace + "]", agrees},
		{"trace_block", `["0xb"]`, "[" + trace + "]", contradicts},
		{"ots_getBlockDetails", `["0xb"]`, `{"block":` + header(`"0xa"`, `$A`) + `,"issuance":{}}`, contradicts},
		{"ots_getBlockDetailsByHash", `[$A]`, `{"block":` + header(`"0xa"`, `$A`) + `,"issuance":{}}`, agrees},
		{"erigon_getHeaderByNumber", `[10]`, header(`"0xa"`, `$A`), agrees},
		{"engine_newPayloadV3", `[{"blockHash":$A}]`, `{"status":"VALID","latestValidHash":$A,"validationError":null}`, agrees},
		{"engine_newPayloadV3", `[{"blockHash":$B}]`, `{"status":"VALID","latestValidHash":$A,"validationError":null}`, contradicts},
		{"engine_newPayloadV3", `[{"blockHash":$B}]`, `{"status":"INVALID","latestValidHash":$A,"validationError":""}`, silent},
		{"engine_forkchoiceUpdatedV3", `[{"headBlockHash":$B}]`, `{"payloadStatus":{"status":"VALID","latestValidHash":$A},"payloadId":null}`, contradicts},
		{"web3_sha3", `["0x"]`, `"0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"`, agrees},
		{"web3_sha3", `["0x00"]`, `"0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"`, contradicts},
		{"web3_sha3", `["0x0"]`, `"0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"`, silent},
	} {
		d := New()
		ask, reply := d.Ask(c.method, fill(c.params)), d.Reply(fill(c.result))
		if !ask.Fits(&reply) {
			t.Errorf("%s: %v does not fit %v", c.method, KindNames(reply.Kinds), KindNames(ask.Kinds))
		}
		if got := ask.Echo(&reply); got != c.want {
			t.Errorf("%s %s <- %s: %v, want %v", c.method, c.params, c.result, got, c.want)
		}
	}
}

func TestRawTransactionNamesItsHash(t *testing.T) {
	d := New()
	txs := testTransactions(t)
	txs = append(txs, withSidecars(txs[3])...)
	for _, tx := range txs {
		raw, err := tx.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		ask := d.Ask("eth_sendRawTransaction", fmt.Appendf(nil, `["%#x"]`, raw))
		right := d.Reply(fmt.Appendf(nil, `"%s"`, tx.Hash().Hex()))
		wrong := d.Reply(fill(`$A`))
		if ask.Echo(&right) != model.EchoAgrees || ask.Echo(&wrong) != model.EchoContradicts {
			t.Errorf("type %d, %d bytes: %v, %v", tx.Type(), len(raw), ask.Echo(&right), ask.Echo(&wrong))
		}
		if tx.BlobTxSidecar() != nil && hexutil.Encode(crypto.Keccak256(raw)) == tx.Hash().Hex() {
			t.Error("the network form is not the form that is hashed")
		}
	}
	for _, params := range []string{`["0x"]`, `["0x7100"]`, `["0x03"]`, `["0xf"]`, `["0xzz"]`, `[]`, `{}`, `[7]`, `["0x7ec0"]`} {
		if f := d.Ask("eth_sendRawTransaction", []byte(params)); f.Tx != 0 {
			t.Errorf("%s names a hash", params)
		}
	}
}

func TestFixedReads(t *testing.T) {
	d := New()
	at := func(params string) model.Fingerprint { return d.Ask("eth_getBalance", fill(params)) }
	for _, params := range []string{`[$a,"0x1"]`, `[$a,$A]`, `[$a,{"blockHash":$A}]`, `[$a,{"blockNumber":"0x1"}]`} {
		if f := at(params); f.Rule != model.RuleFixed || f.Aux == 0 || f.Lo != 0 || f.Block != 0 {
			t.Errorf("%s: %+v", params, f)
		}
	}
	for _, params := range []string{`[$a]`, `[$a,"latest"]`, `[$a,"pending"]`, `[$a,"safe"]`, `[$a,"finalized"]`, `[$a,"earliest"]`, ``} {
		if f := at(params); f.Rule != model.RuleNone || f.Aux != 0 {
			t.Errorf("%s: %+v", params, f)
		}
	}
	if at(`[$a,"0x1"]`).Aux == at(`[$a,"0x2"]`).Aux || at(`[$a,"0x1"]`).Aux == d.Ask("eth_getCode", fill(`[$a,"0x1"]`)).Aux {
		t.Error("different requests, same digest")
	}
	if r := d.Reply([]byte(`"0x000a"`)); r.Aux != d.Reply([]byte(`"0xA"`)).Aux || r.Aux == d.Reply([]byte(`"0xb"`)).Aux {
		t.Error("Aux of a result is not its value")
	}
}

func TestTracers(t *testing.T) {
	d := New()
	calls := d.Reply([]byte(`{"from":"0x","gas":"0x","gasUsed":"0x","to":"0x","input":"0x","type":"CALL","calls":[]}`))
	opcodes := d.Reply([]byte(`{"gas":1,"failed":false,"returnValue":"","structLogs":[]}`))
	for _, c := range []struct {
		config        string
		calls, opcode bool
	}{
		{``, false, true}, {`,{}`, false, true}, {`,{"disableStack":true}`, false, true}, {`,{"tracer":null}`, false, true},
		{`,{"timeout":"5s","tracer":"callTracer"}`, true, false}, {`,{"tracer":"prestateTracer"}`, false, false},
		{`,{"tracer":"{data: [], result: function() {}}"}`, true, true}, {`,{"tracer":"muxTracer"}`, true, true},
	} {
		ask := d.Ask("debug_traceTransaction", fill(`[$A`+c.config+`]`))
		if ask.Fits(&calls) != c.calls || ask.Fits(&opcodes) != c.opcode {
			t.Errorf("%s: %v %v", c.config, ask.Fits(&calls), ask.Fits(&opcodes))
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	d := New()
	for _, p := range pairs(t, "pairs.jsonl") {
		d.Ask(p.Ask.Method, p.Ask.Params) // fills the pool
		if n := testing.AllocsPerRun(10, func() { d.Reply(p.Reply.Result) }); n != 0 {
			t.Errorf("%s: Reply allocates %v times", p.Case, n)
		}
	}
	params := fill(`[$a,"0x1"]`)
	for _, m := range []string{"eth_getBalance", "eth_getBlockTransactionCountByNumber", "eth_getProof", "no_suchMethod"} {
		if n := testing.AllocsPerRun(10, func() { d.Ask(m, params) }); n != 0 {
			t.Errorf("%s: Ask allocates %v times", m, n)
		}
	}
}
