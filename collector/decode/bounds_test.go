package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// padded is a good line of n bytes.
func padded(n int) []byte {
	const head, tail = `{"ts":1,"pid":1,"ev":"recv","msg":{"id":1,"result":"`, `"}}`
	b := make([]byte, 0, n+1)
	b = append(b, head...)
	for len(b) < n-len(tail) {
		b = append(b, 'a')
	}
	return append(append(b, tail...), '\n')
}

func TestTheLongestLine(t *testing.T) {
	d := newDecoder()
	var out decode.Out
	d.Block(1, 0, padded(decode.MaxLine), &out)
	if len(out.Events) != 1 || out.Events[0].Origin.Len != decode.MaxLine {
		t.Errorf("a line of MaxLine: %+v", out.Stats)
	}
	out.Reset()
	d.Block(1, 0, append(padded(decode.MaxLine+1), padded(80)...), &out)
	if len(out.Events) != 1 || len(out.Messages) != 1 || out.Stats.BadReason != "longer than 64 MiB" {
		t.Errorf("a longer line: %d events, %+v", len(out.Events), out.Stats)
	}
}

func TestTheLargestBatch(t *testing.T) {
	line := func(n int) string {
		return `{"ts":1,"pid":1,"ev":"recv","msg":[` + strings.Repeat("1,", n-1) + "1]}"
	}
	if out := run(line(decode.MaxBatch)); len(out.Messages) != decode.MaxBatch {
		t.Errorf("%d messages", len(out.Messages))
	}
	out := run(line(decode.MaxBatch + 1))
	if len(out.Messages) != 0 || out.Stats.BadReason != "a batch of more than 65536 items" {
		t.Errorf("%d messages, %+v", len(out.Messages), out.Stats)
	}
}

func TestDeepestValue(t *testing.T) {
	line := func(n int) string {
		return `{"ts":1,"pid":1,"ev":"exec","x":` + strings.Repeat(`[{"a":`, n/2) + "1" + strings.Repeat("}]", n/2) + "}"
	}
	if out := run(line(512)); len(out.Events) != 1 {
		t.Errorf("512 deep: %+v", out.Stats)
	}
	if out := run(line(514)); out.Stats.Malformed != 1 {
		t.Errorf("514 deep: %+v", out.Stats)
	}
}

// TestLinesCostNoAllocation: bad lines may not cost more than good ones, but
// for the reason of a block's first.
func TestLinesCostNoAllocation(t *testing.T) {
	var data strings.Builder
	for i := range 500 {
		fmt.Fprintf(&data, `{"ts":"2026-11-22T09:00:00.000100000Z","pid":%d,"ev":"send","url":"http:\/\/h","cookie":%d,"msg":{"id":"\u0061","method":"m%d\n"}}`+"\n", 1+i%50, i%90, i%200)
		fmt.Fprintf(&data, `{"ts":%d,"pid":1,"ev":"what"}`+"\n{\n", i)
	}
	d := newDecoder()
	var out decode.Out
	block := []byte(data.String())
	allocs := testing.AllocsPerRun(10, func() {
		out.Reset()
		d.Block(1, 0, block, &out)
	})
	if allocs > 10 || out.Stats.Malformed != 1000 || len(out.Events) != 500 {
		t.Errorf("%v allocations for 1500 lines, %+v", allocs, out.Stats)
	}
}

func TestLinesOfOneProcessShareItsInfo(t *testing.T) {
	a := `{"ts":1,"pid":1,"ppid":9,"ev":"open","ino":3,"tid":%d,"local":"x"}` + "\n"
	b := `{"ts":1,"pid":1,"ppid":9,"ev":"open","ino":4,"tid":%d,"local":"x"}` + "\n"
	out := run(fmt.Sprintf(a+b+a+a, 1, 2, 3, 4))
	first, second := out.Events[0], out.Events[1]
	if first.Proc == nil || first.Conn == second.Conn || first.Conn.Key == second.Conn.Key {
		t.Errorf("two inodes are one session: %+v", first.Conn)
	}
	for _, ev := range out.Events[2:] {
		if ev.Conn != first.Conn || ev.Proc != first.Proc {
			t.Errorf("tid %d: not shared", ev.TID)
		}
	}
}

// TestManyIdentities has more processes and sessions than the caches hold, and
// identities that no cache takes.
func TestManyIdentities(t *testing.T) {
	d := newDecoder()
	var out decode.Out
	var data strings.Builder
	const n = 10_000
	for range 2 {
		for i := range n {
			fmt.Fprintf(&data, `{"ts":1,"pid":%d,"ev":"open","sess":"s%d"}`+"\n", 1+i, i)
		}
	}
	long := strings.Repeat("é", 4000)
	fmt.Fprintf(&data, `{"ts":1,"pid":1,"ev":"open","sess":"%s"}`+"\n", long)
	fmt.Fprintf(&data, `{"ts":1,"pid":2,%s"ev":"open"}`+"\n", strings.Repeat(`"sess":"a","x":1,`, 30))
	d.Block(1, 0, []byte(data.String()), &out)
	for i, ev := range out.Events[:2*n] {
		if want := fmt.Sprintf("s%d", i%n); ev.Conn.Name != want || int(ev.Proc.PID) != 1+i%n {
			t.Fatalf("line %d is of %s and PID %d", i, ev.Conn.Name, ev.Proc.PID)
		}
	}
	if got := out.Events[2*n].Conn.Name; got != long[:1024] {
		t.Errorf("a name of %d bytes", len(got))
	}
	if got := out.Events[2*n+1]; got.Conn.Name != "a" || got.Proc.PID != 2 {
		t.Errorf("a line in many pieces: %+v", got.Conn)
	}
}

func TestAFullInternerIsNoError(t *testing.T) {
	d := decode.New(model.NewInterner(200), model.NoDialect{})
	var out decode.Out
	var data strings.Builder
	for i := range 100 {
		fmt.Fprintf(&data, `{"ts":1,"pid":1,"ev":"send","msg":{"method":"m%d"}}`+"\n", i)
	}
	d.Block(1, 0, []byte(data.String()), &out)
	if m := out.Messages[99]; m.Kind != model.Notification || m.Method != model.SymOther {
		t.Errorf("%+v", m)
	}
}
