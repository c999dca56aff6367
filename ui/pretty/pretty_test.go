package pretty_test

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/pretty"
)

func TestDecode(t *testing.T) {
	for _, tc := range []struct{ key, value, want string }{
		{"number", "0x10d4f", "68,943"},
		{"", "0x0", "0"},
		{"nonce", "0x1", "1"},
		{"timestamp", "0x6921e3d0", "2025-11-22 16:24:48 UTC"},
		{"value", "0xde0b6b3a7640000", "1 ether"},
		{"balance", "0x1", "0.000000000000000001 ether"},
		{"gasPrice", "0x3b9aca00", "1 gwei"},
		{"data", "0x00", ""},
		{"data", "0x", ""},
		{"address", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", ""},
		{"x", "0xzz", ""},
		{"x", "latest", ""},
	} {
		if got := pretty.Decode(tc.key, tc.value); got != tc.want {
			t.Errorf("Decode(%q, %q) = %q, want %q", tc.key, tc.value, got, tc.want)
		}
	}
}

func TestHex(t *testing.T) {
	got := pretty.Hex([]byte("{\"jsonrpc\":\"2.0\"\x1b}"), 0)
	want := `00000000  7b 22 6a 73 6f 6e 72 70  63 22 3a 22 32 2e 30 22  {"jsonrpc":"2.0"`
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := pretty.Hex([]byte("{\"jsonrpc\":\"2.0\"\x1b}"), 16); !strings.HasSuffix(got, " .}") || len(got) != len(want)-14 {
		t.Errorf("got %q", got)
	}
}

func TestSpansAreTheLine(t *testing.T) {
	text, ok := pretty.JSON([]byte(`{"a":[1,-2.5e3,true,null,"x\"y"],"b\\":{}}`))
	if !ok {
		t.Fatal("is JSON")
	}
	var kinds []pretty.Kind
	for _, line := range strings.Split(string(text), "\n") {
		var whole string
		for _, s := range pretty.Spans(line) {
			whole += s.Text
			if s.Kind != pretty.Punct {
				kinds = append(kinds, s.Kind)
			}
		}
		if whole != line {
			t.Errorf("pieces %q of line %q", whole, line)
		}
	}
	want := []pretty.Kind{pretty.Key, pretty.Number, pretty.Number, pretty.Literal, pretty.Literal, pretty.String, pretty.Key}
	if len(kinds) != len(want) {
		t.Fatalf("kinds %v, want %v", kinds, want)
	}
	for i := range want {
		if kinds[i] != want[i] {
			t.Errorf("kind %d is %v, want %v", i, kinds[i], want[i])
		}
	}
}

func FuzzSpans(f *testing.F) {
	f.Add(`  "number": "0x1",`)
	f.Add("\"\\")
	f.Add("é-1x")
	f.Fuzz(func(t *testing.T, line string) {
		var whole strings.Builder
		for _, s := range pretty.Spans(line) {
			if s.Text == "" {
				t.Fatal("empty span")
			}
			whole.WriteString(s.Text)
		}
		if whole.String() != line {
			t.Fatalf("pieces %q of %q", whole.String(), line)
		}
	})
}
