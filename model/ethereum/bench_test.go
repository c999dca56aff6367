package ethereum

import (
	"bytes"
	"testing"
)

func BenchmarkReply(b *testing.B) {
	all := pairs(b, "pairs.jsonl")
	logs := result(b, all, "eth_getLogs/contract-addr")
	one := append(bytes.Clone(logs[1:len(logs)-1]), ',')
	many := append(append([]byte{'['}, bytes.Repeat(one, 50)...), logs[1:]...)
	for _, c := range []struct {
		name string
		text []byte
	}{
		{"quantity", result(b, all, "eth_chainId/get-chain-id")},
		{"word", result(b, all, "eth_sendRawTransaction/send-legacy-transaction")},
		{"code", append(append([]byte(`"0x`), bytes.Repeat([]byte("60806040"), 6000)...), '"')},
		{"receipt", result(b, all, "eth_getTransactionReceipt/get-dynamic-fee")},
		{"header", result(b, all, "eth_getBlockByNumber/get-block-prague-fork")},
		{"block", result(b, all, "eth_getBlockByNumber/get-latest")},
		{"receipts", result(b, all, "eth_getBlockReceipts/get-block-receipts-latest")},
		{"logs", many},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := New()
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				if f := d.Reply(c.text); f.Kinds == 0 {
					b.Fatal("no opinion")
				}
			}
		})
	}
}

func BenchmarkAsk(b *testing.B) {
	for _, c := range []struct{ method, params string }{
		{"eth_chainId", `[]`},
		{"eth_getBlockByNumber", `["0x1b4",true]`},
		{"eth_getTransactionReceipt", `["0x85d995eba9763907fdf35cd2034144dd9d53ce32cbec21349d4b12823c6860c5"]`},
		{"eth_getBalance", `["0x7dcd17433742f4c0ca53122ab541d0ba67fc27df","0x1b4"]`},
		{"eth_getLogs", `[{"address":["0x7dcd17433742f4c0ca53122ab541d0ba67fc27df"],"fromBlock":"0x1","toBlock":"0x4"}]`},
		{"eth_sendRawTransaction", `["0xf86c808401a213988261a894aa000000000000000000000000000000000000000a8255448718e5bb3abd109fa073fbe7ff7e74339e7cc61fb3cb3f7630cd3f1d5fef653d7297654b2d"]`},
		{"web3_sha3", `["0x68656c6c6f20776f726c64"]`},
	} {
		b.Run(c.method, func(b *testing.B) {
			d := New()
			params := []byte(c.params)
			b.ReportAllocs()
			for b.Loop() {
				if f := d.Ask(c.method, params); f.Kinds == 0 {
					b.Fatal("no opinion")
				}
			}
		})
	}
}
