package ethereum

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// exchanged is a history of calls whose results are known.
type exchanged struct {
	d     *Dialect
	store *model.Store
	calls int
	lines int64
}

// client is a process and the connection that it uses.
type client struct {
	proc *model.ProcInfo
	conn *model.ConnInfo
}

// client is one of its own, named after the next call.
func (x *exchanged) client() client {
	conn := &model.ConnInfo{Local: fmt.Sprint("10.0.0.1:", x.calls+1), Peer: "10.0.0.2:8545", URL: "http://10.0.0.2:8545"}
	conn.Identify("", 0)
	return client{&model.ProcInfo{PID: int32(x.calls + 1)}, conn}
}

func (x *exchanged) send(c client, ask *pair) {
	x.calls++
	x.apply(c, model.Send, model.Message{
		Kind: model.Request, Method: x.store.Strings().Intern([]byte(ask.Ask.Method)), Print: x.d.Ask(ask.Ask.Method, ask.Ask.Params),
	})
}

func (x *exchanged) recv(c client, result []byte) {
	x.apply(c, model.Recv, model.Message{Kind: model.Result, Print: x.d.Reply(result)})
}

// apply is one line: each is a while after the one before.
func (x *exchanged) apply(c client, kind model.EventKind, m model.Message) {
	x.lines++
	m.ID, m.Len = model.IntID(1), 1
	ev := model.Event{Kind: kind, Time: x.lines * 400_000, Proc: c.proc, Conn: c.conn, NMsg: 1, Origin: model.Origin{Offset: x.lines, Len: 1}}
	x.store.Apply(&model.Batch{Events: []model.Event{ev}, Messages: []model.Message{m}})
}

// read is a call with the result that its process, a new one, reads.
func (x *exchanged) read(ask *pair, result []byte) {
	c := x.client()
	x.send(c, ask)
	x.recv(c, result)
}

// steady are the pairs that tell what the endpoint answers always.
func (x *exchanged) steady(all []pair) []*pair {
	var some []*pair
	for i := range all {
		if f := x.d.Ask(all[i].Ask.Method, all[i].Ask.Params); f.Rule == model.RuleConstant || f.Rule == model.RuleHeight {
			some = append(some, &all[i])
		}
	}
	return some
}

// fate is what becomes of the exchanged results of one pair of methods.
type fate struct{ total, silent, same int }

// TestExchangedResults gives every call of the corpus, in a run of the engine,
// the result of every call of another method. Each is found, or it stands in
// testdata/exchanged.golden: the asking method, then each method whose result it
// may take for its own, with how many of how many. The endpoint has answered
// healthy calls before, and does in between.
func TestExchangedResults(t *testing.T) {
	all := pairs(t, "pairs.jsonl")
	x := &exchanged{d: New(), store: model.NewStore(model.Options{})}
	for range 3 {
		for i := range all {
			x.read(&all[i], all[i].Reply.Result)
		}
	}
	steady := x.steady(all)
	at := map[int32][2]*pair{} // by PID
	for i := range all {
		for k := range all {
			if all[i].Ask.Method == all[k].Ask.Method {
				continue
			}
			x.read(&all[i], all[k].Reply.Result)
			at[int32(x.calls)] = [2]*pair{&all[i], &all[k]}
			for _, p := range steady {
				x.read(p, p.Reply.Result)
			}
		}
	}
	x.store.Finish()
	found := x.found(t, at)
	compare(t, "testdata/exchanged.golden", fates(t, at, found))
}

// Two clients of one connection who get each other's results are found both,
// whatever these are: the order of the wire tells.
func TestExchangedOnOneConnection(t *testing.T) {
	all := pairs(t, "pairs.jsonl")
	x := &exchanged{d: New(), store: model.NewStore(model.Options{})}
	want := 0
	for i := range all {
		for k := range all[:i] {
			first := x.client()
			x.send(first, &all[i])
			second := client{x.client().proc, first.conn}
			x.send(second, &all[k])
			x.recv(second, all[i].Reply.Result)
			x.recv(first, all[k].Reply.Result)
			want += 2
		}
	}
	x.store.Finish()
	snap, right := x.store.Snapshot(), 0
	for i := range snap.Findings.Len() {
		f := snap.Findings.At(i)
		if f.Kind == model.SwappedReply && f.Owner.Proc == f.Other && f.Other != f.Reader {
			right++
		} else if f.Kind != model.SharedSession {
			t.Errorf("%s", f.Kind)
		}
	}
	if right != want {
		t.Errorf("%d of %d exchanged replies are found", right, want)
	}
}

// found are the PIDs with a finding; no healthy call has one.
func (x *exchanged) found(t *testing.T, at map[int32][2]*pair) map[int32]bool {
	snap, found := x.store.Snapshot(), map[int32]bool{}
	for i := range snap.Findings.Len() {
		f := snap.Findings.At(i)
		pid := snap.PID(f.Reader)
		if _, ok := at[pid]; !ok {
			t.Errorf("%s about a call that got its own result", f.Kind)
		}
		found[pid] = true
	}
	return found
}

// fates is the golden text.
func fates(t *testing.T, at map[int32][2]*pair, found map[int32]bool) string {
	table := map[string]map[string]*fate{}
	var sum fate
	for pid, p := range at {
		asked, other := p[0].Ask.Method, p[1].Ask.Method
		if table[asked] == nil {
			table[asked] = map[string]*fate{}
		}
		if table[asked][other] == nil {
			table[asked][other] = &fate{}
		}
		f := table[asked][other]
		f.total++
		sum.total++
		if found[pid] {
			continue
		}
		f.silent++
		sum.silent++
		if bytes.Equal(p[0].Reply.Result, p[1].Reply.Result) {
			sum.same++
		}
	}
	told := sum.total - sum.silent
	head := fmt.Sprintf("%d results exchanged for another method's: %d found (%.1f %%), %d indistinguishable, %d of them equal byte for byte\n",
		sum.total, told, 100*float64(told)/float64(sum.total), sum.silent, sum.same)
	t.Log(head)
	var lines []string
	for asked, row := range table {
		var read []string
		for other, f := range row {
			if f.silent > 0 {
				read = append(read, fmt.Sprintf("%s %d/%d", other, f.silent, f.total))
			}
		}
		if len(read) > 0 {
			slices.Sort(read)
			lines = append(lines, asked+": "+strings.Join(read, ", ")+"\n")
		}
	}
	slices.Sort(lines)
	return head + strings.Join(lines, "")
}
