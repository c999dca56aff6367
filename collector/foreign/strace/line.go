package strace

import (
	"bytes"
	"time"
)

// kind is what a line tells.
type kind uint8

const (
	nothing    kind = iota // a message of strace's own, a hex dump
	call                   // a call, whole
	unfinished             // the beginning of one
	resumed                // its end
	ended                  // a process has ended
	signal                 // a thread has got a signal
	strange                // no line of strace's
)

// line is one line of a trace.
type line struct {
	kind  kind
	tid   int32  // 0: not said
	comm  []byte // name of the process (-Y)
	stamp stamp
	name  []byte // of the call; of the end: how it was
	text  []byte // after the call's opening parenthesis; of one that goes on, from there on
}

// stamp is a time as a line says it.
type stamp struct {
	style style
	nanos int64 // since the epoch, since midnight, or since the line before
}

type style uint8

const (
	noStamp style = iota
	sinceEpoch
	sinceMidnight
	sinceLine
)

// maxPID is more than any PID (proc(5), pid_max), and less than any time since
// the epoch.
const maxPID = 1 << 22

// parseLine reads a line without its end.
func parseLine(b []byte) line {
	var l line
	b = l.who(bytes.TrimLeft(b, " "))
	b = l.when(b)
	switch {
	case len(b) == 0, b[0] == '|', b[0] == '*', bytes.HasPrefix(b, []byte("strace: ")):
		return l
	case bytes.HasPrefix(b, []byte("--- ")):
		l.kind, l.text = signal, b[len("--- "):]
	case bytes.HasPrefix(b, []byte("+++ ")):
		l.kind, l.name = ended, b[len("+++ "):]
	case bytes.HasPrefix(b, []byte("<... ")):
		name, rest, ok := bytes.Cut(b[len("<... "):], []byte(" resumed>"))
		if l.kind, l.name, l.text = resumed, name, rest; !ok || !isName(name) {
			l.kind = strange
		}
	default:
		l.call(b)
	}
	return l
}

// who takes the process at the line's start: "4120 ", "4120<python3> " or
// "[pid  4120] ".
func (l *line) who(b []byte) []byte {
	rest, bracket := bytes.CutPrefix(b, []byte("[pid "))
	rest = bytes.TrimLeft(rest, " ")
	n, digits := leadingInt(rest)
	if digits == 0 || n <= 0 || n > maxPID {
		return b
	}
	rest = rest[digits:]
	if len(rest) > 0 && rest[0] == '<' {
		if end := annotationEnd(rest); end > 0 {
			l.comm, rest = rest[1:end-1], rest[end:]
		}
	}
	if bracket {
		if len(rest) == 0 || rest[0] != ']' {
			return b
		}
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] != ' ' {
		l.comm = nil
		return b
	}
	l.tid = int32(n)
	return bytes.TrimLeft(rest, " ")
}

// when takes the time stamps that follow. Of two the first counts, which is the
// absolute one.
func (l *line) when(b []byte) []byte {
	for {
		inner, bracket := bytes.CutPrefix(b, []byte("(+"))
		s, n := parseStamp(bytes.TrimLeft(inner, " "), bracket)
		if n == 0 {
			return b
		}
		rest := bytes.TrimLeft(inner, " ")[n:]
		if bracket {
			if len(rest) == 0 || rest[0] != ')' {
				return b
			}
			rest = rest[1:]
		}
		if len(rest) == 0 || rest[0] != ' ' {
			return b
		}
		if l.stamp.style == noStamp {
			l.stamp = s
		}
		b = bytes.TrimLeft(rest, " ")
	}
}

// parseStamp reads a time and returns its length, 0: there is none.
func parseStamp(b []byte, relative bool) (stamp, int) {
	n, i := leadingInt(b)
	if i == 0 {
		return stamp{}, 0
	}
	if len(b) >= 8 && i == 2 && b[2] == ':' && b[5] == ':' {
		m, mi := leadingInt(b[3:5])
		s, si := leadingInt(b[6:8])
		if mi != 2 || si != 2 {
			return stamp{}, 0
		}
		frac, fi := fraction(b[8:])
		return stamp{sinceMidnight, ((n*60+m)*60+s)*int64(time.Second) + frac}, 8 + fi
	}
	frac, fi := fraction(b[i:])
	switch {
	case n > maxPID && n < 1<<33 && !relative:
		return stamp{sinceEpoch, n*int64(time.Second) + frac}, i + fi
	case fi == 0 || n > maxPID:
		return stamp{}, 0
	}
	return stamp{sinceLine, n*int64(time.Second) + frac}, i + fi
}

// call takes "name(…" or "name(… <unfinished ...>".
func (l *line) call(b []byte) {
	name, rest, ok := bytes.Cut(b, []byte("("))
	if !ok || !isName(name) {
		l.kind = strange
		return
	}
	l.kind, l.name, l.text = call, name, rest
	for _, end := range [...]string{"<unfinished ...>", "<detached ...>"} {
		if head, ok := bytes.CutSuffix(rest, []byte(end)); ok {
			l.kind, l.text = unfinished, bytes.TrimSuffix(head, []byte(" "))
		}
	}
}

// attached is the PID of the message of strace's own that b ends with on
// standard error, where it stands in the midst of the call that made the process,
// and what of the call is before it.
func attached(b []byte) (pid int32, before []byte, ok bool) {
	b, ok = bytes.CutSuffix(b, []byte(" attached"))
	i := bytes.LastIndex(b, []byte("strace: Process "))
	if !ok || i < 0 {
		return 0, nil, false
	}
	number := b[i+len("strace: Process "):]
	n, digits := leadingInt(number)
	return int32(n), b[:i], digits == len(number) && n > 0 && n <= maxPID
}

// isName is whether b may be the name of a call.
func isName(b []byte) bool {
	const longest = 64
	for _, c := range b {
		if c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(b) > 0 && len(b) <= longest
}
