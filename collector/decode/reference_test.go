package decode_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// reference decodes a block the plain way, on encoding/json, one line and one
// rule after the other. Its stats have neither a BadOffset nor a BadReason.
func reference(in *model.Interner, source uint32, offset int64, data []byte) (out decode.Out) {
	r := &refBlock{in: in, out: &out}
	if offset == 0 {
		rest, _ := bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
		offset, data = int64(len(data)-len(rest)), rest
	}
	for line := range bytes.Lines(data) {
		body := bytes.TrimSuffix(line, []byte("\n"))
		if len(bytes.Trim(body, " \t\r")) > 0 {
			out.Stats.Lines++
			r.line(model.Origin{Source: source, Offset: offset, Len: uint32(len(body))}, body)
		}
		offset += int64(len(line))
	}
	r.fill()
	if out.Stats.Seq.Mixed {
		out.Stats.Seq = decode.Seq{Mixed: true}
	}
	return out
}

type refBlock struct {
	in    *model.Interner
	out   *decode.Out
	holes []refHole
	late  []uint64 // the numbers that came after a greater one
}

// refHole is numbers that were skipped: by which event, and how many lines had
// come late by then, and by the next 1.
type refHole struct {
	event    int
	from, to uint64
	late     [2]int
}

// fill takes back what is said of the events before which no line is missing.
func (r *refBlock) fill() {
	missing := map[int]bool{}
	for _, h := range r.holes {
		if h.late[1] < 0 {
			h.late[1] = len(r.late)
		}
		left := h.to - h.from + 1
		for _, n := range r.late[h.late[0]:h.late[1]] {
			if h.from <= n && n <= h.to && left > 0 {
				left--
			}
		}
		missing[h.event] = missing[h.event] || left > 0
	}
	for event, is := range missing {
		if !is && event < len(r.out.Events) {
			r.out.Events[event].Flags &^= model.Gapped
		}
	}
}

// refBad unwinds a line that cannot be used.
type refBad struct{}

func (r *refBlock) line(origin model.Origin, line []byte) {
	first := len(r.out.Messages)
	defer func() {
		if p := recover(); p != nil {
			if p != (refBad{}) {
				panic(p)
			}
			r.out.Stats.Malformed++
			r.out.Messages = r.out.Messages[:first]
		}
	}()
	var f refFields
	if !json.Valid(line) {
		panic(refBad{})
	}
	if json.Unmarshal(line, &f) != nil || f == nil {
		panic(refBad{})
	}
	if v, ok := f.uint("v", 1, math.MaxUint64); ok && v > 1 {
		panic(refBad{})
	}
	seq, gapped := r.seq(f)
	ev := model.Event{Origin: origin, Msg: uint32(first), Time: refTime(f), Seq: seq}
	if gapped {
		ev.Flags |= model.Gapped
	}
	ev.Mono, _ = f.int("mono", math.MinInt64, math.MaxInt64)
	tid, _ := f.int("tid", 0, math.MaxInt32)
	ev.TID = int32(tid)
	kinds := map[string]model.EventKind{"send": model.Send, "recv": model.Recv, "fail": model.Fail, "open": model.Open,
		"close": model.Close, "fork": model.Fork, "exec": model.Exec, "exit": model.Exit, "lost": model.Lost}
	name, _ := f.text("ev", 1<<30)
	if ev.Kind = kinds[name]; ev.Kind == 0 {
		panic(refBad{})
	}
	r.identity(f, &ev)
	r.details(f, line, &ev)
	ev.NMsg = uint32(len(r.out.Messages) - first)
	r.out.Events = append(r.out.Events, ev)
}

// seq says which number a line has, and whether lines are missing before it for
// all that the rest of the block says.
func (r *refBlock) seq(f refFields) (number uint32, gapped bool) {
	pid, _ := f.int("pid", 1, math.MaxInt32)
	n, _ := f.uint("seq", 0, math.MaxUint64)
	s := &r.out.Stats.Seq
	switch {
	case n == 0:
	case s.First == 0:
		s.PID, s.First, s.Last = int32(pid), n, n
	case s.PID != int32(pid):
		s.Mixed = true
	case n == 1:
		s.Last = 1
		for i := range r.holes {
			if r.holes[i].late[1] < 0 {
				r.holes[i].late[1] = len(r.late)
			}
		}
	case n > s.Last:
		if gapped = n > s.Last+1; gapped {
			r.holes = append(r.holes, refHole{len(r.out.Events), s.Last + 1, n - 1, [2]int{len(r.late), -1}})
		}
		s.Missing += n - s.Last - 1
		s.Last = n
	case n < s.First:
		s.Early++
	default:
		s.Missing -= min(s.Missing, 1)
		r.late = append(r.late, n)
	}
	return uint32(n), gapped
}

func (r *refBlock) identity(f refFields, ev *model.Event) {
	pid, ok := f.int("pid", 1, math.MaxInt32)
	if !ok {
		panic(refBad{})
	}
	str := func(key string) string { s, _ := f.text(key, 1024); return s }
	num := func(key string, hi uint64) uint64 { n, _ := f.uint(key, 0, hi); return n }
	ev.Proc = &model.ProcInfo{Host: str("host"), Comm: str("comm"), PID: int32(pid),
		PPID: int32(num("ppid", math.MaxInt32)), NSPID: int32(num("nspid", math.MaxInt32)), Start: num("start", math.MaxUint64)}
	conn := &model.ConnInfo{Cookie: num("cookie", math.MaxUint64), Ino: num("ino", math.MaxUint64),
		Local: str("local"), Peer: str("peer"), URL: str("url"), Name: str("sess"), Client: str("client"),
		Opener: int32(num("opener", math.MaxInt32))}
	conn.Identify(ev.Proc.Host, int32(pid))
	conn.URL, conn.Name = model.RedactURL(conn.URL), model.RedactText(conn.Name)
	conn.Local, conn.Peer = model.RedactText(conn.Local), model.RedactText(conn.Peer)
	said := ev.Kind <= model.Close
	for _, key := range []string{"cookie", "ino", "local", "peer", "url", "sess", "client", "opener"} {
		said = said || f.has(key)
	}
	if said {
		ev.Conn = conn
	}
}

func (r *refBlock) details(f refFields, line []byte, ev *model.Event) {
	var ok bool
	switch ev.Kind {
	case model.Send, model.Recv:
		r.transfer(f, line, ev)
	case model.Fail:
		err, _ := f.text("err", 1024)
		ev.Err = r.in.Intern(refCut(model.RedactText(err), 256))
		if raw := f["id"]; raw != nil {
			id, ok := refID(raw)
			if !ok {
				panic(refBad{})
			}
			r.add(line, raw, model.Message{Kind: model.Request, ID: id})
		}
	case model.Open:
		f.flag("before", ev, model.Before)
	case model.Fork:
		if ev.N, ok = f.int("child", 1, math.MaxInt32); !ok {
			panic(refBad{})
		}
		f.flag("before", ev, model.Before)
	case model.Exit:
		if ev.N, ok = f.int("code", math.MinInt32, math.MaxUint32); !ok {
			ev.N = model.NoCode
		}
	case model.Lost:
		if ev.N, ok = f.int("n", 0, math.MaxInt64); !ok {
			panic(refBad{})
		}
		before := r.out.Stats.LostReported
		if r.out.Stats.LostReported += uint64(ev.N); r.out.Stats.LostReported < before {
			r.out.Stats.LostReported = math.MaxUint64
		}
	}
}

func (r *refBlock) place(f refFields, ev *model.Event) {
	_, hasOff := f["off"]
	if _, hasEnd := f["upto"]; !hasOff && !hasEnd {
		return
	}
	ev.Size, _ = f.int("size", 0, math.MaxUint32)
	if off, ok := f.int("off", 0, math.MaxInt64); ok {
		ev.Off = off
		ev.Flags |= model.HasOff
	} else if end, ok := f.int("upto", 0, math.MaxInt64); ok && ev.Size > 0 && ev.Size <= end {
		ev.Off = end - ev.Size
		ev.Flags |= model.OffAtMost
	}
}

func (r *refBlock) transfer(f refFields, line []byte, ev *model.Event) {
	if ev.Kind == model.Recv {
		status, _ := f.int("status", 0, math.MaxUint16)
		ev.Status = uint16(status)
	}
	r.place(f, ev)
	f.flag("part", ev, model.Partial)
	f.flag("rest", ev, model.Partial|model.Rest)
	first := len(r.out.Messages)
	switch msg := f["msg"]; {
	case f.has("msg") && msg[0] == '[':
		ev.Flags |= model.IsBatch
		var items []json.RawMessage
		must(json.Unmarshal(msg, &items))
		if len(items) == 0 {
			r.add(line, msg, model.Message{Why: model.WhyEmptyBatch})
		}
		if len(items) > decode.MaxBatch {
			panic(refBad{})
		}
		for _, item := range items {
			r.message(line, item)
		}
		return
	case f.has("msg"):
		r.message(line, msg)
	case f.has("raw"):
		f.text("raw", 0)
		ev.Flags |= model.NotJSON
		r.add(line, f["raw"], model.Message{Why: model.WhyNotJSON})
	case msg != nil:
		r.message(line, msg)
	case ev.Flags&model.Partial != 0:
		r.out.Messages = append(r.out.Messages, model.Message{Why: model.WhyNotJSON})
	default:
		panic(refBad{})
	}
	m := &r.out.Messages[first]
	if m.Kind != model.Invalid {
		return
	}
	if ev.Flags&model.Partial != 0 {
		m.Why = model.WhyPartial
	} else if ev.Status >= 400 && (m.Why == model.WhyNotJSON || m.Why == model.WhyNotObject || m.Why == model.WhyNeither) {
		m.Why = model.WhyHTTP
	}
}

func (r *refBlock) message(line, raw []byte) {
	if raw[0] != '{' {
		r.add(line, raw, model.Message{Why: model.WhyNotObject})
		return
	}
	var f refFields
	must(json.Unmarshal(raw, &f))
	var method string
	isCall := f["method"] != nil && f["method"][0] == '"'
	if isCall {
		method, _ = f.text("method", 256)
	}
	isError := f.has("error")
	isResult := f["result"] != nil && !(isError && f["result"][0] == 'n')
	m := model.Message{}
	id, ok := refID(f["id"])
	m.ID = id
	switch {
	case !isCall && !isError && !isResult:
		m.Why = model.WhyNeither
	case !isCall && isError && isResult:
		m.Why = model.WhyBoth
	case !ok:
		m.Why = model.WhyBadID
	case isCall:
		m.Kind, m.Method = model.Request, r.in.Intern([]byte(method))
		if f["id"] == nil {
			m.Kind = model.Notification
		}
	case isError:
		m.Kind = model.ErrorReply
		var e struct{ Code json.RawMessage }
		var fields refFields
		if json.Unmarshal(f["error"], &fields) == nil {
			e.Code = fields["code"]
		}
		if n := refInt(e.Code); n != nil && n.IsInt64() && int64(int32(n.Int64())) == n.Int64() {
			m.Code = int32(n.Int64())
		}
	case id.Kind == model.IDAbsent, id.Kind == model.IDNull:
		m.Why = model.WhyNullResult
	default:
		m.Kind = model.Result
	}
	r.add(line, raw, m)
}

// add appends a message. It leaves At 0, for encoding/json does not say where
// a value stood; Len it knows.
func (r *refBlock) add(line, raw []byte, m model.Message) {
	m.Len = uint32(len(raw))
	r.out.Messages = append(r.out.Messages, m)
}

func refID(raw json.RawMessage) (model.ID, bool) {
	if raw == nil {
		return model.ID{}, true
	}
	switch raw[0] {
	case 'n':
		return model.ID{Kind: model.IDNull}, true
	case '{', '[', 't', 'f':
		return model.ID{}, false
	case '"':
		var s string
		must(json.Unmarshal(raw, &s))
		return model.TextID([]byte(`"` + s + `"`)), true
	}
	if n := refInt(raw); n != nil && n.IsInt64() {
		return model.IntID(n.Int64()), true
	}
	return model.TextID(raw), true
}

// refFields are the members of an object; of a key that stands twice, the last.
type refFields map[string]json.RawMessage

func (f refFields) has(key string) bool { return f[key] != nil && string(f[key]) != "null" }

func (f refFields) text(key string, limit int) (string, bool) {
	if !f.has(key) {
		return "", false
	}
	var s string
	if json.Unmarshal(f[key], &s) != nil {
		panic(refBad{})
	}
	return string(refCut(s, limit)), true
}

func (f refFields) flag(key string, ev *model.Event, flags model.EventFlags) {
	var set bool
	if f.has(key) && json.Unmarshal(f[key], &set) != nil {
		panic(refBad{})
	}
	if set {
		ev.Flags |= flags
	}
}

// refCut is at most limit bytes of s, and no half of a character.
func refCut(s string, limit int) []byte {
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit]
	}
	return []byte(s)
}

func (f refFields) int(key string, lo, hi int64) (int64, bool) {
	if !f.has(key) {
		return 0, false
	}
	n := refInt(f[key])
	if n == nil || n.Cmp(big.NewInt(lo)) < 0 || n.Cmp(big.NewInt(hi)) > 0 {
		panic(refBad{})
	}
	return n.Int64(), true
}

func (f refFields) uint(key string, lo, hi uint64) (uint64, bool) {
	if !f.has(key) {
		return 0, false
	}
	n := refInt(f[key])
	if n == nil || !n.IsUint64() || n.Uint64() < lo || n.Uint64() > hi {
		panic(refBad{})
	}
	return n.Uint64(), true
}

// refInt is the value of raw if it is a number and whole, else nil.
func refInt(raw json.RawMessage) *big.Int {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return nil
	}
	text := strings.ToLower(string(raw))
	mantissa, exp, _ := strings.Cut(text, "e")
	if strings.Trim(mantissa, "-0.") == "" {
		return new(big.Int)
	}
	if e, err := strconv.Atoi(exp); exp != "" && (err != nil || e > 1000 || e < -1000) {
		return nil // no integer of 64 bits, unless its digits fill a page
	}
	n, ok := new(big.Rat).SetString(text)
	if !ok || !n.IsInt() {
		return nil
	}
	return n.Num()
}

var refRFC3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

func refTime(f refFields) int64 {
	if !f.has("ts") {
		panic(refBad{})
	}
	if f["ts"][0] != '"' {
		n, _ := f.int("ts", math.MinInt64, math.MaxInt64)
		return n
	}
	s, _ := f.text("ts", 1<<30)
	ns, ok := refParseTime(s)
	if !ok {
		panic(refBad{})
	}
	return ns
}

// refParseTime is time.Parse with what RFC 3339 allows beyond it: small letters,
// a blank for the T, the second 60; and without what it allows beyond RFC 3339.
func refParseTime(s string) (int64, bool) {
	if !refRFC3339.MatchString(s) {
		return 0, false
	}
	s = strings.ToUpper(strings.Replace(s, " ", "T", 1))
	leap := time.Duration(0)
	if s[17:19] == "60" {
		s, leap = s[:17]+"59"+s[19:], time.Second
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	t = t.Add(leap)
	limit := int64(math.MaxInt64/1_000_000_000 - 1)
	if sec := t.Unix(); err != nil || sec > limit || sec < -limit {
		return 0, false
	}
	return t.UnixNano(), true
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
