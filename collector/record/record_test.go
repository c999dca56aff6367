package record_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sessiontop/sessiontop/collector/record"
)

// when is 2026-11-22T09:00:00.0001Z.
var when = time.Date(2026, 11, 22, 9, 0, 0, 100_000, time.UTC).UnixNano()

func TestAppendRecord(t *testing.T) {
	worker := record.Process{PID: 4121, PPID: 4119, Comm: "worker"}
	conn := record.Conn{Ino: 88211, Local: "127.0.0.1:51234", Peer: "127.0.0.1:8545"}
	for _, c := range []struct {
		name string
		r    record.Record
		want string
	}{
		{"send", record.Record{V: 1, Time: when, Process: worker, TID: 4121, Event: record.Send, Conn: conn, Opener: 4119,
			Msg: []byte(`{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}`)},
			`{"v":1,"ts":"2026-11-22T09:00:00.0001Z","pid":4121,"ppid":4119,"tid":4121,"comm":"worker","ev":"send","ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","opener":4119,"msg":{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}}`},
		{"recv", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Recv, HasOff: true, Status: 200, Part: true, Msg: []byte("{\"id\":1,\n \"result\":true}")},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"recv","off":0,"msg":{"id":1,  "result":true},"part":true,"status":200}`},
		{"counted", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Recv, UpTo: 90, Size: 20, Msg: []byte("1")},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"recv","upto":90,"size":20,"msg":1}`},
		{"every other key", record.Record{Time: when, Mono: 5, Process: record.Process{Host: "w1", PID: 4120, NSPID: 7, Start: 99}, Event: record.Fail,
			Session: "s", Conn: record.Conn{Cookie: 1<<64 - 1}, URL: "http://h", Client: "go-ethereum/1.17.10", Off: -1, HasOff: true, Err: "timeout", ID: []byte(`"x"`), Seq: 3},
			`{"ts":"2026-11-22T09:00:00.0001Z","mono":5,"host":"w1","pid":4120,"nspid":7,"start":99,"ev":"fail","sess":"s","cookie":18446744073709551615,"url":"http://h","client":"go-ethereum/1.17.10","off":-1,"err":"timeout","id":"x","seq":3}`},
		{"raw", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Recv, Raw: []byte("a\"\n\x1b[31m")},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"recv","raw":"a\"\n\u001b[31m"}`},
		{"raw, not UTF-8", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Recv, Raw: []byte("\xff")},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"recv","raw":"/w==","enc":"base64"}`},
		{"fork", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Fork, Child: 8},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"fork","child":8}`},
		{"fork, at some time", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Fork, Child: 8, Before: true},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"fork","child":8,"before":true}`},
		{"exit", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Exit},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"exit","code":0}`},
		{"killed", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Exit, Code: -9},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"exit","code":-9}`},
		{"lost, nobody knows how much", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Lost},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"lost","n":0}`},
		{"lost", record.Record{Time: when, Process: record.Process{PID: 7}, Event: record.Lost, N: 12},
			`{"ts":"2026-11-22T09:00:00.0001Z","pid":7,"ev":"lost","n":12}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(record.AppendRecord([]byte("before"), c.r)); got != "before"+c.want+"\n" {
				t.Errorf("AppendRecord\n got %s\nwant before%s", got, c.want)
			}
			s := record.SpeakerOf(&c.r)
			for range 2 { // as the first time, so the second
				got, from, to := s.AppendRecord([]byte("before"), &c.r)
				if string(got) != "before"+c.want+"\n" || len(c.r.Msg) > 0 && string(got[from:to]) != strings.ReplaceAll(string(c.r.Msg), "\n", " ") {
					t.Errorf("Speaker.AppendRecord\n got %s\nwant before%s\nmessage %s", got, c.want, got[from:to])
				}
			}
		})
	}
}

func TestAppendRecordAllocatesNothing(t *testing.T) {
	r := record.Record{Time: when, Mono: 1, Process: record.Process{PID: 1, PPID: 2, Start: 3, Comm: "wörker"}, Event: record.Recv,
		Conn: record.Conn{Cookie: 1, Ino: 2, Local: "127.0.0.1:1", Peer: "127.0.0.1:2"}, Raw: []byte("\xff\x00 no JSON"),
		Msg: []byte(`{"jsonrpc":"2.0","id":1,"result":true}`), Seq: 5, ID: []byte("1"), Err: "timeout"}
	dst := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { dst = record.AppendRecord(dst[:0], r) }); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// FuzzAppendRecord: whatever the strings hold, the line is one line of JSON,
// and they come back from it.
func FuzzAppendRecord(f *testing.F) {
	f.Add("wörker", "a\"\\\n\u2028\x7f\x00", []byte("\xff"), []byte("{\n\"id\" : [1,\r\n2]}"), int64(0))
	f.Add("", "\xed\xa0\x80", []byte("text"), []byte(`""`), int64(-1))
	f.Fuzz(func(t *testing.T, comm, sess string, raw, msg []byte, at int64) {
		if !json.Valid(msg) {
			msg = nil
		}
		r := record.Record{Time: at, Process: record.Process{PID: 1, Comm: comm}, Event: record.Recv, Session: sess, Raw: raw, Msg: msg}
		line := record.AppendRecord(nil, r)
		s := record.SpeakerOf(&r)
		for range 2 {
			if got, _, _ := s.AppendRecord(nil, &r); !bytes.Equal(got, line) {
				t.Fatalf("a speaker's line is %q, want %q", got, line)
			}
			s.AppendRecord(nil, &record.Record{Time: at ^ 1<<30})
		}
		if bytes.IndexByte(line, '\n') != len(line)-1 {
			t.Fatalf("more than one line: %q", line)
		}
		var back struct {
			TS              time.Time
			Comm, Sess, Raw string
			Enc             string
			Msg             json.RawMessage
		}
		if err := json.Unmarshal(line, &back); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if back.TS.UnixNano() != at || back.Comm != strings.ToValidUTF8(comm, "\ufffd") && utf8.ValidString(comm) {
			t.Fatalf("%q says %v and %q", line, back.TS, back.Comm)
		}
		if utf8.ValidString(sess) && back.Sess != sess {
			t.Fatalf("%q says the session is %q, want %q", line, back.Sess, sess)
		}
		if body, err := base64.StdEncoding.DecodeString(back.Raw); back.Enc == "base64" && (err != nil || !bytes.Equal(body, raw)) || back.Enc == "" && back.Raw != string(raw) {
			t.Fatalf("%q does not hold %q", line, raw)
		}
		if want := bytes.ReplaceAll(msg, []byte("\n"), []byte(" ")); !bytes.Equal(bytes.TrimSpace(back.Msg), bytes.TrimSpace(want)) {
			t.Fatalf("%q does not hold %q", line, msg)
		}
	})
}

func BenchmarkAppendRecord(b *testing.B) {
	r := record.Record{Time: when, Mono: 1, Process: record.Process{PID: 4121, PPID: 4119, Start: 33, Comm: "worker"}, Event: record.Send, TID: 4121,
		Conn: record.Conn{Cookie: 1, Ino: 88211, Local: "127.0.0.1:51234", Peer: "127.0.0.1:8545"}, Opener: 4119, Seq: 5,
		Msg: []byte(`{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x00000000219ab540356cbb839cbe05303d7705fa","latest"]}`)}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		dst = record.AppendRecord(dst[:0], r)
	}
	b.SetBytes(int64(len(dst)))
}
