package decode_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// seeds are lines of every kind, good and bad.
var seeds = []string{
	`{"v":1,"ts":"2026-11-22T09:00:00.000100000Z","pid":4121,"ppid":4119,"tid":4121,"comm":"worker","ev":"send","ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","opener":4119,"msg":{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}}`,
	`{"ts":"2026-11-22T09:00:00.000900000Z","pid":4121,"ev":"recv","ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","status":200,"msg":{"jsonrpc":"2.0","id":1,"result":true}}`,
	`{"ts":1795338000000000000,"mono":12,"pid":1,"ev":"recv","cookie":18446744073709551615,"off":88,"msg":[{"id":1.0,"result":null},{"id":"a\u0062","error":{"code":-32000}},7,{"method":"n"}]}`,
	`{"ts":1,"pid":1,"ev":"recv","status":502,"raw":"<html>\n\u00e9\ud83d\ude00\ud83d","enc":"base64","part":true}`,
	`{"ts":1,"pid":1,"ev":"fail","err":"Post \"https://u:p@h/v3/0123456789abcdef0123456789abcdef\": EOF","id":3,"sess":"s","url":"http://h/","host":"h","start":5,"client":"web3.py/6"}`,
	`{"ts":1,"pid":1,"ev":"send","sess":"bob:hunter2@h","local":"u@127.0.0.1:1","peer":"u:p@h:2","url":"https://u:p@h/v3/0123456789abcdef"}`,
	`{"ts":1,"pid":1,"ev":"fork","child":2,"before":true,"seq":1}`,
	`{"ts":1,"pid":1,"ev":"exit","code":-9,"seq":2}`,
	`{"ts":1,"pid":1,"ev":"lost","n":5,"seq":9}`,
	`{"v":2,"ts":{},"what":[1,2,{"a":-1.5e-7}]}`,
	`{"\u0074s":10e0,"p\u0069d":1.0,"ev":"op\u0065n","pid":2,"x":null}`,
	` { "ts" : 1 , "pid" : 1 , "ev" : "recv" , "msg" : { "id" : null , "result" : [ ] , "error" : null } } ` + "\r",
	`{"ts":1,"pid":01,"ev":"exec"}`,
	`{"ts":1,"pid":1,"ev":"exec","x":"` + "\t" + `"}`,
	`[[]]`, `null`, `{`, `{}`, "\x00\x00", "\xff", `{"ts":1,"pid":1,"ev":"exec"}x`,
}

func FuzzBlock(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
		f.Add([]byte(s + "\n" + seeds[0] + "\n\n" + s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		// Where they differ on purpose: encoding/json makes U+FFFD of bytes that
		// are no UTF-8, and nests 10,000 deep.
		if !utf8.Valid(data) || depth(data) > 500 {
			var first, second = run(string(data)), run(string(data))
			if diff := cmp.Diff(first, second); diff != "" {
				t.Fatal(diff)
			}
			return
		}
		agree(t, data)
	})
}

// depth is at least how deep data nests.
func depth(data []byte) (n int) {
	for _, c := range data {
		if c == '[' || c == '{' {
			n++
		}
	}
	return n
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{
		"2026-11-22T09:00:00.000100000Z", "2026-11-22T09:00:00Z", "2026-11-22t09:00:00.5z", "2026-11-22 09:00:00+05:30",
		"2024-02-29T23:59:60-23:59", "2023-02-29T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "1600-01-01T00:00:00Z",
		"2262-04-11T23:47:16Z", "1677-09-21T00:12:43Z", "0000-01-01T00:00:00Z", "2026-11-22T09:00:00.Z", "2026-11-22T09:00:00,5Z",
		"2026-11-22T09:00:00.1234567891234Z", "2026-11-22T24:00:00Z", "2026-11-22T09:00:00+0000", "2026-1-2T09:00:00Z", "",
		"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00:00Z+", "2026-11-22T09:00:00.123456789+01:00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		out := run(fmt.Sprintf(`{"ts":%s,"pid":1,"ev":"exec"}`, quoted))
		want, ok := refParseTime(s)
		if ok != (len(out.Events) == 1) {
			t.Fatalf("%q: %d events (%s), the reference says %v", s, len(out.Events), out.Stats.BadReason, ok)
		}
		if ok && out.Events[0].Time != want {
			t.Fatalf("%q is %s, want %s", s, time.Unix(0, out.Events[0].Time), time.Unix(0, want))
		}
	})
}

// FuzzID: ids of one value are one id, whatever they look like.
func FuzzID(f *testing.F) {
	for _, s := range []string{"1", "1.0", "10e-1", "-0", "0.5", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
		"1e18", "1e19", "123456789012345678901e-2", "0.00000000000000000001e20", `"a"`, "null", "1e1000000000000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) || !utf8.ValidString(raw) || raw[0] <= ' ' {
			return
		}
		agree(t, []byte(`{"ts":1,"pid":1,"ev":"fail","id":`+oneLine(raw)+`}`))
	})
}

func oneLine(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c == '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}
