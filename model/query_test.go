package model

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRunOrders holds each column of each screen, both ways, against the same
// rows unsorted: nothing lost, ranks in order, ties by identity.
func TestRunOrders(t *testing.T) {
	snap := world(7, 400, 300, 900, 300)
	for _, screen := range screens {
		var all []int64
		for _, key := range SortColumns(screen) {
			for _, desc := range []bool{false, true} {
				q := NewQuery(screen)
				q.Sort, q.Desc = key, desc
				rows, err := snap.Run(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				ids := idsOf(rows)
				if sorted := slices.Sorted(slices.Values(ids)); all == nil {
					all = sorted
				} else if !slices.Equal(all, sorted) {
					t.Fatalf("screen %d by %s: other rows than by another column", screen, key)
				}
				sign := 1
				if desc {
					sign = -1
				}
				for i := 1; i < len(ids); i++ {
					c := naiveCompare(snap, screen, key, ids[i-1], ids[i])
					if c == unknown {
						break
					}
					if c *= sign; c > 0 || c == 0 && ids[i-1] > ids[i] && !(key == "time" && desc) {
						t.Fatalf("screen %d by %s desc %v: %d stands before %d", screen, key, desc, ids[i-1], ids[i])
					}
				}
			}
		}
	}
}

// naiveCompare compares two rows by some of the columns in the plainest way; by
// the others it is unknown.
func naiveCompare(s *Snapshot, screen Screen, key string, a, b int64) int {
	type column struct {
		screen Screen
		key    string
	}
	session := func(id int64) *Session { return s.Session(SessionID(id)) }
	switch (column{screen, key}) {
	case column{ScreenSessions, "calls"}:
		return cmp.Compare(session(a).Calls, session(b).Calls)
	case column{ScreenSessions, "owner"}:
		return cmp.Compare(s.PID(session(a).Owner), s.PID(session(b).Owner))
	case column{ScreenSessions, "endpoint"}:
		return cmp.Compare(session(a).Conn.Endpoint(), session(b).Conn.Endpoint())
	case column{ScreenSessions, "last"}:
		return cmp.Compare(s.Name(session(a).LastMethod), s.Name(session(b).LastMethod))
	case column{ScreenSessions, "age"}:
		return -cmp.Compare(session(a).First, session(b).First)
	case column{ScreenCalls, "time"}:
		return cmp.Compare(a, b)
	case column{ScreenCalls, "latency"}:
		return cmp.Compare(s.Calls.At(a).Latency(), s.Calls.At(b).Latency())
	case column{ScreenCalls, "method"}:
		return cmp.Compare(s.Name(s.Calls.At(a).Method), s.Name(s.Calls.At(b).Method))
	case column{ScreenProcesses, "comm"}:
		return cmp.Compare(s.Processes.At(int(a)).Info.Comm, s.Processes.At(int(b)).Info.Comm)
	case column{ScreenFindings, "time"}:
		return cmp.Compare(s.Finding(uint64(a)).Time, s.Finding(uint64(b)).Time)
	case column{ScreenFindings, "severity"}:
		x, y := s.Finding(uint64(a)), s.Finding(uint64(b))
		return cmp.Or(cmp.Compare(x.Severity(), y.Severity()), -cmp.Compare(x.Time, y.Time))
	case column{ScreenMethods, "p95"}:
		return cmp.Compare(s.Methods[a].Latency.Quantile(.95), s.Methods[b].Latency.Quantile(.95))
	}
	return unknown
}

// unknown is no answer of a comparison.
const unknown = 2

func idsOf(rows Rows) []int64 {
	ids := make([]int64, rows.Len())
	for i := range ids {
		ids[i] = rows.At(i)
	}
	return ids
}

func TestRunDefaultOrder(t *testing.T) {
	snap := world(3, 50, 40, 60, 40)
	for _, screen := range screens {
		q := NewQuery(screen)
		down, err := snap.Run(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		want := q
		want.Sort = SortColumns(screen)[0]
		want.Desc = screen != ScreenCalls // the worst and the busiest first
		same, err := snap.Run(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(idsOf(down), idsOf(same)) {
			t.Errorf("screen %d: its default order is not that of its first column", screen)
		}
	}
}

func TestRunSessionsByAddressThenPort(t *testing.T) {
	var labels []string
	locals := []string{"10.0.0.2:9", "/run/geth.ipc", "9.0.0.1:80", "10.0.0.2:1000", "10.0.0.2:10", "/run/geth.ip2"}
	snap := &Snapshot{Sessions: tableOf(len(locals), func(i int, s *Session) {
		*s = Session{Serial: uint64(i + 1), ID: SessionID(i), Conn: &ConnInfo{Local: locals[i]}}
	})}
	q := NewQuery(ScreenSessions)
	q.Sort = "session"
	rows, err := snap.Run(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows.Len() {
		labels = append(labels, snap.Session(SessionID(rows.At(i))).Conn.Local)
	}
	want := []string{"9.0.0.1:80", "10.0.0.2:9", "10.0.0.2:10", "10.0.0.2:1000", "/run/geth.ip2", "/run/geth.ipc"}
	if !slices.Equal(labels, want) {
		t.Errorf("got %v, want %v", labels, want)
	}
}

func TestRunScopes(t *testing.T) {
	snap := chained(world(9, 12, 8, 200, 30))
	const session, process = SessionID(3), ProcID(2)
	count := map[string]int{}
	for _, screen := range screens {
		for _, q := range []Query{
			{Screen: screen, Session: session, Process: NoProc},
			{Screen: screen, Session: NoSession, Process: process},
			{Screen: screen, Session: NoSession, Process: NoProc, FindingsOnly: true},
		} {
			rows, err := snap.Run(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var want []int64
			ref := reference{snap}
			for _, row := range ref.all(screenEntity[screen]) {
				if inScope(ref, row, &q) {
					want = append(want, identity(snap, row))
				}
			}
			got := idsOf(rows)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("screen %d, %+v: got %v, want %v", screen, q, got, want)
			}
			count["rows"] += len(got)
		}
	}
	if count["rows"] == 0 {
		t.Error("the snapshot has no row in any scope")
	}
}

// chained sets LastCall and Prev.
func chained(s *Snapshot) *Snapshot {
	for seq := s.Calls.First(); seq < s.Calls.End(); seq++ {
		c := s.Calls.At(seq)
		at := s.Sessions.At(int(c.Session))
		if at.LastCall >= 0 {
			c.Prev = uint32(seq - at.LastCall)
		}
		at.LastCall = seq
	}
	return s
}

func inScope(r reference, row any, q *Query) bool {
	related := func(kind entity, id int64) bool {
		return slices.ContainsFunc(r.related(row, kind), func(o any) bool { return identity(r.snap, o) == id })
	}
	switch row := row.(type) {
	case *Session:
		return (q.Session == NoSession || row.ID == q.Session) && (q.Process == NoProc || related(entityProcess, int64(q.Process))) &&
			(!q.FindingsOnly || row.Findings > 0)
	case *Process:
		return (q.Session == NoSession || related(entitySession, int64(q.Session))) && (q.Process == NoProc || row.ID == q.Process) &&
			(!q.FindingsOnly || blamedFor(r, row))
	case *Call:
		return (q.Session == NoSession || row.Session == q.Session) && (q.Process == NoProc || related(entityProcess, int64(q.Process))) &&
			(!q.FindingsOnly || r.snap.FindingOf(row) != nil)
	case *Finding:
		return (q.Session == NoSession || row.Session == q.Session) && (q.Process == NoProc || related(entityProcess, int64(q.Process)))
	}
	calls := *q
	calls.FindingsOnly = false
	m := row.(*Method)
	if q.FindingsOnly && m.Mismatches == 0 {
		return false
	}
	return slices.ContainsFunc(r.related(m, entityCall), func(c any) bool { return inScope(r, c, &calls) }) ||
		q.Session == NoSession && q.Process == NoProc
}

// blamedFor says that a finding is about the process.
func blamedFor(r reference, p *Process) bool {
	return slices.ContainsFunc(r.related(p, entityFinding), func(o any) bool {
		f := o.(*Finding)
		s := r.snap.Session(f.Session)
		if f.Kind != SharedSession || s == nil {
			return true
		}
		return slices.Contains(s.Sharers, p.ID) || s.ownerUsed && s.Owner == p.ID
	})
}

func TestRunTree(t *testing.T) {
	parents := []ProcID{3, 0, NoProc, NoProc, 0, 6, 5, 99} // 5 and 6 are each other's
	snap := &Snapshot{Processes: tableOf(len(parents), func(i int, p *Process) {
		*p = Process{ID: ProcID(i), Parent: parents[i], Info: ProcInfo{PID: int32(100 - i), Comm: "w"}}
	})}
	q := NewQuery(ScreenProcesses)
	q.Tree = true
	rows, err := snap.Run(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := idsOf(rows), []int64{7, 3, 0, 4, 1, 2, 6, 5}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	q.Filter, _ = ParseFilter("pid!=100") // the parent of 4 and 1
	rows, err = snap.Run(t.Context(), q)
	if got, want := idsOf(rows), []int64{7, 4, 3, 2, 1, 6, 5}; err != nil || !slices.Equal(got, want) {
		t.Errorf("without a parent: got %v, %v, want %v", got, err, want)
	}
	if q.Filter, err = ParseFilter("pid>=99"); err != nil {
		t.Fatal(err)
	}
	rows, err = snap.Run(t.Context(), q)
	if got, want := idsOf(rows), []int64{0, 1}; err != nil || !slices.Equal(got, want) {
		t.Errorf("filtered: got %v, %v, want %v", got, err, want)
	}
}

func TestRowsFindIsTheInverseOfAt(t *testing.T) {
	snap := world(5, 30, 20, 100, 20)
	filter, err := ParseFilter("method:eth_*")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []Query{
		{Screen: ScreenCalls}, {Screen: ScreenCalls, Desc: true}, {Screen: ScreenCalls, Filter: filter},
		{Screen: ScreenCalls, Sort: "latency"}, {Screen: ScreenFindings}, {Screen: ScreenSessions},
	} {
		q.Session, q.Process = NoSession, NoProc
		rows, err := snap.Run(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows.Len() {
			if at := rows.Find(rows.At(i)); at != i {
				t.Fatalf("%+v: row %d is found at %d", q, i, at)
			}
		}
		for _, id := range []int64{-1, 1 << 40, 1100} {
			if at := rows.Find(id); at != -1 {
				t.Errorf("%+v: %d is found at %d", q, id, at)
			}
		}
	}
}

func TestRunWholeTimeOrderIsNotMaterialised(t *testing.T) {
	snap := world(5, 3, 3, 5000, 3)
	allocs := testing.AllocsPerRun(10, func() {
		if rows, err := snap.Run(context.Background(), NewQuery(ScreenCalls)); err != nil || rows.Len() != 5000 {
			t.Fatal(rows.Len(), err)
		}
	})
	if allocs > 4 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestRunRefuses(t *testing.T) {
	snap := world(1, 3, 3, 3, 3)
	q := NewQuery(ScreenCalls)
	q.Sort = "colour"
	if _, err := snap.Run(t.Context(), q); err == nil {
		t.Error("an unknown column is no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, screen := range screens {
		if _, err := snap.Run(ctx, NewQuery(screen)); !errors.Is(err, context.Canceled) {
			t.Errorf("screen %d, cancelled: %v", screen, err)
		}
	}
}

func TestRunAgesByTheGivenTime(t *testing.T) {
	snap := &Snapshot{Now: worldNow, Sessions: tableOf(1, func(_ int, s *Session) {
		*s = Session{Serial: 1, First: worldNow, Last: worldNow, Conn: &ConnInfo{}}
	})}
	q := NewQuery(ScreenSessions)
	q.Filter, _ = ParseFilter("idle>=10s")
	for now, want := range map[int64]int{0: 0, worldNow + 9e9: 0, worldNow + 10e9: 1} {
		q.Now = now
		if rows, err := snap.Run(t.Context(), q); err != nil || rows.Len() != want {
			t.Errorf("now %d: %d rows, %v", now, rows.Len(), err)
		}
	}
}

func TestRadixSortIsAStableSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{0, 1, 255, 256, 5000} {
		for _, mask := range []uint64{0, 1, 0xff00, 1<<63 | 7, ^uint64(0)} {
			entries := make([]entry, n)
			for i := range entries {
				entries[i] = entry{r.Uint64() & mask, uint32(i)}
			}
			want := slices.Clone(entries)
			slices.SortStableFunc(want, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
			if got := radixSort(entries); !slices.Equal(got, want) {
				t.Fatalf("%d entries, mask %x: not sorted, or not stably", n, mask)
			}
		}
	}
}
