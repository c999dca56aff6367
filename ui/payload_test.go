package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/internal/world"
)

func TestPayloadFormats(t *testing.T) {
	d := fleet(t).Press("2", "enter", "l").Sees("pretty · 45 B", `"result": "0x10d454"  1,102,932`)
	d.Press("f").Sees("raw · 45 B", `{"jsonrpc":"2.0","id":85,"result":"0x10d454"}`)
	d.Press("f").Sees("hex · 45 B", `00000000  7b 22 6a 73`, `{"jsonrpc":"2.0"`)
	d.Press("f").Sees("pretty")
}

// long is a call whose result is long.
func long(t *testing.T, n int) *driver {
	w := world.New(false)
	c := world.Conn("10.0.0.5:1", "10.0.0.7:8545", "http://node:8545")
	logs := make([]string, n)
	for i := range logs {
		logs[i] = fmt.Sprintf(`{"logIndex":"0x%x","data":"0x%064x"}`, i+1, i)
	}
	w.Call(1, 1, 4000, c, 1, "eth_getLogs", "[]", "["+strings.Join(logs, ",")+"]")
	return drive(t, w.End(), func(c *Config) { c.Bodies = w.Bodies() }).Press("2", "enter", "l")
}

func TestLongPayloadHasParts(t *testing.T) {
	d := long(t, 20_000).Sees("part 1 of", "line 1 of")
	d.Press("]").Sees("part 2 of").Press("[").Sees("part 1 of")
	d.Press("G").SeesNot("line 1 of").Press("f", "]").Sees("raw", "part 2 of").Press("f", "]").Sees("hex", "part 2 of")
}

func TestSearchInPayload(t *testing.T) {
	d := long(t, 300).Press("/").Type(`"0xfa"`).Press("enter").Sees(`"logIndex": "0xfa"`)
	d.Press("/", "ctrl+u").Type("no such thing").Press("enter").Sees("is not in this message")
}

func TestCopy(t *testing.T) {
	d := fleet(t).Press("2", "enter", "l", "y").Sees("copied")
	if len(d.sent) != 1 || !strings.Contains(d.sent[0], `"result": "0x10d454"`) {
		t.Errorf("copied %q", d.sent)
	}
	d.Press("esc", "y")
	if len(d.sent) != 2 || !strings.Contains(d.sent[1], "eth_blockNumber\t") || strings.ContainsAny(d.sent[1], "\x1b") {
		t.Errorf("copied %q", d.sent)
	}
}

func TestPayloadThatIsGone(t *testing.T) {
	w := world.Fleet(false)
	snap := w.End()
	drive(t, snap, func(c *Config) { c.Bodies = &world.Bodies{} }).Press("2").Sees("cannot be read", "truncated")
	drive(t, snap).Press("2").Sees("this source does not keep payloads")
}

func TestPagerTextIsSafe(t *testing.T) {
	got := string(safeText([]byte("a\x1b[31m\nb\u202e")))
	if got != "a␛[31m\nb<U+202E>" {
		t.Errorf("got %q", got)
	}
}
