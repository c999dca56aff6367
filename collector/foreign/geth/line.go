package geth

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// served is a request that a node has served.
type served struct {
	offset int64 // of the line
	time   int64 // Unix nanoseconds; 0: the line does not say
	conn   string
	method string
	id     string // JSON
	failed bool   // Erigon: a line about the same request follows, if requests are traced
}

var (
	// DEBUG[11-23|04:57:15.058] Served eth_accounts    conn=… (geth), and
	// [DBUG] [11-23|04:57:15.058] [rpc] served    conn=… method=… (Erigon)
	text = regexp.MustCompile(`^(?:\x1b\[\d+m)?\[?(?:TRACE|DEBUG|INFO|WARN|ERROR|CRIT|EROR|DBUG|TRCE) ?\]?(?:\x1b\[0?m)? ?\[(\d\d)-(\d\d)\|(\d\d):(\d\d):(\d\d)\.(\d{3})\] (.*)`)
	// a colour of a terminal's
	colour = regexp.MustCompile(`\x1b\[[\d;]*m`)
	// conn=127.0.0.1:48782 reqid="\"a\""
	field = regexp.MustCompile(`([a-z]+)=("(?:[^"\\]|\\.)*"|\S*)`)
)

const (
	before      = "Served "      // geth: the method follows
	erigon      = "[rpc] served" // the method is a field
	erigonTrace = "Served"
)

// parser reads the lines of one log.
type parser struct {
	modified time.Time // of the log, for the year
}

// line reads a line; ok is false where it is of nothing that was served.
func (p *parser) line(line []byte) (s served, ok bool) {
	if !bytes.Contains(line, []byte("erved")) {
		return s, false
	}
	if bytes.HasPrefix(line, []byte("{")) {
		return p.json(line)
	}
	line = colour.ReplaceAll(line, nil)
	m := text.FindSubmatch(line)
	if m == nil {
		return s, false
	}
	s.time = p.when(m[1:7])
	message, rest, _ := strings.Cut(string(m[7]), "  ") // it is padded
	if i := strings.Index(message, "="); i >= 0 {       // or not
		message, rest = string(m[7]), string(m[7])
	}
	fields := make(map[string]string)
	for _, f := range field.FindAllStringSubmatch(rest, 16) {
		v := f[2]
		if u, err := strconv.Unquote(v); err == nil {
			v = u
		}
		fields[f[1]] = v
	}
	return s.complete(message, fields)
}

// json reads a line of --log.format json, or Erigon's.
func (p *parser) json(line []byte) (s served, ok bool) {
	var l struct {
		T, Msg, Conn, ReqID, Method json.RawMessage
	}
	if json.Unmarshal(line, &l) != nil {
		return s, false
	}
	word := func(raw json.RawMessage) string {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
		return string(raw) // a number
	}
	if t, err := time.Parse(time.RFC3339Nano, word(l.T)); err == nil { // Erigon 2 has how long it took instead
		s.time = t.UnixNano()
	}
	return s.complete(word(l.Msg), map[string]string{"conn": word(l.Conn), "reqid": word(l.ReqID), "method": word(l.Method)})
}

// complete fills in what the line says of the request.
func (s served) complete(message string, fields map[string]string) (served, bool) {
	s.conn, s.id = fields["conn"], jsonID(fields["reqid"])
	if method, ok := strings.CutPrefix(message, before); ok {
		s.method, _, _ = strings.Cut(method, " ")
	}
	s.failed = strings.HasPrefix(message, erigon)
	if s.failed || strings.TrimSpace(message) == erigonTrace {
		s.method = fields["method"]
	}
	return s, s.method != "" && s.conn != "" && s.id != ""
}

// jsonID is an id as the log writes it: of a string, without its quotes.
func jsonID(id string) string {
	if id == "" || json.Valid([]byte(id)) {
		return id
	}
	quoted, _ := json.Marshal(id) // a string always can be
	return string(quoted)
}

// when is the time of the groups month, day, hour, minute, second, millisecond:
// local, and in the year before the log was last written.
func (p *parser) when(groups [][]byte) int64 {
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(groups[i]))
	}
	year := p.modified.Year()
	at := func() time.Time {
		return time.Date(year, time.Month(n[0]), n[1], n[2], n[3], n[4], n[5]*1e6, time.Local)
	}
	if at().After(p.modified.Add(24 * time.Hour)) {
		year--
	}
	return at().UnixNano()
}
