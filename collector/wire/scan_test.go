package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// FuzzScanner holds the scanner against encoding/json, whole and byte by byte.
func FuzzScanner(f *testing.F) {
	for _, s := range []string{
		ask1, reply1, "[]", " {} ", "-0.5e+10", "[1,-2,0.0,1E5]", `"\u12aB\n"`, "tru", "nulll", "01", "1.", "{\"a\":}", "[1,]", "{,}",
		"\"a\x01\"", `{"a" :[{"b":[ ]} , true ]}`, strings.Repeat("[", 300) + strings.Repeat("]", 300), "1 2", "", "-", "1e", "\"\\x\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if deep(b) >= maxDepth {
			return
		}
		want := json.Valid(b)
		if have := isJSON(b); have != want {
			t.Fatalf("isJSON(%q) = %v", b, have)
		}
		var whole, bytewise scanner
		n := whole.scan(b)
		k := 0
		for k < len(b) && bytewise.state < scanDone {
			if bytewise.scan(b[k:k+1]) == 0 {
				break
			}
			k++
		}
		if n != k || whole.state != bytewise.state {
			t.Fatalf("%q: whole %d in state %d, by bytes %d in state %d", b, n, whole.state, k, bytewise.state)
		}
	})
}

func deep(b []byte) int { return bytes.Count(b, []byte("[")) + bytes.Count(b, []byte("{")) }

func TestDepth(t *testing.T) {
	nest := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if !isJSON(nest(maxDepth)) || isJSON(nest(maxDepth+1)) {
		t.Error("the bound of depth does not hold")
	}
}
