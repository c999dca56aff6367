package ethereum

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// server serves newChain's block as a real rpc.Server does.
type server struct {
	t     *testing.T
	chain *chain
	asked int
}

func (n *server) ChainId() hexutil.Uint64 { n.asked++; return 1337 }

func (n *server) GetBalance(string, rpc.BlockNumberOrHash) hexutil.Uint64 { n.asked++; return 42 }

func (n *server) GetBlockByNumber(_ rpc.BlockNumber, full bool) members {
	n.asked++
	return n.chain.blockJSON(n.t, full)
}

func (n *server) GetBlockReceipts(rpc.BlockNumberOrHash) []any {
	n.asked++
	return n.chain.receiptsJSON(n.t)
}

func (n *server) SendRawTransaction(hexutil.Bytes) (string, error) {
	n.t.Error("a transaction was sent")
	return "", errors.New("sent")
}

func serve(t *testing.T) (*server, Verifier) {
	t.Helper()
	n := &server{t: t, chain: newChain(t)}
	srv := rpc.NewServer()
	if err := srv.RegisterName("eth", n); err != nil {
		t.Fatal(err)
	}
	client := rpc.DialInProc(srv)
	t.Cleanup(func() { client.Close(); srv.Stop() })
	return n, Verifier{client}
}

func TestAskAgain(t *testing.T) {
	n, v := serve(t)
	block := n.chain.blockJSON(t, true)
	block["transactions"].([]any)[1].(members)["value"] = "0x7"
	for _, c := range []struct {
		method, params string
		result         any
		fields         []string
	}{
		{"eth_chainId", ``, "0x0539", nil},
		{"eth_chainId", `[]`, "0x1", []string{""}},
		{"eth_getBalance", `["0x01","0x5"]`, "0x2A", nil},
		{"eth_getBalance", `["0x01","0x5"]`, "0x2b", []string{""}},
		{"eth_getBlockByNumber", `["0x1b",false]`, n.chain.blockJSON(t, false), nil},
		{"eth_getBlockByNumber", `["0x1b",true]`, block, []string{"transactions[1].hash", "transactionsRoot", "transactions[1].value"}},
		{"eth_getBlockReceipts", `["0x1b"]`, n.chain.receiptsJSON(t), nil},
		{"eth_getBlockReceipts", `["0x1b"]`, n.chain.receiptsJSON(t)[:4], []string{"", "receiptsRoot"}},
	} {
		found, err := v.Ask(context.Background(), c.method, []byte(c.params), marshal(t, c.result))
		if err != nil {
			t.Errorf("%s: %v", c.method, err)
		}
		if c.fields == nil && found != nil {
			t.Errorf("%s: %v", c.method, found)
		}
		for _, f := range c.fields {
			expect(t, found, f)
		}
	}
	if _, err := v.Ask(context.Background(), "eth_getBlockByHash", []byte(`["0x1b",false]`), []byte(`{}`)); err == nil {
		t.Error("no error of the node")
	}
}

func TestOnlyFixedRequestsAreAskedAgain(t *testing.T) {
	n, v := serve(t)
	for _, c := range [][3]string{
		{"eth_sendRawTransaction", `["0x01"]`, `"0x01"`}, {"eth_blockNumber", `[]`, `"0x1"`}, {"personal_sign", `[]`, `"0x1"`},
		{"eth_getBalance", `["0x01","latest"]`, `"0x1"`}, {"eth_getBalance", `["0x01"]`, `"0x1"`}, {"eth_getBalance", `["0x01","earliest"]`, `"0x1"`},
		{"eth_getBlockByNumber", `["pending",true]`, `{}`}, {"eth_getBlockByNumber", `["0x1b",true]`, `null`},
		{"eth_getTransactionByHash", `["0x01"]`, `{"hash":"0x01","blockHash":null,"nonce":"0x1"}`},
		{"eth_getLogs", `[{"fromBlock":"0x1","toBlock":"latest"}]`, `[]`}, {"eth_getLogs", `[{}]`, `[]`}, {"eth_getLogs", `7`, `[]`},
		{"evm_mine", `[]`, `"0x0"`}, {"no_such", `[]`, `1`}, {"eth_chainId", `[]`, ``},
	} {
		if _, err := v.Ask(context.Background(), c[0], []byte(c[1]), []byte(c[2])); !errors.Is(err, ErrNotFixed) {
			t.Errorf("%s %s: %v", c[0], c[1], err)
		}
	}
	if n.asked != 0 {
		t.Errorf("the node was asked %d times", n.asked)
	}
	for _, params := range []string{`[{"fromBlock":"0x1","toBlock":"0x2"}]`, fmt.Sprintf(`[{"blockHash":"%s"}]`, wordA)} {
		if !Fixed("eth_getLogs", []byte(params), []byte(`[]`)) {
			t.Errorf("%s is fixed", params)
		}
	}
}

func TestDiffNamesPaths(t *testing.T) {
	for _, c := range []struct{ got, want, paths string }{
		{`{"a":1,"b":[1,{"c":null}]}`, `{"b":[1,{}],"a":1}`, `[]`},
		{`{"a":"0x0A"}`, `{"a":"0xa"}`, `[]`},
		{`{"a":1,"b":[1,{"c":2}]}`, `{"a":2,"b":[1,{"c":3}]}`, `["a","b[1].c"]`},
		{`[1,2]`, `[1]`, `[""]`}, {`{}`, `[]`, `[""]`}, {`true`, `{}`, `[""]`}, {`[true,null,1]`, `[{},[],"1"]`, `["[0]","[1]","[2]"]`},
	} {
		found, err := diff([]byte(c.got), []byte(c.want))
		if err != nil {
			t.Fatal(err)
		}
		paths := []string{}
		for _, d := range found {
			paths = append(paths, d.Field)
		}
		if got, _ := json.Marshal(paths); string(got) != c.paths {
			t.Errorf("%s against %s: %s", c.got, c.want, got)
		}
	}
}
