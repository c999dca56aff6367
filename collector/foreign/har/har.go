// Package har reads HTTP Archives (HAR 1.2) in which there is JSON-RPC: what
// browsers, mitmproxy, Playwright and this program itself export. WebSocket
// messages are read where the exporter has them (_webSocketMessages); Firefox has
// none. A reply of which the archive has no body, or only the beginning, as
// Firefox has of what is longer than 1 MiB, counts as not read.
//
// An archive has neither process nor socket: all of it counts as one process,
// named by its creator, on a host by the archive's name, unless an entry says
// more (_pid, _readerPid, _session), as this program's own do. It has times in
// milliseconds.
package har

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/foreign"
)

// Format is the format of HTTP Archives.
func Format() foreign.Format {
	return foreign.Format{
		Name:    "har",
		What:    "HTTP Archive",
		Unlined: true,
		Sniff: func(head []byte) bool {
			head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
			rest, ok := bytes.CutPrefix(head, []byte("{"))
			return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"log"`))
		},
		New: func(out *foreign.Lines, src foreign.Source) foreign.Translator {
			t := &translator{out: out, name: src.Name}
			t.cutter = cutter{out: out, creator: t.creator, entry: t.entry}
			return t
		},
	}
}

// translator turns an archive into sessions.
type translator struct {
	cutter
	out     *foreign.Lines
	name    string // the archive's
	comm    string
	pending pending
}

// Write takes the next bytes of the archive.
func (t *translator) Write(p []byte) (int, error) {
	t.cutter.write(p)
	return len(p), t.out.Flush()
}

// Close writes what is pending.
func (t *translator) Close() error {
	t.pending.release(t.out, false, 0)
	switch {
	case !t.found:
		t.out.Bad(0, "no HTTP Archive: it has no log.entries")
	case t.size > 0:
		t.out.Bad(t.at, "an entry without its end")
	}
	return t.out.Flush()
}

// Release writes what is pending: the archive is whole, or it is being written.
func (t *translator) Release() error {
	t.pending.release(t.out, false, 0)
	return t.out.Flush()
}
