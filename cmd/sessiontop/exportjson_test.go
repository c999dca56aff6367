package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONHasNoCharacterThatATerminalObeys(t *testing.T) {
	all := ""
	for _, span := range [][2]rune{{0x7e, 0xa1}, {0x200d, 0x2010}, {0x2029, 0x202f}, {0x2065, 0x206a}, {0x1f600, 0x1f601}} {
		for c := span[0]; c <= span[1]; c++ {
			all += string(c)
		}
	}
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{all, json.RawMessage(raw)} {
		var out bytes.Buffer
		if err := newJSONEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
		for _, c := range out.String() {
			if c >= 0x7f && c <= 0x9f || strings.ContainsRune("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", c) {
				t.Errorf("%U stands in %q", c, out.String())
			}
		}
		if !strings.Contains(out.String(), "\u00a1") || !strings.Contains(out.String(), "\U0001f600") {
			t.Errorf("harmless characters are gone from %s", out.String())
		}
		var got string
		if err := json.Unmarshal(out.Bytes(), &got); err != nil || got != all {
			t.Errorf("reads back as %q (%v), want %q", got, err, all)
		}
	}
}

func TestJSONOfBytesThatAreNoUTF8(t *testing.T) {
	var out bytes.Buffer
	if err := newJSONEncoder(&out).Encode(json.RawMessage("\"a\x9bb\"")); err != nil {
		t.Fatal(err)
	}
	if want := `"a\ufffdb"` + "\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
