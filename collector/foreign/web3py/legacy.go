package web3py

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
)

// unlogged is the process's call whose reply web3.py does not log, by the
// beginning of its URI: the oldest that waits. -1 is none.
func (p *process) unlogged(scheme string) int {
	return slices.IndexFunc(p.calls, func(c *call) bool {
		return !c.over && !c.pooled() && len(c.uri) >= len(scheme) && c.uri[:len(scheme)] == scheme
	})
}

// failed takes the error that web3.py 7 logs, whatever the provider.
func (t *translator) failed(p *process, off int64, h pylog.Head, literal []byte) {
	i := p.unlogged("")
	if msg, id, err := toJSON(literal); i >= 0 && err == nil {
		t.got(p, i, off, h, msg, id, "")
	}
}

var (
	// '{"jsonrpc":"2.0","id":0,"result":"0x539"}' [41 bytes], text, of which the
	// library leaves out the middle where it is long
	size = regexp.MustCompile(` \[(?:[a-z]+, )?(\d+) bytes`)
	// the id that stands before what was left out
	frameID = regexp.MustCompile(`^\[?\{(?:"jsonrpc": ?"2\.0", ?)?"id": ?(\d+)[,}]`)
)

// framed takes a text frame that the websockets library has read for a request
// of WebsocketProvider or LegacyWebSocketProvider.
func (t *translator) framed(p *process, off int64, h pylog.Head, rest []byte) {
	i := p.unlogged("ws")
	if i < 0 || len(rest) == 0 || rest[0] != '\'' && rest[0] != '"' {
		return
	}
	l := &literal{src: rest}
	raw, err := l.unquote(false)
	bytesOf := size.FindSubmatch(rest[l.at:])
	if err != nil || bytesOf == nil {
		return
	}
	if n, _ := strconv.Atoi(string(bytesOf[1])); n == len(raw) && json.Valid(raw) {
		var of struct{ ID json.RawMessage }
		if json.Unmarshal(raw, &of) == nil && len(of.ID) > 0 { // else it is a batch or a notification
			t.got(p, i, off, h, bytes.Clone(raw), of.ID, "")
		}
		return
	}
	if id := frameID.FindSubmatch(raw); id != nil && raw[0] == '{' {
		t.got(p, i, off, h, nil, id[1], "the log has not all of its reply")
	}
}
