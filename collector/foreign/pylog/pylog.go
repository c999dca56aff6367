// Package pylog reads what stands before the message in a line of Python's
// logging: when, and which process and thread. The format is the application's
// own, so the parts are known by their looks.
package pylog

import (
	"bytes"
	"regexp"
	"strconv"
	"time"

	"github.com/sessiontop/sessiontop/collector/foreign"
)

// Head is what a line says of its record.
type Head struct {
	Time   int64 // Unix nanoseconds
	PID    int   // %(process)d, else the PID in the file's name (see namedPID)
	Thread int64 // %(thread)d, 0 where it is not in the line
}

// Parser reads the heads of one log, in the order of its lines.
type Parser struct {
	pid   int             // of the file's name, 0 if it has none
	last  int64           // the stamp of the last line
	same  int64           // how many lines before this one have that stamp
	known map[string]Head // by what stands around the time: the same in most lines of a process
}

// maxKnown and maxPrefix bound what is remembered.
const (
	maxKnown  = 4096
	maxPrefix = 256
)

// NewParser returns a Parser for the log.
func NewParser(src foreign.Source) *Parser {
	return &Parser{pid: namedPID(src.Name), known: make(map[string]Head)}
}

// maxPID is the greatest PID of Linux (PID_MAX_LIMIT); a pthread's handle, which
// is what %(thread)d gives, is far beyond it.
const maxPID = 1 << 22

func isPID(n int) bool { return n > 1 && n <= maxPID }

var (
	// 2026-11-22 09:00:00,123 (asctime), 2026-11-22T09:00:00.123456+00:00, 2026/11/22 09:00:00
	stamp = regexp.MustCompile(`(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d\b)?`)
	// %(created)f, seconds since 1970; or milliseconds
	epoch = regexp.MustCompile(`\b([12]\d{9})(?:\.(\d{1,9})|(\d{3}))\b`)
	// pid=4121, process: 4121, and what stands between brackets
	labelled = regexp.MustCompile(`(?i)\b(pid|process|tid|thread)["']?[ =:#]+(\d+)\b`)
	enclosed = regexp.MustCompile(`[\[(<](\d+)[\])>]`)
	// a number that is no part of a name, a path, a line number or Thread-1
	bare = regexp.MustCompile(`(?:^|[ \t|,;/\[(<])(\d+)(?:$|[ \t|,;:/\])>])`)
)

// Head reads what stands before the message. why says what is missing, "" if
// nothing is.
func (p *Parser) Head(prefix []byte) (h Head, why string) {
	rest, ok := p.when(&h, prefix)
	if !ok {
		return h, "no time in the line: let the format have %(asctime)s"
	}
	known, ok := p.known[string(rest)]
	if !ok {
		p.who(&known, rest)
		if len(p.known) >= maxKnown {
			clear(p.known)
		}
		if len(rest) <= maxPrefix {
			p.known[string(rest)] = known
		}
	}
	h.PID, h.Thread = known.PID, known.Thread
	if h.PID == 0 {
		h.PID = p.pid
	}
	if h.PID == 0 {
		return h, "no process id in the line: let the format have %(process)d, or the file's name the PID, as in worker-pid4121.log"
	}
	return h, ""
}

// when reads the time and returns the prefix without it. Lines of one stamp are
// a microsecond apart, so that their order in the file stands.
func (p *Parser) when(h *Head, prefix []byte) ([]byte, bool) {
	at := stamp.FindSubmatchIndex(prefix)
	if at != nil {
		h.Time = p.calendar(prefix, at)
	} else if at = epoch.FindSubmatchIndex(prefix); at != nil {
		h.Time = seconds(prefix, at)
	} else {
		return nil, false
	}
	if h.Time != p.last {
		p.last, p.same = h.Time, 0
	} else {
		p.same++
		h.Time += min(p.same, room(h.Time)) * 1000
	}
	return bytes.Join([][]byte{prefix[:at[0]], prefix[at[1]:]}, []byte(" ")), true
}

// room is how many microseconds there are at least until another stamp can
// follow: most have milliseconds, and those that have none are of whole seconds.
func room(at int64) int64 {
	if at%int64(time.Second) == 0 {
		return 999_999
	}
	return 999
}

// calendar is the time that stamp has matched; one without a zone is local.
func (p *Parser) calendar(b []byte, at []int) int64 {
	var n [7]int
	for i := range n {
		n[i] = number(group(b, at, i+1))
	}
	zone := time.Local
	if z := group(b, at, 8); len(z) > 1 {
		east := (number(z[1:3])*60 + number(z[len(z)-2:])) * 60
		if z[0] == '-' {
			east = -east
		}
		zone = time.FixedZone("", east)
	} else if len(z) == 1 {
		zone = time.UTC
	}
	return time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], fraction(group(b, at, 7)), zone).UnixNano()
}

// seconds is the time that epoch has matched.
func seconds(b []byte, at []int) int64 {
	s := int64(number(group(b, at, 1)))
	return s*int64(time.Second) + int64(fraction(append(bytes.Clone(group(b, at, 2)), group(b, at, 3)...)))
}

func group(b []byte, at []int, n int) []byte {
	if at[2*n] < 0 {
		return nil
	}
	return b[at[2*n]:at[2*n+1]]
}

// number is the value of some digits, 0 where it is none that fits.
func number(b []byte) int {
	n, _ := strconv.Atoi(string(b))
	return n
}

// fraction is decimals of a second in nanoseconds.
func fraction(b []byte) int {
	n := number(b)
	for range 9 - len(b) {
		n *= 10
	}
	return n
}

// who finds the process and the thread: by their labels, else the process
// between brackets, else as the first number that can be one.
func (p *Parser) who(h *Head, rest []byte) {
	for _, m := range labelled.FindAllSubmatch(rest, 4) {
		n := number(m[2])
		switch m[1][0] {
		case 'p', 'P':
			if h.PID == 0 && isPID(n) {
				h.PID = n
			}
		default:
			h.Thread = int64(n)
		}
	}
	for _, r := range []*regexp.Regexp{enclosed, bare} {
		for from := 0; ; {
			at := r.FindSubmatchIndex(rest[from:])
			if at == nil {
				break
			}
			n := number(rest[from+at[2] : from+at[3]])
			switch {
			case h.PID == 0 && isPID(n):
				h.PID = n
			case h.Thread == 0 && n > maxPID:
				h.Thread = int64(n)
			}
			from += at[3] // the separator may begin the next one
		}
	}
}
