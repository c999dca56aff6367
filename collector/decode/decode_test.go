package decode_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

const call = `{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}`

func TestEveryKeyOfALine(t *testing.T) {
	ev, messages := one(t, `{"v":1,"ts":"2026-11-22T09:00:00.000100000Z","mono":77,"host":"h","pid":4121,"ppid":4119,"tid":4122,"start":99,`+
		`"comm":"worker","ev":"recv","sess":"s","cookie":5,"ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","opener":4119,`+
		`"url":"http://node","client":"web3.py/6.15.1","off":812,"part":true,"status":200,"seq":1,"msg":`+call+`}`)
	proc := &model.ProcInfo{Host: "h", Comm: "worker", PID: 4121, PPID: 4119, Start: 99}
	conn := &model.ConnInfo{Cookie: 5, Ino: 88211, Local: "127.0.0.1:51234", Peer: "127.0.0.1:8545", URL: "http://node",
		Name: "s", Client: "web3.py/6.15.1", Opener: 4119}
	conn.Identify("h", 4121)
	want := model.Event{
		Time: 1795338000000100000, Mono: 77, Off: 812, TID: 4122, Proc: proc, Conn: conn, Status: 200,
		Origin: model.Origin{Source: 7, Len: ev.Origin.Len}, NMsg: 1, Seq: 1, Kind: model.Recv, Flags: model.HasOff | model.Partial,
	}
	if diff := cmp.Diff(want, ev); diff != "" {
		t.Error(diff)
	}
	if len(messages) != 1 || messages[0].Kind != model.Request || messages[0].ID != model.IntID(1) {
		t.Errorf("messages %+v", messages)
	}
}

func TestEvents(t *testing.T) {
	for _, c := range []struct {
		rest string
		want model.Event
	}{
		{`"ev":"send","msg":` + call, model.Event{Kind: model.Send, NMsg: 1}},
		{`"ev":"send","status":200,"msg":[` + call + "," + call + `]`, model.Event{Kind: model.Send, NMsg: 2, Flags: model.IsBatch}},
		{`"ev":"recv","raw":"<html>","enc":"base64"`, model.Event{Kind: model.Recv, NMsg: 1, Flags: model.NotJSON}},
		{`"ev":"recv","raw":"<html>","msg":null`, model.Event{Kind: model.Recv, NMsg: 1, Flags: model.NotJSON}},
		{`"ev":"recv","off":9,"rest":true`, model.Event{Kind: model.Recv, NMsg: 1, Off: 9, Flags: model.HasOff | model.Partial | model.Rest}},
		{`"ev":"send","off":9,"size":4,"upto":70,"msg":1`, model.Event{Kind: model.Send, NMsg: 1, Off: 9, Size: 4, Flags: model.HasOff}},
		{`"ev":"recv","upto":70,"size":4,"msg":1`, model.Event{Kind: model.Recv, NMsg: 1, Off: 66, Size: 4, Flags: model.OffAtMost}},
		{`"ev":"recv","upto":3,"size":4,"msg":1`, model.Event{Kind: model.Recv, NMsg: 1, Size: 4}},
		{`"ev":"recv","upto":3,"msg":1`, model.Event{Kind: model.Recv, NMsg: 1}},
		{`"ev":"send","part":true`, model.Event{Kind: model.Send, NMsg: 1, Flags: model.Partial}},
		{`"ev":"fail"`, model.Event{Kind: model.Fail}},
		{`"ev":"fail","id":4`, model.Event{Kind: model.Fail, NMsg: 1}},
		{`"ev":"open","msg":` + call, model.Event{Kind: model.Open}},
		{`"ev":"close"`, model.Event{Kind: model.Close}},
		{`"ev":"fork","child":12`, model.Event{Kind: model.Fork, N: 12}},
		{`"ev":"exec","child":"x"`, model.Event{Kind: model.Exec}},
		{`"ev":"exit"`, model.Event{Kind: model.Exit, N: model.NoCode}},
		{`"ev":"exit","code":-9`, model.Event{Kind: model.Exit, N: -9}},
		{`"ev":"lost","n":3`, model.Event{Kind: model.Lost, N: 3}},
	} {
		ev, _ := one(t, `{"ts":5,"pid":1,`+c.rest+`}`)
		if (ev.Conn != nil) != (ev.Kind <= model.Close) {
			t.Errorf("%s: session %v", c.rest, ev.Conn)
		}
		c.want.Time, c.want.Origin, c.want.Proc, c.want.Conn = 5, ev.Origin, ev.Proc, ev.Conn
		if diff := cmp.Diff(c.want, ev); diff != "" {
			t.Errorf("%s: %s", c.rest, diff)
		}
	}
}

func TestAProcessEventNamesASessionIfItsLineDoes(t *testing.T) {
	ev, _ := one(t, `{"ts":5,"pid":1,"ev":"lost","n":1,"ino":3,"local":"a"}`)
	if ev.Conn == nil || ev.Conn.Key.By != model.ByInode {
		t.Errorf("session %+v", ev.Conn)
	}
}

func TestAFailNamesItsCall(t *testing.T) {
	in := model.NewInterner(1 << 20)
	line := `{"ts":5,"pid":1,"ev":"fail","err":"timed \"out\" of https://bob:hunter2@h/","id":"x"}`
	var out decode.Out
	decode.New(in, model.NoDialect{}).Block(1, 0, []byte(line), &out)
	if got := in.Names()[out.Events[0].Err]; got != `timed "out" of https://redacted@h/` {
		t.Errorf("err %q", got)
	}
	m := out.Messages[0]
	if m.Kind != model.Request || m.Method != 0 || m.ID != model.TextID([]byte(`"x"`)) || line[m.At:m.At+m.Len] != `"x"` {
		t.Errorf("message %+v", m)
	}
}

func TestMalformedLinesSayWhy(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{`{"pid":1,"ev":"exec"}`, "no ts"},
		{`{"ts":null,"pid":1,"ev":"exec"}`, "no ts"},
		{`{"ts":1,"ev":"exec"}`, "no pid"},
		{`{"ts":1,"pid":1}`, "no ev"},
		{`{"ts":1,"pid":1,"ev":"foo"}`, `unknown ev "foo"`},
		{`{"ts":1,"pid":1,"ev":3}`, "unknown ev 3"},
		{`{"ts":"now","pid":1,"ev":"exec"}`, `ts is neither RFC 3339 nor Unix nanoseconds: "now"`},
		{`{"ts":99999999999999999999,"pid":1,"ev":"exec"}`, "ts is neither RFC 3339 nor Unix nanoseconds: 99999999999999999999"},
		{`{"ts":1,"pid":0,"ev":"exec"}`, "pid is no integer from 1 to 2147483647: 0"},
		{`{"ts":1,"pid":1.5,"ev":"exec"}`, "pid is no integer from 1 to 2147483647: 1.5"},
		{`{"ts":1,"pid":2147483648,"ev":"exec"}`, "pid is no integer from 1 to 2147483647: 2147483648"},
		{`{"ts":1,"pid":"1","ev":"exec"}`, `pid is no integer from 1 to 2147483647: "1"`},
		{`{"ts":1,"pid":1,"ev":"exec","cookie":-1}`, "cookie is no integer from 0 to 18446744073709551615: -1"},
		{`{"ts":1,"pid":1,"ev":"exec","host":{"a":1}}`, `host is no string: "{\"a\":1}"`},
		{`{"ts":1,"pid":1,"ev":"fork"}`, "no child"},
		{`{"ts":1,"pid":1,"ev":"lost"}`, "no n"},
		{`{"ts":1,"pid":1,"ev":"recv"}`, "no msg"},
		{`{"ts":1,"pid":1,"ev":"recv","raw":[]}`, `raw is no string: "[]"`},
		{`{"ts":1,"pid":1,"ev":"recv","part":1,"msg":1}`, "part is neither true nor false: 1"},
		{`{"ts":1,"pid":1,"ev":"recv","off":-1,"msg":1}`, "off is no integer from 0 to 9223372036854775807: -1"},
		{`{"ts":1,"pid":1,"ev":"recv","upto":9,"size":4294967296,"msg":1}`, "size is no integer from 0 to 4294967295: 4294967296"},
		{`{"ts":1,"pid":1,"ev":"fail","id":[1]}`, `id is no string, number or null: "[1]"`},
		{`{"v":"1","ts":1,"pid":1,"ev":"exec"}`, `v is no integer from 1 to 18446744073709551615: "1"`},
		{`[{"ts":1}]`, "no JSON object"},
		{`{"ts":1,"pid":1,"ev":"exec"`, "no JSON: the line ends in the middle"},
		{`{"ts":1,"pid":01,"ev":"exec"}`, `no JSON: unexpected "1" at byte 15`},
		{`{"ts":1,"pid":1,"ev":"exec"},`, `no JSON: unexpected "," at byte 28`},
		{`{"ts":1,"pid":1,"ev":"exec","x":"\q"}`, `no JSON: unexpected "q" at byte 34`},
		{"\x00\x00", `no JSON: unexpected "\x00" at byte 0`},
		{`{"x":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`, "nested deeper than 512 at byte 517"},
	} {
		good := `{"ts":1,"pid":1,"ev":"exec"}` + "\n"
		out := run(good + c.line + "\n" + good)
		want := decode.Stats{Lines: 3, Malformed: 1, BadOffset: int64(len(good)), BadReason: c.want}
		if diff := cmp.Diff(want, out.Stats); diff != "" || len(out.Events) != 2 || len(out.Messages) != 0 {
			t.Errorf("%s: %d events, %s", c.line, len(out.Events), diff)
		}
	}
}

func TestNewerLinesAreSkippedWhateverTheyHold(t *testing.T) {
	out := run(`{"ev":"dance","ts":[],"v":2,"msg":[{"id":1},2]}` + "\n" + `{"v":1,"ts":1,"pid":1,"ev":"exec"}`)
	want := decode.Stats{Lines: 2, Malformed: 1, BadReason: "of version 2, which takes a newer sessiontop"}
	if diff := cmp.Diff(want, out.Stats); diff != "" || len(out.Events) != 1 || len(out.Messages) != 0 {
		t.Errorf("%d events, %d messages, %s", len(out.Events), len(out.Messages), diff)
	}
}

func TestOriginsReadBack(t *testing.T) {
	data := "\xef\xbb\xbf" + `{"ts":1,"pid":1,"ev":"send","msg": {"id":1,"method":"a"} }` + "\r\n\n \r\n" +
		`{"ts":1,"pid":1,"ev":"recv","msg":[ {"id":2,"result":1} , 5]}` + "\n" + `{"ts":1,"pid":1,"ev":"recv","raw":"x\ny"}`
	out := run(data)
	var got []string
	for _, ev := range out.Events {
		for _, m := range out.Messages[ev.Msg : ev.Msg+ev.NMsg] {
			at := ev.Origin.Offset + int64(m.At)
			got = append(got, data[at:at+int64(m.Len)])
		}
	}
	want := []string{`{"id":1,"method":"a"}`, `{"id":2,"result":1}`, "5", `"x\ny"`}
	if diff := cmp.Diff(want, got); diff != "" || out.Stats.Lines != 3 {
		t.Errorf("%d lines, %s", out.Stats.Lines, diff)
	}
	last := out.Events[2].Origin
	if line := data[last.Offset:][:last.Len]; line != `{"ts":1,"pid":1,"ev":"recv","raw":"x\ny"}` {
		t.Errorf("the last line reads back as %s", line)
	}
}

func TestSequence(t *testing.T) {
	type numbers = []string // "pid seq"
	for _, c := range []struct {
		lines numbers
		want  decode.Seq
	}{
		{nil, decode.Seq{}},
		{numbers{"9 1", "9 2", "9 3"}, decode.Seq{PID: 9, First: 1, Last: 3}},
		{numbers{"9 4", "9 7", "9 8"}, decode.Seq{PID: 9, First: 4, Last: 8, Missing: 2}},
		{numbers{"9 4", "9 6", "9 5", "9 7"}, decode.Seq{PID: 9, First: 4, Last: 7}},
		{numbers{"9 4", "9 1", "9 2"}, decode.Seq{PID: 9, First: 4, Last: 2}},
		{numbers{"9 1", "8 5", "9 2"}, decode.Seq{Mixed: true}},
	} {
		var data strings.Builder
		for _, line := range c.lines {
			pid, seq, _ := strings.Cut(line, " ")
			fmt.Fprintf(&data, `{"ts":1,"pid":%s,"ev":"exec","seq":%s}`+"\n", pid, seq)
		}
		if got := run(data.String()).Stats.Seq; got != c.want {
			t.Errorf("%v: %+v, want %+v", c.lines, got, c.want)
		}
	}
}

func TestReportedLossAddsUpAndDoesNotWrap(t *testing.T) {
	const lost = `{"ts":1,"pid":1,"ev":"lost","n":%d}` + "\n"
	if got := run(fmt.Sprintf(lost+lost, 3, 4)).Stats.LostReported; got != 7 {
		t.Errorf("lost %d, want 7", got)
	}
	if got := run(strings.Repeat(fmt.Sprintf(lost, int64(1)<<62), 5)).Stats.LostReported; got != 1<<64-1 {
		t.Errorf("lost %d, want the greatest number", got)
	}
}
