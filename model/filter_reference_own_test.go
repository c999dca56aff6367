package model

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// own says whether the row has the term's field itself and, if so, whether it
// matches; opNE is the caller's.
func (r reference) own(t *term, row any) (has, match bool) {
	if t.field.kind == kindFlag {
		return refFlag(t.field.name, row)
	}
	if t.field.kind == kindWord {
		match := slices.ContainsFunc(r.words(row), func(s string) bool { return refText(t, s, true) })
		if t.also != nil {
			match = match || r.term(&term{field: t.also}, row)
		}
		return true, match || r.wordPIDsAndIDs(t, row)
	}
	switch row := row.(type) {
	case *Session:
		return r.session(t, row)
	case *Process:
		return refProcess(t, row)
	case *Call:
		return r.call(t, row)
	case *Finding:
		return r.finding(t, row)
	}
	return r.method(t, row.(*Method))
}

func refText(t *term, s string, part bool) bool {
	switch {
	case !t.literal && hasGlob(t.text):
		p := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(t.text))
		return regexp.MustCompile("(?is)^" + p + "$").MatchString(s)
	case part && t.text != "":
		return strings.Contains(strings.ToLower(s), strings.ToLower(t.text))
	}
	return strings.EqualFold(s, t.text)
}

func refEnum(t *term, names []string, v int) bool {
	if t.op >= opLT {
		return refCompare(t.op, v, slices.Index(names, strings.ToLower(t.text)))
	}
	return refText(t, names[v], false)
}

func refCompare[T cmp.Ordered](o op, a, b T) bool {
	c := cmp.Compare(a, b)
	return map[op]bool{opLT: c < 0, opLE: c <= 0, opGT: c > 0, opGE: c >= 0, opHas: c == 0, opEQ: c == 0, opNE: c == 0}[o]
}

func refNum(t *term, v int64) (bool, bool) {
	return true, v >= 0 && refCompare(t.op, v, t.value.num)
}

func refSince(t *term, at int64) (bool, bool) { return refNum(t, worldNow-at) }

func refTime(t *term, first, last int64) (bool, bool) {
	at := func(s string) int64 {
		x, err := time.Parse(time.RFC3339Nano, "2026-11-22T09:00:"+s+"Z")
		if err != nil {
			panic(err)
		}
		return x.UnixNano()
	}
	switch t.String() { // all that the random filters ask
	case "time>-5s":
		return true, last > at("05")
	case "time:-3s":
		return true, last >= at("07")
	case "time:09:00":
		return true, first <= at("59.999999999") && last >= at("00")
	case "time<09:00:05":
		return true, first < at("05")
	case "time>=2026-11-22T09:00:03Z":
		return true, last >= at("03")
	}
	panic("no time like " + t.String())
}

func (t *term) String() string { return (&Filter{&node{op: nodeTerm, term: t}}).String() }

func (r reference) session(t *term, s *Session) (bool, bool) {
	c := s.Conn
	switch t.field.name {
	case "session":
		return true, refText(t, c.Label(), t.op == opHas)
	case "local":
		return true, refText(t, c.Local, t.op == opHas)
	case "peer":
		return true, refText(t, c.Peer, t.op == opHas)
	case "url":
		return true, refText(t, c.Endpoint(), t.op == opHas)
	case "transport":
		return true, refEnum(t, transports.names, int(s.Transport))
	case "owner":
		return true, r.isProc(t, s.Owner)
	case "lat":
		return refNum(t, int64(s.P95)*1000)
	case "calls":
		return refNum(t, int64(s.Calls))
	case "errors":
		return refNum(t, int64(s.Errors))
	case "mism":
		return refNum(t, int64(s.Mismatches))
	case "age":
		return refSince(t, s.First)
	case "idle":
		return refSince(t, s.Last)
	case "time":
		return refTime(t, s.First, s.Last)
	}
	return false, false
}

func (r reference) isProc(t *term, id ProcID) bool {
	p := r.snap.Process(id)
	return p != nil && (refText(t, strconv.Itoa(int(p.Info.PID)), false) || p.Info.Comm != "" && refText(t, p.Info.Comm, false))
}

func refProcess(t *term, p *Process) (bool, bool) {
	switch t.field.name {
	case "pid":
		return refNum(t, int64(p.Info.PID))
	case "ppid":
		return refNum(t, cmp.Or(int64(p.Info.PPID), -1))
	case "host":
		return true, refText(t, p.Info.Host, false)
	case "comm":
		return true, refText(t, p.Info.Comm, false)
	case "proc":
		return true, refText(t, strconv.Itoa(int(p.Info.PID)), false) || p.Info.Comm != "" && refText(t, p.Info.Comm, false)
	case "calls":
		return refNum(t, int64(p.Calls))
	case "errors":
		return refNum(t, int64(p.Errors))
	case "mism":
		return refNum(t, int64(p.Mismatches))
	case "age":
		return refSince(t, p.First)
	case "idle":
		return refSince(t, p.Last)
	case "time":
		return refTime(t, p.First, p.Last)
	}
	return false, false
}

func (r reference) call(t *term, c *Call) (bool, bool) {
	switch t.field.name {
	case "method":
		return true, refText(t, r.snap.Name(c.Method), false)
	case "err":
		return true, refText(t, r.snap.Name(c.Err), t.op == opHas)
	case "id":
		return true, refID(t, c.ID)
	case "state":
		return true, refEnum(t, states.names, int(c.State))
	case "asker":
		return true, r.isProc(t, c.Asker)
	case "reader":
		return true, r.isProc(t, c.Reader)
	case "lat":
		return refNum(t, c.Latency())
	case "size":
		return refNum(t, cmp.Or(int64(c.Reply.Len), -1))
	case "age":
		return refSince(t, c.Asked)
	case "time":
		return refTime(t, c.Asked, c.Asked)
	}
	return false, false
}

func refID(t *term, id ID) bool {
	if t.op >= opLT {
		want, _ := strconv.ParseInt(t.text, 10, 64)
		return id.Kind == IDInt && refCompare(t.op, int64(id.Val), want)
	}
	return id.String() != "" && id.String() == t.text || id.Kind == IDText && id == TextID([]byte(`"`+t.text+`"`))
}

func (r reference) finding(t *term, f *Finding) (bool, bool) {
	either := func(match func(*CallRef) bool) (bool, bool) {
		return true, f.Call.Known() && match(&f.Call) || f.Owner.Known() && match(&f.Owner)
	}
	switch t.field.name {
	case "finding":
		return true, refEnum(t, kinds.names, int(f.Kind))
	case "severity":
		return true, refEnum(t, severities.names, int(f.Severity()))
	case "certainty":
		return true, refEnum(t, certainties.names, int(f.Certainty))
	case "cause":
		return true, refEnum(t, causes.names, int(f.Cause))
	case "evidence":
		return true, slices.ContainsFunc(f.Evidence.Names(), func(s string) bool { return refText(t, s, false) })
	case "asker":
		return true, r.isProc(t, f.Call.Proc)
	case "reader":
		return true, r.isProc(t, f.Reader)
	case "method":
		return either(func(c *CallRef) bool { return refText(t, r.snap.Name(c.Method), false) })
	case "id":
		return either(func(c *CallRef) bool { return refID(t, c.ID) })
	case "age":
		return refSince(t, f.Time)
	case "idle":
		return refSince(t, f.Last)
	case "time":
		return refTime(t, f.Time, f.Last)
	}
	return false, false
}

func (r reference) method(t *term, m *Method) (bool, bool) {
	switch t.field.name {
	case "method":
		return true, refText(t, r.snap.Name(m.Sym), false)
	case "lat":
		return refNum(t, int64(m.Latency.Quantile(.95))*1000)
	case "calls":
		return refNum(t, int64(m.Calls))
	case "errors":
		return refNum(t, int64(m.Errors))
	case "mism":
		return refNum(t, int64(m.Mismatches))
	case "idle":
		return refSince(t, m.Last)
	}
	return false, false
}

func refFlag(name string, row any) (has, match bool) {
	switch row := row.(type) {
	case *Session:
		match, has = map[string]bool{
			"mismatch": row.Mismatches > 0, "error": row.Errors > 0, "pending": row.InFlight > 0, "shared": row.Is(SessionShared),
			"inherited": row.Is(SessionInherited), "closed": row.Is(SessionClosed), "live": !row.Is(SessionClosed),
		}[name]
	case *Process:
		match, has = map[string]bool{
			"mismatch": row.Mismatches > 0, "error": row.Errors > 0, "alive": row.Exited == 0, "dead": row.Exited != 0,
		}[name]
	case *Call:
		match, has = map[string]bool{
			"mismatch": row.Is(CallMismatched), "error": row.Is(CallError), "pending": row.State == Pending, "failed": row.State == Failed,
			"orphan": row.State == Orphan, "lost": row.State == LostCall, "batch": row.Is(CallBatch), "late": row.Is(CallLate),
		}[name]
	case *Finding:
		match, has = map[string]bool{
			"mismatch": row.Kind.Misread(), "error": row.Severity() == Error, "warning": row.Severity() == Warning,
			"proven": row.Certainty == Proven, "inferred": row.Certainty == Inferred, "possible": row.Certainty == Possible,
		}[name]
	case *Method:
		match, has = map[string]bool{"mismatch": row.Mismatches > 0, "error": row.Errors > 0}[name]
	}
	return has, match
}

// words is all text of a row but PIDs and ids.
func (r reference) words(row any) (all []string) {
	switch row := row.(type) {
	case *Session:
		all = append(r.connWords(row.ID), r.snap.Name(row.LastMethod))
		for _, p := range r.related(row, entityProcess) {
			all = append(all, r.words(p)...)
		}
		for _, f := range r.related(row, entityFinding) {
			all = append(all, f.(*Finding).Kind.String())
		}
	case *Process:
		all = []string{row.Info.Comm, row.Info.Host}
	case *Call:
		all = append(r.connWords(row.Session), r.snap.Name(row.Method), r.snap.Name(row.Err))
		for _, p := range r.related(row, entityProcess) {
			all = append(all, r.words(p)...)
		}
		if f := r.snap.FindingOf(row); f != nil {
			all = append(all, f.Kind.String())
		}
	case *Finding:
		all = append(r.connWords(row.Session), row.Kind.String(), row.Detail.Text())
		if row.Cause != NoFinding {
			all = append(all, row.Cause.String())
		}
		for _, c := range []CallRef{row.Call, row.Owner} {
			if c.Known() {
				all = append(all, r.snap.Name(c.Method))
			}
		}
		for _, p := range r.related(row, entityProcess) {
			all = append(all, r.words(p)...)
		}
	case *Method:
		all = []string{r.snap.Name(row.Sym)}
	}
	return all
}

func (r reference) connWords(id SessionID) []string {
	c := r.snap.Sessions.At(int(id)).Conn
	return []string{c.Label(), c.URL, c.Name}
}

// wordPIDsAndIDs compares a word with the numbers of a row, which match whole.
func (r reference) wordPIDsAndIDs(t *term, row any) bool {
	var pids []any
	var ids []ID
	switch row := row.(type) {
	case *Process:
		pids = []any{row}
	case *Session, *Call, *Finding:
		pids = r.related(row, entityProcess)
	}
	switch row := row.(type) {
	case *Call:
		ids = []ID{row.ID}
	case *Finding:
		for _, c := range []CallRef{row.Call, row.Owner} {
			if c.Known() {
				ids = append(ids, c.ID)
			}
		}
	}
	return slices.ContainsFunc(pids, func(p any) bool { return refText(t, strconv.Itoa(int(p.(*Process).Info.PID)), false) }) ||
		slices.ContainsFunc(ids, func(id ID) bool { return refID(t, id) })
}
