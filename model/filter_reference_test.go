package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// reference answers a filter in the plainest way: each term of each row by
// itself, each relation by looking at everything.
type reference struct{ snap *Snapshot }

func (r reference) match(n *node, row any) bool {
	switch n.op {
	case nodeTerm:
		return r.term(n.term, row) != (n.term.op == opNE)
	case nodeNot:
		return !r.match(n.kids[0], row)
	case nodeAnd:
		return !slices.ContainsFunc(n.kids, func(k *node) bool { return !r.match(k, row) })
	}
	return slices.ContainsFunc(n.kids, func(k *node) bool { return r.match(k, row) })
}

func (r reference) term(t *term, row any) bool {
	if has, match := r.own(t, row); has {
		return match
	}
	for _, other := range r.related(row, t.field.home) {
		if _, match := r.own(t, other); match {
			return true
		}
	}
	// A method's calls are asked in their turn by what they are related to.
	if m, ok := row.(*Method); ok && t.field.home != entityCall {
		for _, c := range r.related(m, entityCall) {
			if r.term(t, c) {
				return true
			}
		}
	}
	return false
}

// all lists every row of a kind.
func (r reference) all(kind entity) (rows []any) {
	s := r.snap
	switch kind {
	case entitySession:
		for i := range s.Sessions.Len() {
			if row := s.Session(SessionID(i)); row != nil {
				rows = append(rows, row)
			}
		}
	case entityProcess:
		for i := range s.Processes.Len() {
			rows = append(rows, s.Processes.At(i))
		}
	case entityCall:
		for seq := s.Calls.First(); seq < s.Calls.End(); seq++ {
			rows = append(rows, s.Calls.At(seq))
		}
	case entityFinding:
		for i := range s.Findings.Len() {
			if f := s.Findings.At(i); !f.Void {
				rows = append(rows, f)
			}
		}
	case entityMethod:
		for i := range s.Methods {
			rows = append(rows, &s.Methods[i])
		}
	}
	return rows
}

func (r reference) related(row any, home entity) (rows []any) {
	if f, ok := row.(*Finding); ok && home == entityCall {
		return r.findingCalls(f)
	}
	for _, other := range r.all(home) {
		if r.linked(row, other) || r.linked(other, row) {
			rows = append(rows, other)
		}
	}
	return rows
}

// linked says that a names b, or is named with it, in that order of kinds.
func (r reference) linked(a, b any) bool {
	switch a := a.(type) {
	case *Session:
		p, ok := b.(*Process)
		return ok && (a.Owner == p.ID || slices.Contains(a.Sharers, p.ID) || slices.Contains(a.Holders, p.ID))
	case *Call:
		switch b := b.(type) {
		case *Session:
			return a.Session == b.ID
		case *Process:
			return a.Asker == b.ID || a.Reader == b.ID
		case *Finding:
			return r.snap.FindingOf(a) == b
		case *Method:
			return a.Method == b.Sym
		}
	case *Finding:
		switch b := b.(type) {
		case *Session:
			return a.Session == b.ID
		case *Process:
			return slices.Contains([]ProcID{a.Reader, a.Other, a.Call.Proc, a.Owner.Proc}, b.ID) || slices.Contains(r.users(a), b.ID)
		}
	}
	return false
}

// users are the processes of the session that f is about.
func (r reference) users(f *Finding) (ids []ProcID) {
	for _, row := range r.all(entitySession) {
		if s := row.(*Session); s.ID == f.Session && (f.Kind == InheritedSession || f.Kind == SharedSession) {
			ids = slices.Clone(s.Sharers)
			if f.Kind == InheritedSession {
				ids = append(ids, s.Holders...)
			}
			if f.Kind == InheritedSession || s.ownerUsed {
				ids = append(ids, s.Owner)
			}
		}
	}
	return ids
}

// findingCalls are the kept calls that f names.
func (r reference) findingCalls(f *Finding) (rows []any) {
	for _, seq := range []int64{f.Call.Seq, f.Owner.Seq} {
		if c := r.snap.Calls.At(seq); c != nil {
			rows = append(rows, c)
		}
	}
	return rows
}

// TestFilterAgreesWithReference asks random filters of random snapshots.
func TestFilterAgreesWithReference(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		snap := world(seed, 8, 6, 30, 8)
		text := randomFilter(r, 3)
		f, err := ParseFilter(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		ref := reference{snap}
		for _, screen := range screens {
			var want []int64
			for _, row := range ref.all(screenEntity[screen]) {
				if ref.match(f.root, row) {
					want = append(want, identity(snap, row))
				}
			}
			got := rowsOf(t, snap, screen, f)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: %q on screen %d: got %v, want %v", seed, text, screen, got, want)
			}
		}
	}
}

var (
	screens      = []Screen{ScreenSessions, ScreenCalls, ScreenProcesses, ScreenFindings, ScreenMethods}
	screenEntity = []entity{entitySession, entityCall, entityProcess, entityFinding, entityMethod}
)

func identity(s *Snapshot, row any) int64 {
	switch row := row.(type) {
	case *Session:
		return int64(row.ID)
	case *Process:
		return int64(row.ID)
	case *Finding:
		return int64(row.Seq)
	case *Method:
		return int64(slices.IndexFunc(s.Methods, func(m Method) bool { return m.Sym == row.Sym }))
	}
	for seq := s.Calls.First(); seq < s.Calls.End(); seq++ {
		if s.Calls.At(seq) == row.(*Call) {
			return seq
		}
	}
	panic("a row that is not in the snapshot")
}

func rowsOf(t testing.TB, s *Snapshot, screen Screen, f *Filter) []int64 {
	t.Helper()
	q := NewQuery(screen)
	q.Filter = f
	rows, err := s.Run(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i)
	}
	return ids
}

var randomTerms = strings.Fields(`pid:4105 pid>4110 ppid:4100 ppid!=4101 host:w1 host:w* host:"" comm:worker comm:g* proc:4107 proc:gunicorn
	session:500 session:127.0.0.1:50001>127.0.0.1:8545 session=pool-3 session:*8545 local:50010 peer:8545 url:node url:ws* transport:ws
	owner:4103 owner:gun* asker:4104 reader:4105 reader:worker method:eth_get* method:ETH_call method!=net_version id:3 id>4 id:abc id:null
	err:timeout err:RESET err:"" state:pending state:*ed finding:swapped-reply finding:*reply finding:wrong-* severity:error severity<error
	certainty>=inferred certainty:proven evidence:wire evidence:e* cause:shared-session cause:none lat>100ms lat<=50ms size>64k size:100
	calls>2 errors:1 mism>=1 age<5s age>10s idle<3s time>-5s time:09:00 time<09:00:05 time>=2026-11-22T09:00:03Z time:-3s
	eth_call Error pending "error" 4107 timeout gunicorn 50002 swapped w1 pool* abc lost`)

func randomFilter(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(3) == 0 {
		if r.IntN(5) == 0 {
			return "is:" + flagFields[r.IntN(len(flagFields))].name
		}
		return pickOne(r, randomTerms...)
	}
	a, b := randomFilter(r, depth-1), randomFilter(r, depth-1)
	return pickOne(r, fmt.Sprintf("(%s %s)", a, b), fmt.Sprintf("(%s or %s)", a, b), fmt.Sprintf("-(%s)", a), a)
}
