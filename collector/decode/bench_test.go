package decode_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fastjson"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// logOf is about a MiB of the log of so many processes in turn: body makes the
// request and the reply of the n-th call.
func logOf(processes int, body func(n int) (request, reply string)) []byte {
	const layout = "2006-01-02T15:04:05.000000000Z07:00"
	var b bytes.Buffer
	at := time.Date(2026, 11, 22, 9, 0, 0, 100_000, time.UTC)
	for n := 1; b.Len() < 1<<20; n++ {
		request, reply := body(n)
		pid := 4121 + n%processes
		session := fmt.Sprintf(`"ino":%d,"local":"127.0.0.1:%d","peer":"127.0.0.1:8545"`, 84090+pid, 47113+pid)
		fmt.Fprintf(&b, `{"ts":"%s","pid":%d,"ev":"send",%s,"msg":%s}`+"\n", at.Format(layout), pid, session, request)
		at = at.Add(812_345)
		fmt.Fprintf(&b, `{"ts":"%s","pid":%d,"ev":"recv",%s,"status":200,"msg":%s}`+"\n", at.Format(layout), pid, session, reply)
		at = at.Add(97_531)
	}
	return b.Bytes()
}

const hash = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925"

// small is a call of the usual kind.
func small(n int) (request, reply string) {
	switch n % 4 {
	case 0:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_blockNumber","params":[]}`, n),
			fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":"0x%x"}`, n, 21_000_000+n)
	case 1:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_getBalance","params":["0x742d35cc6634c0532925a3b844bc454e4438f44e","latest"]}`, n),
			fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":"0x1bc16d674ec80000"}`, n)
	case 2:
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_getTransactionReceipt","params":["%s"]}`, n, hash),
			fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":null}`, n)
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_call","params":[{"to":"0x742d35cc6634c0532925a3b844bc454e4438f44e","data":"0x70a08231"},"latest"]}`, n),
		fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"error":{"code":-32000,"message":"execution reverted"}}`, n)
}

// large is a call whose reply has about 10 KB: a block's logs.
func large(n int) (request, reply string) {
	entry := fmt.Sprintf(`{"address":"0x742d35cc6634c0532925a3b844bc454e4438f44e","topics":["%s","%s"],"data":"%s","blockNumber":"0x140dbd2","transactionIndex":"0x1f","removed":false}`, hash, hash, hash)
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_getLogs","params":[{"fromBlock":"0x140dbd2","toBlock":"0x140dbd2"}]}`, n),
		fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":[%s]}`, n, strings.Repeat(entry+",", 24)+entry)
}

// batch is a batch of twenty calls.
func batch(n int) (request, reply string) {
	var asks, replies []string
	for i := range 20 {
		ask, reply := small(n*20 + i)
		asks, replies = append(asks, ask), append(replies, reply)
	}
	return "[" + strings.Join(asks, ",") + "]", "[" + strings.Join(replies, ",") + "]"
}

var loads = []struct {
	name string
	log  []byte
}{
	{"small", logOf(1, small)},   // requests and small replies, 225 bytes a line
	{"merged", logOf(64, small)}, // the same of 64 processes in one file
	{"large", logOf(1, large)},   // replies of 10 KB
	{"batch", logOf(1, batch)},   // batches of 20
}

func BenchmarkBlock(b *testing.B) {
	for _, load := range loads {
		b.Run(load.name, func(b *testing.B) {
			d := decode.New(model.NewInterner(1<<20), model.NoDialect{})
			var out decode.Out
			d.Block(1, 0, load.log, &out)
			if out.Stats.Malformed != 0 {
				b.Fatal(out.Stats.BadReason)
			}
			lines := bytes.Count(load.log, []byte("\n"))
			b.SetBytes(int64(len(load.log)))
			b.ReportAllocs()
			for b.Loop() {
				out.Reset()
				d.Block(1, 0, load.log, &out)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(lines), "ns/line")
		})
	}
}

// BenchmarkFastjson parses the same lines with valyala/fastjson and looks up
// what an event needs: fewer fields than Decoder reads, no extents, no check of
// the times.
func BenchmarkFastjson(b *testing.B) {
	for _, load := range loads {
		b.Run(load.name, func(b *testing.B) {
			lines := strings.Split(strings.TrimSpace(string(load.log)), "\n")
			var p fastjson.Parser
			found := 0
			b.SetBytes(int64(len(load.log)))
			b.ReportAllocs()
			for b.Loop() {
				for _, line := range lines {
					v, err := p.Parse(line)
					if err != nil {
						b.Fatal(err)
					}
					o := v.GetObject()
					for _, key := range [...]string{"ts", "pid", "ev", "ino", "local", "peer", "status"} {
						if o.Get(key) != nil {
							found++
						}
					}
					if m := o.Get("msg"); m.Type() == fastjson.TypeObject {
						for _, key := range [...]string{"id", "method", "params", "result", "error"} {
							if m.Get(key) != nil {
								found++
							}
						}
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(lines)), "ns/line")
			if found == 0 {
				b.Fatal("found nothing")
			}
		})
	}
}
