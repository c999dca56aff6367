package wire

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/record"
)

// lines are the session log of a conversation.
func lines(t *testing.T, conversation ...said) string {
	t.Helper()
	all, _ := talk(t, Options{}, wholeWrites, conversation...)
	who := func(pid int32) record.Process { return record.Process{PID: int(pid), Start: 100 + uint64(pid)} }
	var text []byte
	var records []record.Record
	for _, m := range all {
		records = Records(records[:0], &m, who, record.Conn{Cookie: 9})
		for _, r := range records {
			text = record.AppendRecord(text, r)
		}
	}
	return strings.ReplaceAll(string(text), "1970-01-01T00:00:00.", "")
}

func TestRecords(t *testing.T) {
	tests := map[string]struct {
		talk []said
		want string
	}{
		"a call": {
			[]said{sent("POST / HTTP/1.1\r\nContent-Length: 60\r\n\r\n"), sent(ask1), received(ok(reply1)[:20]), received(ok(reply1)[20:])},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000004Z","mono":4,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":0,"msg":` + reply1 + `,"status":200}` + "\n",
		},
		"a client that names itself": {
			[]said{sent(post(ask1, "user-agent: web3.py/6.15.1/<class 'web3.providers.rpc.HTTPProvider'>\r\n")), received(ok(reply1))},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"client":"web3.py/6.15.1","off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000002Z","mono":2,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"client":"web3.py/6.15.1","off":0,"msg":` + reply1 + `,"status":200}` + "\n",
		},
		"another service": {
			[]said{sent("GET /metrics HTTP/1.1\r\n\r\n"), received(ok("up 1")), sent(post(`{"a":1}`)), received(ok(`{"b":2}`))}, "",
		},
		"no JSON": {
			[]said{
				sent(ask1), received(reply1), sent(post(ask1)), received("HTTP/1.1 502 No\r\nContent-Length: 3\r\n\r\n<a>"),
				sent(post(ask1)), received("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"),
			},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000002Z","mono":2,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":0,"msg":` + reply1 + "}\n" +
				`{"ts":"000000003Z","mono":3,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":60,"msg":` + ask1 + "}\n" +
				`{"ts":"000000004Z","mono":4,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":38,"raw":"<a>","status":502}` + "\n" +
				`{"ts":"000000005Z","mono":5,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":176,"msg":` + ask1 + "}\n" +
				`{"ts":"000000006Z","mono":6,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":79,"raw":"HTTP 400","status":400}` + "\n",
		},
		"a torn reply": {
			[]said{sent(ask1), by(1, received(reply1[:12])), by(2, received(reply1[12:]))},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000002Z","mono":2,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":0,"raw":"{\"jsonrpc\":\"","part":true}` + "\n" +
				`{"ts":"000000003Z","mono":3,"pid":2,"tid":2,"start":102,"ev":"recv","cookie":9,"off":12,"raw":"2.0\",\"id\":1,\"result\":true}","part":true,"rest":true}` + "\n",
		},
		"a torn request": {
			[]said{by(1, sent("POST / HTTP/1.1\r\nContent-Length: 60\r\n\r\n")), by(2, sent(ask1))},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"part":true}` + "\n" +
				`{"ts":"000000002Z","mono":2,"pid":2,"tid":2,"start":102,"ev":"send","cookie":9,"off":39,"raw":"` + strings.ReplaceAll(ask1, `"`, `\"`) + `","part":true}` + "\n",
		},
		"a reply cut short": {
			[]said{sent(post(ask1)), received(ok(reply1)[:45])},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000002Z","mono":2,"pid":1,"tid":1,"start":101,"ev":"fail","cookie":9,"err":"closed"}` + "\n",
		},
		"requests into each other, given up": {
			[]said{sent(post(ask1)), received(ok(reply1)), by(2, sent(post(ask1)[:56])), by(3, sent(post(ask1)[:67]))},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000002Z","mono":2,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":0,"msg":` + reply1 + `,"status":200}` + "\n" +
				`{"ts":"000000003Z","mono":3,"pid":2,"tid":2,"start":102,"ev":"send","cookie":9,"off":116,"part":true}` + "\n" +
				`{"ts":"000000004Z","mono":4,"pid":3,"tid":3,"start":103,"ev":"send","cookie":9,"off":172,"raw":"{\"jsonrpc\":","part":true}` + "\n",
		},
		"a request given up": {
			[]said{sent(post(ask1)), received(ok(reply1)), sent(post(ask1)[:60])},
			`{"ts":"000000001Z","mono":1,"pid":1,"tid":1,"start":101,"ev":"send","cookie":9,"off":0,"msg":` + ask1 + "}\n" +
				`{"ts":"000000002Z","mono":2,"pid":1,"tid":1,"start":101,"ev":"recv","cookie":9,"off":0,"msg":` + reply1 + `,"status":200}` + "\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(test.want, lines(t, test.talk...)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestRecordsOfLoss: of a message that was not captured whole, the log has what
// makes a message with an id.
// TestRecordsOfTornSecrets: no part tells what the whole keeps to itself.
func TestRecordsOfTornSecrets(t *testing.T) {
	const ask = `{"jsonrpc":"2.0","id":1,"method":"personal_unlockAccount","params":["0x7e5f","a long passphrase",30]}`
	for _, at := range []string{"0x7e", "phrase"} {
		cut := strings.Index(ask, at)
		text := lines(t, by(1, sent(ask[:cut])), by(2, sent(ask[cut:])))
		if strings.Contains(text, "phrase") || strings.Count(text, `"part":true`) != 2 {
			t.Error(text)
		}
	}
}

func TestRecordsOfLoss(t *testing.T) {
	const stamp = `{"ts":"1970-01-01T00:00:00.000000001Z","pid":4,"tid":5,"ev":`
	tests := map[string]struct {
		dir              Dir
		captured, missed string
		want             string
	}{
		"a reply":         {Received, `{"jsonrpc":"2.0","id":7,"result":{"hash":"0x12","logs":[{"a":1},{"b":`, `1}]}}`, `"recv","ino":3,"msg":{"jsonrpc":"2.0","id":7,"result":{"hash":"0x12","logs":[{"a":1},{}]}},"part":true,"status":200}`},
		"a long text":     {Received, `{"jsonrpc":"2.0","id":7,"result":"0x123`, `4"}`, `"recv","ino":3,"msg":{"jsonrpc":"2.0","id":7,"result":"0x12"},"part":true,"status":200}`},
		"before its id":   {Received, `{"jsonrpc":"2.0","result":"0x123`, `","id":7}`, `"lost","ino":3,"n":1}`},
		"a request":       {Sent, `{"jsonrpc":"2.0","id":7,"method":"eth_sendRawTransaction","params":["0x02f8`, `01"]}`, `"send","ino":3,"msg":{"jsonrpc":"2.0","id":7,"method":"eth_sendRawTransaction","params":[]},"part":true}`},
		"nothing of it":   {Received, "", reply1, `"lost","ino":3,"n":1}`},
		"no JSON, though": {Received, "<html>", "</html>", `"lost","ino":3,"n":1}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := New(Options{})
			var text []byte
			emit := func(m Message) {
				who := func(pid int32) record.Process { return record.Process{PID: int(pid)} }
				for _, r := range Records(nil, &m, who, record.Conn{Ino: 3}) {
					text = record.AppendRecord(text, r)
				}
			}
			frame := post(test.captured + test.missed)
			if test.dir == Received {
				frame = ok(test.captured + test.missed)
				a.Feed(Chunk{Conn: 1, PID: 4, TID: 5, Time: 1, Data: []byte(post(ask1))}, func(Message) {})
			}
			n := len(test.missed)
			a.Feed(Chunk{Conn: 1, PID: 4, TID: 5, Time: 1, Dir: test.dir, Data: []byte(frame[:len(frame)-n]), Truncated: n}, emit)
			if d := cmp.Diff(stamp+test.want+"\n", string(text)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestProduct(t *testing.T) {
	for agent, want := range map[string]string{
		"python-requests/2.31.0": "python-requests/2.31.0", "Mozilla/5.0 (X11)": "Mozilla/5.0", "node": "node", "Go-http-client/1.1": "Go-http-client/1.1",
		"a/": "a", "a/<b>": "a", "/1": "", "(x)": "", "": "", "\x1b[31m/1": "", "a/1\x1b": "a",
	} {
		if got := string(product([]byte(agent))); got != want {
			t.Errorf("%q: %q, want %q", agent, got, want)
		}
	}
}

// FuzzClosed: what closed makes of the beginning of a JSON text is JSON.
func FuzzClosed(f *testing.F) {
	f.Add([]byte(reply1), true)
	f.Add([]byte(`{"a":["b\\`), true)
	f.Add([]byte(`{"a":"0xx\n\"0x`), true)
	f.Add([]byte(`[{"a\"":[1.5,tru`), false)
	f.Fuzz(func(t *testing.T, b []byte, texts bool) {
		for n := range b {
			if out := closed(b[:n], texts); out != nil && !isJSON(out) {
				t.Fatalf("%q of %q", out, b[:n])
			}
		}
	})
}
