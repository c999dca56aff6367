package collector

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/geth"
	"github.com/sessiontop/sessiontop/collector/foreign/har"
	"github.com/sessiontop/sessiontop/collector/foreign/pcap"
	"github.com/sessiontop/sessiontop/collector/foreign/strace"
	"github.com/sessiontop/sessiontop/collector/foreign/urllib3"
	"github.com/sessiontop/sessiontop/collector/foreign/web3py"
)

// Formats are the logs of other programs that can be read, in the order in
// which they are tried.
func Formats() []foreign.Format {
	return []foreign.Format{
		web3py.Format(),
		urllib3.Format(),
		geth.Format(),
		har.Format(),
		strace.Format(),
		pcap.Format(),
	}
}

// SessionLog is the name of the session log among the formats: no other is
// tried.
const SessionLog = "session-log"

// formatNamed is the format of that name; ok is false where there is none.
func formatNamed(name string) (format foreign.Format, ok bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return foreign.Format{}, false
}

// sniff tells whose log begins with head; sure is false where more of it may
// tell. A format without a name is the session log.
func sniff(head []byte) (format foreign.Format, sure bool) {
	head = head[:min(len(head), foreign.SniffSize)]
	if isSessionLog(head) {
		return foreign.Format{}, true
	}
	for _, f := range Formats() {
		if f.Sniff(head) {
			return f, true
		}
	}
	return foreign.Format{}, len(head) == foreign.SniffSize
}

// isSessionLog says that one of the lines is an object with the keys that every
// line of a session log has.
func isSessionLog(head []byte) bool {
	for line := range bytes.Lines(head) {
		if bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte(`"ev":`)) && bytes.Contains(line, []byte(`"pid":`)) {
			return true
		}
	}
	return false
}

// isObjectLine says that the first line is whole, and an object: such is a session
// log, or is read as one so that it is said what it lacks. A line "{" opens an
// archive.
func isObjectLine(head []byte) bool {
	line, _, whole := bytes.Cut(head, []byte("\n"))
	return whole && bytes.HasPrefix(line, []byte("{")) && bytes.HasSuffix(bytes.TrimRight(line, " \t\r"), []byte("}"))
}
