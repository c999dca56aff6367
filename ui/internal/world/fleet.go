package world

import (
	"fmt"

	"github.com/sessiontop/sessiontop/model"
)

const (
	node = "10.0.0.7:8545"
	url  = "http://node:8545"
	addr = `"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"`
)

// Fleet is the world of most tests: gunicorn workers of which two share the
// connection that their master opened before it forked, healthy ones, a
// websocket, failures, and a process with a hostile name.
func Fleet(live bool) *World {
	w := New(live)
	w.shared()
	for i := range 6 {
		w.healthy(4130+i, i)
	}
	w.indexer()
	w.keeper()
	w.hostile()
	w.sources()
	return w
}

// shared is the fault: 4119 opens a connection, forks 4120 and 4121, and both
// go on with it.
func (w *World) shared() {
	w.Proc(4119, 1, "gunicorn")
	w.Proc(4120, 4119, "gunicorn")
	w.Proc(4121, 4119, "gunicorn")
	c := Conn("10.0.0.5:51234", node, url)
	w.Open(0, 4119, c)
	w.Call(120, 0.9, 4119, c, 1, "eth_chainId", "[]", `"0x1"`)
	w.Call(140, 1.1, 4119, c, 2, "net_version", "[]", `"1"`)
	w.Fork(2000, 4119, 4120)
	w.Fork(2004, 4119, 4121)
	for i := range 12 {
		t := 3000 + float64(i)*400
		id := 3 + i*2
		w.Call(t, 1.2, 4120, c, id, "eth_blockNumber", "[]", fmt.Sprintf(`"0x10d4%02x"`, i))
		w.Call(t+150, 1.4, 4121, c, id, "eth_gasPrice", "[]", `"0x3b9aca00"`)
		if i%4 == 1 {
			w.swap(c, t+300, id+1, i)
		}
	}
}

// swap is two calls in flight together, whose replies are read crosswise.
func (w *World) swap(c *model.ConnInfo, t float64, id, i int) {
	switch i {
	case 1:
		w.Send(t, 4120, c, id, "personal_unlockAccount", `[`+addr+`,"<redacted>",300]`)
		w.Send(t+1.2, 4121, c, id, "eth_accounts", "[]")
		w.Recv(t+3.9, 4121, c, id, "true")
		w.Recv(t+5.1, 4120, c, id, `[`+addr+`]`)
	case 5:
		w.Send(t, 4120, c, id, "eth_getBlockByNumber", `["0x10d4f2",false]`)
		w.Send(t+0.4, 4121, c, id, "eth_getBlockByNumber", `["0x10d4e0",false]`)
		w.Recv(t+2.2, 4121, c, id, block("0x10d4f2", "0xb1"))
		w.Recv(t+2.9, 4120, c, id, block("0x10d4e0", "0xa0"))
	default:
		w.Send(t, 4121, c, id, "eth_getTransactionCount", `[`+addr+`,"latest"]`)
		w.Send(t+0.6, 4120, c, id, "eth_accounts", "[]")
		w.Recv(t+2.4, 4120, c, id, `"0x2a"`)
		w.Recv(t+3.0, 4121, c, id, `[`+addr+`]`)
	}
}

func block(number, hash string) string {
	return fmt.Sprintf(`{"number":%q,"hash":"%s%062d","parentHash":"0x%064d","timestamp":"0x6921e3d0","gasUsed":"0x5208","gasLimit":"0x1c9c380","baseFeePerGas":"0x3b9aca00","miner":%s,"transactions":[],"uncles":[]}`,
		number, hash, 7, 6, addr)
}

func (w *World) healthy(pid, k int) {
	w.Proc(pid, 4119, "gunicorn")
	w.Fork(2010+float64(k), 4119, pid)
	c := Conn(fmt.Sprintf("10.0.0.5:%d", 51240+k), node, url)
	w.Open(2100+float64(k), pid, c)
	for i := range 40 + 9*k {
		t := 2200 + float64(i)*120 + float64(k)*7
		took := 4 + float64((i*7+k*3)%11)
		id := i + 1
		switch i % 4 {
		case 0:
			w.Call(t, took, pid, c, id, "eth_blockNumber", "[]", fmt.Sprintf(`"0x10d4%02x"`, i))
		case 1:
			w.Call(t, took, pid, c, id, "eth_call", `[{"to":`+addr+`,"data":"0x70a08231"},"latest"]`, `"0x0000000000000000000000000000000000000000000000000de0b6b3a7640000"`)
		case 2:
			w.Call(t, took, pid, c, id, "eth_getBalance", `[`+addr+`,"latest"]`, `"0xde0b6b3a7640000"`)
		default:
			w.Send(t, pid, c, id, "eth_estimateGas", `[{"to":`+addr+`}]`)
			if k == 2 && i%8 == 3 {
				w.RecvError(t+took, pid, c, id, -32000, "execution reverted")
			} else {
				w.Recv(t+took, pid, c, id, `"0x5208"`)
			}
		}
	}
}

// indexer talks on a websocket: replies come in any order.
func (w *World) indexer() {
	w.Proc(5200, 1, "node")
	c := Conn("10.0.0.6:40112", "10.0.0.7:8546", "ws://node:8546")
	w.Open(500, 5200, c)
	for i := range 30 {
		t := 600 + float64(i)*230
		w.Send(t, 5200, c, 2*i+1, "eth_getLogs", `[{"fromBlock":"0x10d4e0","toBlock":"0x10d4f0"}]`)
		w.Send(t+1, 5200, c, 2*i+2, "eth_chainId", "[]")
		w.Recv(t+2, 5200, c, 2*i+2, `"0x1"`)
		w.Recv(t+45, 5200, c, 2*i+1, "[]")
	}
}

// keeper calls a node that does not always answer.
func (w *World) keeper() {
	w.Proc(6001, 1, "keeper")
	c := Conn("10.0.0.8:33412", node, url)
	w.Open(800, 6001, c)
	for i := range 8 {
		t := 900 + float64(i)*700
		w.Send(t, 6001, c, i+1, "eth_sendRawTransaction", `["0x02f86b01"]`)
		if i%3 == 2 {
			w.Fail(t+500, 6001, c, int64(i+1), "timeout")
		} else {
			w.RecvError(t+30, 6001, c, i+1, -32000, "nonce too low")
		}
	}
	w.Exit(7900, 6001, -9)
}

// hostile writes what would take over a terminal.
func (w *World) hostile() {
	w.Proc(6666, 1, "\x1b[31mevil\u202e\x07")
	c := Conn("10.0.0.9:6666", node, "http://node:8545")
	w.Call(3100, 3, 6666, c, "\x1b]0;id\a", "eth_\x1b[2Jcall", `["\u001b[H"]`, `"\u202e0x1\u009b2J"`)
	w.Call(3200, 3, 6666, c, 2, "漢字_メソッド", "[]", `null`)
}

func (w *World) sources() {
	for i, name := range []string{"gunicorn-4119.jsonl", "gunicorn-4120.jsonl", "gunicorn-4121.jsonl", "node-5200.jsonl", "keeper-6001.jsonl"} {
		s := model.SourceStat{ID: uint32(i), Name: name, Path: "logs/" + name, Size: 48_200 + int64(i)*9123, Read: 48_200 + int64(i)*9123, Lines: 412 + uint64(i)*77, Done: true}
		if i == 3 {
			s.Malformed, s.BadOffset, s.BadReason = 2, 18_233, `"ts" is no time: "yesterday"`
		}
		w.Source(s)
	}
	w.Source(model.SourceStat{ID: 5, Name: "evil-6666.jsonl", Path: "logs/evil-6666.jsonl", Err: "open logs/evil-6666.jsonl: permission denied; run as its owner, or chmod g+r"})
}
