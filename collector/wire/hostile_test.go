package wire

import (
	"strings"
	"testing"
)

// TestManyStarts: text that is full of what looks like starts of messages, near
// and far, is looked through once. (Were all of it looked through for each of
// them, 64 KiB would take the best part of an hour.)
func TestManyStarts(t *testing.T) {
	for name, text := range map[string]string{
		"JSON and versions":   `{"id"x` + "\x01 HTTP/1.x",
		"versions":            "\x01 HTTP/1.x",
		"JSON":                `{"id"x`,
		"JSON before a brace": `{"id"x{ { {`,
		"methods":             "GET x POST HTTP/1.x",
		"LSP and JSON":        "Content-Length:x" + `{"id"x`,
	} {
		t.Run(name, func(t *testing.T) {
			rubbish := strings.Repeat(text, 64<<10/len(text))
			all, _ := talk(t, Options{}, wholeWrites, sent(ask1, rubbish), sent("\n\n"+post(ask1)))
			if first, last := all[0], all[len(all)-1]; string(first.Body) != ask1 || string(last.Body) != ask1 || last.Proto != HTTP1 {
				t.Errorf("first %+v, last %+v", first, last)
			}
		})
	}
}

// TestBombs: what is compressed beyond all measure of JSON is not unpacked to
// the limit of a message, and the connection goes on.
func TestBombs(t *testing.T) {
	for _, coding := range []string{"gzip", "br"} {
		for size, want := range map[int]Flags{alwaysOut - 100: RPC, 32 << 20: RPC | Undecoded} {
			reply := ok(packed(t, coding, `{"jsonrpc":"2.0","id":1,"result":"`+strings.Repeat("0", size)+`"}`), "Content-Encoding: "+coding+"\r\n")
			all, _ := talk(t, Options{}, wholeWrites, sent(post(ask1), post(ask1)), received(reply, ok(reply1)))
			if got := all[2].Flags; got != want || string(all[3].Body) != reply1 {
				t.Errorf("%s of %d bytes: flags %b, want %b; then %+v", coding, size, got, want, all[3])
			}
		}
	}
}
