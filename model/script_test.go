package model_test

import (
	"bufio"
	"cmp"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// script turns a little language into events, one a line:
//
//	TIME_US PID VERB [SESSION] [key=value …]
//
// Verbs are send, recv, fail, open, close, fork, exec, exit, lost. Keys: id, m (method),
// kinds, lo, tx, aux, rule, err (an RPC error code), off, upto, size, why, part, rest, before, status, n, gap
// (lines missing before it), seq, name (a bare session name instead of a connection),
// url, opener, client, mono (TIME_US is CLOCK_MONOTONIC, too), batch (ids joined by
// commas); ppid and comm on a process's first line.
type script struct {
	t     *testing.T
	in    *model.Interner
	batch model.Batch
	procs map[int]*model.ProcInfo
	seq   map[int]uint32 // by PID, the number of its last line
}

func events(t *testing.T, store *model.Store, text string) *model.Batch {
	t.Helper()
	s := &script{t: t, in: store.Strings(), procs: map[int]*model.ProcInfo{}, seq: map[int]uint32{}}
	sc := bufio.NewScanner(strings.NewReader(text))
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.line(n, strings.Fields(line))
	}
	return &s.batch
}

// run applies the script and returns the snapshot at its end.
func run(t *testing.T, text string) *model.Snapshot {
	t.Helper()
	store := model.NewStore(model.Options{})
	store.Apply(events(t, store, text))
	store.Finish()
	return store.Snapshot()
}

var verbs = map[string]model.EventKind{
	"send": model.Send, "recv": model.Recv, "fail": model.Fail, "open": model.Open,
	"close": model.Close, "fork": model.Fork, "exec": model.Exec, "exit": model.Exit,
	"lost": model.Lost,
}

func (s *script) line(n int, f []string) {
	us, err := strconv.ParseFloat(f[0], 64)
	if err != nil {
		s.t.Fatalf("script line %d: %v", n, err)
	}
	pid, _ := strconv.Atoi(f[1])
	kind, ok := verbs[f[2]]
	if !ok {
		s.t.Fatalf("script line %d: no verb %q", n, f[2])
	}
	kv := map[string]string{}
	sess := ""
	for _, w := range f[3:] {
		if k, v, ok := strings.Cut(w, "="); ok {
			kv[k] = v
		} else {
			sess = w
		}
	}
	ev := model.Event{
		Time: int64(us * 1e3), Kind: kind, Proc: s.proc(pid, kv),
		Origin: model.Origin{Offset: int64(n) * 100, Source: 1, Len: 90},
		Err:    s.in.Intern([]byte(kv["err"])),
	}
	ev.N, _ = strconv.ParseInt(kv["n"], 10, 64)
	if kv["mono"] != "" {
		ev.Mono = ev.Time
	}
	gap, _ := strconv.ParseUint(kv["gap"], 10, 32)
	s.seq[pid] += 1 + uint32(gap)
	ev.Seq = s.seq[pid]
	if gap > 0 {
		ev.Flags |= model.Gapped
	}
	if seq, err := strconv.ParseUint(kv["seq"], 10, 32); err == nil {
		ev.Seq = uint32(seq)
	}
	if off, err := strconv.ParseInt(kv["off"], 10, 64); err == nil {
		ev.Off, ev.Flags = off, ev.Flags|model.HasOff
	}
	ev.Size, _ = strconv.ParseInt(kv["size"], 10, 64)
	if end, err := strconv.ParseInt(kv["upto"], 10, 64); err == nil {
		ev.Off, ev.Flags = end-ev.Size, ev.Flags|model.OffAtMost
	}
	if kv["part"] != "" {
		ev.Flags |= model.Partial
	}
	if kv["before"] != "" {
		ev.Flags |= model.Before
	}
	if kv["rest"] != "" {
		ev.Flags |= model.Rest
	}
	if status, err := strconv.Atoi(kv["status"]); err == nil {
		ev.Status = uint16(status)
	}
	if sess != "" || kv["name"] != "" {
		ev.Conn = conn(sess, pid, kv)
	}
	ev.Msg = uint32(len(s.batch.Messages))
	s.messages(&ev, kv)
	ev.NMsg = uint32(len(s.batch.Messages)) - ev.Msg
	s.batch.Events = append(s.batch.Events, ev)
}

func conn(sess string, pid int, kv map[string]string) *model.ConnInfo {
	c := &model.ConnInfo{URL: "http://node:8545", Name: kv["name"], Client: kv["client"]}
	if kv["url"] != "" {
		c.URL = kv["url"]
	}
	if sess != "" {
		c.Local, c.Peer = "127.0.0.1:"+sess, "127.0.0.1:8545"
	}
	opener, _ := strconv.Atoi(kv["opener"])
	c.Opener = int32(opener)
	c.Identify("", int32(pid))
	return c
}

func (s *script) messages(ev *model.Event, kv map[string]string) {
	ids := []string{kv["id"]}
	if kv["batch"] != "" {
		ids = strings.Split(kv["batch"], ",")
		ev.Flags |= model.IsBatch
	}
	if kv["id"] == "" && kv["batch"] == "" && kv["why"] == "" {
		return
	}
	for i, id := range ids {
		m := model.Message{ID: parseID(id), At: uint32(i * 10), Len: 10}
		num := func(k string) uint64 { v, _ := strconv.ParseUint(kv[k], 0, 64); return v }
		m.Print = model.Fingerprint{
			Kinds: model.Kinds(num("kinds")), Lo: num("lo"), Hi: num("lo"), Tx: num("tx"), Aux: num("aux"),
			Rule: model.Rule(num("rule")),
		}
		switch {
		case kv["why"] != "":
			m.Kind, m.Why = model.Invalid, model.Why(num("why"))
		case ev.Kind == model.Send:
			m.Kind, m.Method = model.Request, s.in.Intern([]byte(kv["m"]))
		case ev.Kind == model.Recv && kv["code"] != "":
			code, _ := strconv.Atoi(kv["code"])
			m.Kind, m.Code = model.ErrorReply, int32(code)
		case ev.Kind == model.Recv:
			m.Kind = model.Result
		default:
			m.Kind = model.Request
		}
		s.batch.Messages = append(s.batch.Messages, m)
	}
}

func parseID(text string) model.ID {
	if text == "null" {
		return model.ID{Kind: model.IDNull}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return model.IntID(n)
	}
	if text == "" {
		return model.ID{}
	}
	return model.TextID([]byte(text))
}

func (s *script) proc(pid int, kv map[string]string) *model.ProcInfo {
	if s.procs[pid] == nil {
		ppid, _ := strconv.Atoi(kv["ppid"])
		s.procs[pid] = &model.ProcInfo{PID: int32(pid), PPID: int32(ppid), Comm: cmp.Or(kv["comm"], "web")}
	}
	return s.procs[pid]
}

// findings lists what was found, one a line, sorted:
// KIND CERTAINTY EVIDENCE reader [call] [<- owner].
func findings(s *model.Snapshot) []string {
	var out []string
	for i := range s.Findings.Len() {
		f := s.Findings.At(i)
		if f.Void {
			continue
		}
		line := fmt.Sprintf("%s %s %s %d", f.Kind, f.Certainty, strings.Join(f.Evidence.Names(), ","), s.PID(f.Reader))
		if f.Call.Known() {
			line += " " + s.Name(f.Call.Method) + "#" + f.Call.ID.String()
		}
		if f.Owner.Known() {
			line += fmt.Sprintf(" <- %d %s#%s", s.PID(f.Owner.Proc), s.Name(f.Owner.Method), f.Owner.ID)
		}
		if (f.Kind == model.LostReply || f.Kind == model.TornMessage) && f.Other != model.NoProc {
			line += fmt.Sprintf(" <- %d", s.PID(f.Other))
		}
		out = append(out, line)
	}
	sort.Strings(out)
	return out
}

var swapDigits = strings.NewReplacer(" 1", " 2", " 2", " 1")

func sorted(lines []string) []string {
	sort.Strings(lines)
	return lines
}
