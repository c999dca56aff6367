package ethereum

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

func FuzzReply(f *testing.F) {
	for _, file := range []string{"pairs.jsonl", "examples.jsonl"} {
		for _, p := range pairs(f, file) {
			f.Add([]byte(p.Reply.Result))
		}
	}
	for _, s := range []string{
		``, `"`, `"\`, `[`, `{`, `{"`, `{"a"`, `{"a":`, `[,,]`, `}`, `[}`, `{]`, `{"hash":}`, `[1,"a",null,{}]`, `[[[[`,
		`{"pending":{},"queued":{"0x0000000000000000000000000000000000000001":{"1":"x"}}}`, `{"pending":"0x1","queued":2}`,
		`{"payloadStatus":{"status":"VALID","latestValidHash":"0x00"},"payloadId":null}`, `{"\u0068ash":"0x1","input":"0x"}`,
		`{"block":{"number":"0x1","hash":null,"parentHash":"0x1","stateRoot":"0x","block":{"block":{"block":{}}}}}`,
		`"0xABCDEF0123456789abcdef0123456789abcdef01"`, ` "0x0000000000000000000a" `, `12345678901234567890`, `-1.5e3`,
	} {
		f.Add([]byte(s))
	}
	d := New()
	f.Fuzz(func(t *testing.T, text []byte) {
		got := d.Reply(text)
		v, ok := parse(text)
		if !ok || bytes.IndexByte(text, '\\') >= 0 || !utf8.Valid(text) {
			return
		}
		if want := referenceReply(v); got != want {
			t.Errorf("Reply(%s)\n got %+v %v\nwant %+v %v", text, got, KindNames(got.Kinds), want, KindNames(want.Kinds))
		}
	})
}

func FuzzAsk(f *testing.F) {
	for _, p := range pairs(f, "pairs.jsonl") {
		f.Add(p.Ask.Method, []byte(p.Ask.Params))
	}
	f.Add("eth_sendRawTransaction", []byte(`["0x03c3c0c0c0"]`))
	f.Add("debug_traceTransaction", []byte(`["0x",{"tracer":"callTracer"}]`))
	f.Add("eth_feeHistory", []byte(`["0xffffffffffffffff","0xffffffffffffffff"]`))
	d := New()
	f.Fuzz(func(t *testing.T, method string, params []byte) {
		got := d.Ask(method, params)
		if !Known(method) && got.Kinds != 0 {
			t.Errorf("an opinion on %s", method)
		}
		if got.Hi != 0 && got.Lo == 0 {
			t.Errorf("Hi without Lo: %+v", got)
		}
		if again := d.Ask(method, params); again != got {
			t.Errorf("%+v, then %+v", got, again)
		}
	})
}
