package decode_test

import (
	"strings"
	"testing"
)

func TestTexts(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{``, ""},
		{`worker`, "worker"},
		{`\"\\\/\b\f\n\r\t`, "\"\\/\b\f\n\r\t"},
		{`a\u00e9\u20AC\u0000z`, "aé€\x00z"},
		{`\ud83d\ude00\uD83D\uDE00`, "😀😀"},
		{`\ud83d`, "\ufffd"},
		{`\ud83dx\ude00`, "\ufffdx\ufffd"},
		{`\ude00\ud83d`, "\ufffd\ufffd"},
		{`\ud83d\u0041`, "\ufffdA"},
		{"\xff\xfe", "\xff\xfe"},
		{strings.Repeat("x", 1023) + "é", strings.Repeat("x", 1023)},
		{strings.Repeat("x", 1022) + "é" + "y", strings.Repeat("x", 1022) + "é"},
		{strings.Repeat("\x80", 1030), strings.Repeat("\x80", 1024)},
	} {
		ev, _ := one(t, `{"ts":1,"pid":1,"ev":"exec","comm":"`+c.raw+`"}`)
		if ev.Proc.Comm != c.want {
			t.Errorf("%s is read as %q, want %q", c.raw, ev.Proc.Comm, c.want)
		}
	}
}

func TestKeysMayBeEscaped(t *testing.T) {
	ev, _ := one(t, `{"\u0074\u0073":1,"pi\u0064":7,"\u0065v":"exec","comm\u0000":5,"`+strings.Repeat("k", 99)+`":[],"":0,"\ud83d":1}`)
	if ev.Proc.PID != 7 {
		t.Errorf("PID %d", ev.Proc.PID)
	}
}

func TestBrokenJSONIsMalformed(t *testing.T) {
	for _, rest := range []string{
		`1.`, `1e`, `1e+`, `-`, `.5`, `+1`, `00`, `tru`, `nulL`, `"\u12g4"`, `"\u12`, `"\`, `"`, `'x'`, `[1,]`, `[,1]`, `[1 2]`,
		`{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{1:1}`, `[1}`, `{"a":1]`, `[`, `{`, `{"a`, `[[],`, `{"a":1 "b":2}`, "\"\x01\"", "\v", "\u00a0",
	} {
		for _, key := range []string{"x", "msg"} {
			line := `{"ts":1,"pid":1,"ev":"recv","raw":"","` + key + `":` + rest
			for _, end := range []string{"", "}", "\n"} {
				if out := run(line + end); len(out.Events)+len(out.Messages) != 0 || out.Stats.Malformed != 1 {
					t.Errorf("%s: %d events, %d malformed", line+end, len(out.Events), out.Stats.Malformed)
				}
			}
		}
	}
	if out := run("  "); out.Stats.Lines != 0 {
		t.Errorf("a blank at the end counts as a line")
	}
}
