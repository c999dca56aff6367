package decode_test

import (
	"fmt"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// A block of three lines, of which one is broken.
func ExampleDecoder_Block() {
	block := []byte(`{"ts":"2026-11-22T09:00:00.0001Z","pid":4121,"ev":"send","ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","msg":{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}}
{"ts":"2026-11-22T09:00:00.0005Z","pid":4121,"ev":"rec
{"ts":"2026-11-22T09:00:00.0009Z","pid":4121,"ev":"recv","ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","status":200,"msg":{"jsonrpc":"2.0","id":1,"result":true}}
`)
	names := model.NewInterner(1 << 20)
	d := decode.New(names, model.NoDialect{})
	var out decode.Out
	d.Block(0, 0, block, &out)

	for _, ev := range out.Events {
		for _, m := range out.Messages[ev.Msg : ev.Msg+ev.NMsg] {
			at := ev.Origin.Offset + int64(m.At) // Origin of the message itself
			fmt.Printf("PID %d on %s, id %s %s: %s\n", ev.Proc.PID, ev.Conn.Label(), m.ID,
				names.Names()[m.Method], block[at:at+int64(m.Len)])
		}
	}
	fmt.Printf("%d of %d lines malformed, the first at byte %d: %s\n",
		out.Stats.Malformed, out.Stats.Lines, out.Stats.BadOffset, out.Stats.BadReason)
	// Output:
	// PID 4121 on 127.0.0.1:51234>127.0.0.1:8545, id 1 eth_accounts: {"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}
	// PID 4121 on 127.0.0.1:51234>127.0.0.1:8545, id 1 : {"jsonrpc":"2.0","id":1,"result":true}
	// 1 of 3 lines malformed, the first at byte 187: no JSON: the line ends in the middle
}
