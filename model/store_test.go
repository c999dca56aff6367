package model_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/model"
)

func TestProcessesAndSessions(t *testing.T) {
	s := run(t, `
		0 10 open 50001
		10 10 send 50001 id=1 m=eth_chainId
		900 10 recv 50001 id=1
		1000 10 fork n=11
		1100 10 fork n=12
		2000 11 send 50001 opener=10 id=2 m=eth_accounts
		2900 11 recv 50001 opener=10 id=2
		4000 11 exit n=0
		5000 12 exit n=-9
		6000 10 close 50001`)
	if got := s.Processes.Len(); got != 3 {
		t.Fatalf("%d processes, want 3", got)
	}
	parent, child, idle := s.Process(0), s.Process(1), s.Process(2)
	if child.Parent != parent.ID || idle.Parent != parent.ID {
		t.Errorf("parents are %d and %d, want %d", child.Parent, idle.Parent, parent.ID)
	}
	if child.Alive() || idle.Code != -9 || !parent.Alive() {
		t.Errorf("ends: %+v, %+v, %+v", parent, child, idle)
	}
	se := s.Session(0)
	if se.Owner != parent.ID || len(se.Sharers) != 1 || se.Sharers[0] != child.ID {
		t.Errorf("owner %d, sharers %v", se.Owner, se.Sharers)
	}
	if !se.Is(model.SessionShared) || !se.Is(model.SessionClosed) || se.Opened != 0 && se.Opened != se.First {
		t.Errorf("session: %+v", se)
	}
	if se.Calls != 2 || se.InFlight != 0 || se.P50 == 0 {
		t.Errorf("calls %d, in flight %d, p50 %d", se.Calls, se.InFlight, se.P50)
	}
}

// A child's lines may come before any of its parent's.
func TestParentIsSeenAfterItsChild(t *testing.T) {
	s := run(t, `
		0 11 send 50001 ppid=10 id=1 m=a
		100 12 send 50002 ppid=10 id=1 m=a
		200 10 send 50003 ppid=1 id=1 m=a`)
	parent := s.Process(2)
	if parent.Info.PID != 10 || s.Process(0).Parent != parent.ID || s.Process(1).Parent != parent.ID || parent.Parent != model.NoProc {
		t.Errorf("parents are %d, %d and %d, want %[4]d, %[4]d and none", s.Process(0).Parent, s.Process(1).Parent, parent.Parent, parent.ID)
	}
}

// A PID is used again: two processes, told apart by start time or by the exit.
func TestPIDsAreUsedAgain(t *testing.T) {
	s := run(t, `
		0 10 send 50001 id=1 m=a
		100 10 recv 50001 id=1
		200 10 exit n=0
		9000000 10 send 50002 id=1 m=a
		9000100 10 recv 50002 id=1`)
	if s.Processes.Len() != 2 {
		t.Errorf("%d processes, want 2", s.Processes.Len())
	}
	if s.Session(0).Owner == s.Session(1).Owner {
		t.Error("both sessions have one owner")
	}
}

// The calls of a session can be walked from the newest back.
func TestCallsOfASession(t *testing.T) {
	s := run(t, `
		0 1 send 50001 id=1 m=a
		1 2 send 50002 id=7 m=x
		10 1 recv 50001 id=1
		20 1 send 50001 id=2 m=b
		30 1 recv 50001 id=2
		31 2 recv 50002 id=7
		40 1 send 50001 id=3 m=c`)
	var got []string
	for seq := s.Session(0).LastCall; ; {
		c := s.Calls.At(seq)
		got = append(got, s.Name(c.Method))
		if c.Prev == 0 {
			break
		}
		seq -= int64(c.Prev)
	}
	if want := []string{"c", "b", "a"}; !reflect.DeepEqual(got, want) {
		t.Errorf("walked %v, want %v", got, want)
	}
	if s.Totals.InFlight != 1 || s.Session(0).InFlight != 1 {
		t.Errorf("in flight: %d in all, %d here, want 1", s.Totals.InFlight, s.Session(0).InFlight)
	}
}

// What a snapshot shows never changes, while the store goes on. (Run with
// -race.)
func TestSnapshotsAreImmutable(t *testing.T) {
	store := model.NewStore(model.Options{})
	batches := traffic(store, 20_000, 50, true)
	var wg sync.WaitGroup
	for i := range batches {
		store.Apply(&batches[i])
		snap := store.Snapshot()
		before := summary(snap)
		wg.Go(func() {
			for range 3 {
				if after := summary(snap); after != before {
					t.Errorf("snapshot %d changed:\n%s\n%s", snap.Generation, before, after)
					return
				}
			}
		})
	}
	wg.Wait()
}

// summary reads every row of a snapshot.
func summary(s *model.Snapshot) string {
	var calls, answered, latency int64
	for seq := s.Calls.First(); seq < s.Calls.End(); seq++ {
		c := s.Calls.At(seq)
		calls++
		if c.State == model.Answered {
			answered++
			latency += c.Latency()
		}
	}
	var sessions, mismatches uint64
	for i := range s.Sessions.Len() {
		sessions += s.Sessions.At(i).Calls
		mismatches += s.Sessions.At(i).Mismatches
	}
	var events uint64
	for i := range s.Processes.Len() {
		events += s.Processes.At(i).Calls
	}
	for i := range s.Methods {
		events += s.Methods[i].Latency.Count()
	}
	return fmt.Sprint(s.Generation, calls, answered, latency, sessions, mismatches, events, s.Findings.Len(), s.Totals.Calls)
}

// Endless input stays within the memory cap, and says what was let go.
func TestMemoryCap(t *testing.T) {
	const limit = 48 << 20
	store := model.NewStore(model.Options{Memory: limit})
	for round := range 40 {
		for i, b := range traffic(store, 10_000, 2_000, false) {
			for k := range b.Events { // new connections, later, every round
				ev := &b.Events[k]
				ev.Conn = anew(ev.Conn, round)
				ev.Time += int64(round) * 60e9
			}
			store.Apply(&b)
			if m := store.Snapshot().Totals.Memory; m > limit {
				t.Fatalf("round %d, batch %d: %d bytes, cap %d", round, i, m, limit)
			}
		}
	}
	tot := store.Snapshot().Totals
	if tot.Calls != 400_000 || tot.Sessions != 80_000 {
		t.Errorf("totals must count all: %d calls, %d sessions", tot.Calls, tot.Sessions)
	}
	kept := uint64(store.Snapshot().Calls.Len())
	if tot.LetGo.Calls+kept != tot.Calls {
		t.Errorf("%d let go and %d kept of %d", tot.LetGo.Calls, kept, tot.Calls)
	}
	if tot.LetGo.Sessions == 0 {
		t.Error("no session was let go")
	}
}

// Renaming the processes renames them in the findings, and changes nothing else.
func TestFindingsDoNotDependOnPIDs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for trial := range 200 {
		text := randomFork(rng)
		swapped := strings.NewReplacer(" 1 ", " 2 ", " 2 ", " 1 ").Replace(text)
		want := findings(run(t, text))
		var got []string
		for _, line := range findings(run(t, swapped)) {
			got = append(got, swapDigits.Replace(line))
		}
		if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
			t.Fatalf("trial %d (-as named +renamed):\n%s\n%s", trial, diff, text)
		}
	}
}

// randomFork is two processes on one connection, in lock-step.
func randomFork(rng *rand.Rand) string {
	var b strings.Builder
	at := 0
	for id := range 20 {
		first, second := "1", "2"
		if rng.IntN(2) == 0 {
			first, second = second, first
		}
		r1, r2 := first, second
		if rng.IntN(3) == 0 {
			r1, r2 = r2, r1
		}
		step := func(us int) int { at += us + rng.IntN(us); return at }
		fmt.Fprintf(&b, "%d %s send 50001 id=%d m=m%s\n", step(100), first, id, "x")
		fmt.Fprintf(&b, "%d %s send 50001 id=%d m=m%s\n", step(300), second, id, "x")
		fmt.Fprintf(&b, "%d %s recv 50001 id=%d\n", step(300), r1, id)
		fmt.Fprintf(&b, "%d %s recv 50001 id=%d\n", step(300), r2, id)
	}
	return b.String()
}

// A private connection, read by its one process in time, gives no finding.
func TestHealthyTrafficIsSilent(t *testing.T) {
	store := model.NewStore(model.Options{})
	for _, b := range traffic(store, 50_000, 300, false) {
		store.Apply(&b)
	}
	store.Finish()
	if got := findings(store.Snapshot()); got != nil {
		t.Errorf("findings: %v", got)
	}
}

// Judging what waits for time, early or late, gives the same.
func TestAdvanceChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for trial := range 100 {
		text := randomFork(rng)
		want := findings(run(t, text))
		store := model.NewStore(model.Options{})
		b := events(t, store, text)
		for i := range b.Events {
			store.Apply(&model.Batch{Events: b.Events[i : i+1], Messages: b.Messages})
			if rng.IntN(2) == 0 && i+1 < len(b.Events) {
				store.Advance(b.Events[i].Time + rng.Int64N(b.Events[i+1].Time-b.Events[i].Time+1))
			}
		}
		store.Finish()
		if diff := cmp.Diff(want, findings(store.Snapshot())); diff != "" {
			t.Fatalf("trial %d (-at once +step by step):\n%s\n%s", trial, diff, text)
		}
	}
}

// anew is another connection.
func anew(c *model.ConnInfo, round int) *model.ConnInfo {
	n := *c
	_, port, _ := strings.Cut(c.Local, ":")
	n.Local = fmt.Sprintf("10.0.0.%d:%s", round, port)
	n.Identify("", 1)
	return &n
}

// Sources stand by ID, whichever was told of first.
func TestSourcesStandByID(t *testing.T) {
	store := model.NewStore(model.Options{})
	for _, st := range []model.SourceStat{{ID: 5}, {ID: 1 << 31}, {ID: 2}, {ID: 3}, {ID: 2, Lines: 7}, {ID: 5, Gone: true}, {ID: 4, Gone: true}} {
		store.Apply(&model.Batch{Sources: []model.SourceStat{st}})
	}
	want := []model.SourceStat{{ID: 2, Lines: 7}, {ID: 3}, {ID: 1 << 31}}
	if diff := cmp.Diff(want, store.Snapshot().Sources); diff != "" {
		t.Error(diff)
	}
}

// Endless short processes stay within the memory cap too.
func TestMemoryCapOfProcesses(t *testing.T) {
	const limit = 48 << 20
	store := model.NewStore(model.Options{Memory: limit})
	batches := traffic(store, 10_000, 5_000, false)
	for round := range 40 {
		for _, b := range batches {
			for k := range b.Events {
				ev := &b.Events[k]
				ev.Proc = &model.ProcInfo{PID: ev.Proc.PID, Start: uint64(round + 1)}
				ev.Conn = anew(ev.Conn, round)
				ev.Time += 60e9
			}
			store.Apply(&b)
		}
		if m := store.Snapshot().Totals.Memory; m > limit {
			t.Fatalf("round %d: %d bytes, cap %d", round, m, limit)
		}
	}
	s := store.Snapshot()
	if s.Totals.Processes != 40*5_000 {
		t.Errorf("%d processes counted, want %d", s.Totals.Processes, 40*5_000)
	}
	if kept := uint64(listed(t, s, model.ScreenProcesses)); kept+s.Totals.LetGo.Processes != s.Totals.Processes {
		t.Errorf("%d kept and %d let go of %d", kept, s.Totals.LetGo.Processes, s.Totals.Processes)
	}
	for seq := s.Calls.First(); seq < s.Calls.End(); seq++ {
		if s.Process(s.Calls.At(seq).Asker) == nil {
			t.Fatalf("call %d is kept and its process is not", seq)
		}
	}
}

// Nor does a connection hold on to all the processes that ever closed it, as the
// children do of one that goes on.
func TestMemoryCapOfProcessesThatClose(t *testing.T) {
	const limit, children = 4 << 20, 50_000
	store := model.NewStore(model.Options{Memory: limit})
	conn, parent := &model.ConnInfo{Cookie: 5}, &model.ProcInfo{PID: 7}
	conn.Identify("", 7)
	for i := range int32(children) {
		msgs := []model.Message{{Kind: model.Request, ID: model.IntID(int64(i))}, {Kind: model.Result, ID: model.IntID(int64(i))}}
		events := []model.Event{
			{Kind: model.Send, Proc: parent, Msg: 0, NMsg: 1}, {Kind: model.Recv, Proc: parent, Msg: 1, NMsg: 1},
			{Kind: model.Close, Proc: &model.ProcInfo{PID: i + 10}},
		}
		for k := range events {
			events[k].Conn, events[k].Time = conn, int64(i)*1e9+int64(k)*1e6
		}
		store.Apply(&model.Batch{Events: events, Messages: msgs})
	}
	if m := store.Snapshot().Totals.Memory; m > limit {
		t.Errorf("%d bytes, cap %d", m, limit)
	}
}

func listed(t *testing.T, s *model.Snapshot, screen model.Screen) int {
	t.Helper()
	rows, err := s.Run(t.Context(), model.NewQuery(screen))
	if err != nil {
		t.Fatal(err)
	}
	return rows.Len()
}

// One line of a clock that is years ahead moves neither the clock nor the rate.
func TestClockFarAhead(t *testing.T) {
	store := model.NewStore(model.Options{Live: true})
	store.Apply(events(t, store, `
		1000000 1 send 50001 id=1 m=a
		1000100 1 recv 50001 id=1`))
	store.Advance(2e9)
	store.Apply(events(t, store, `
		2000000 1 send 50001 id=2 m=a
		900000000000 2 send 50002 id=1 m=a
		2900000 1 send 50001 id=3 m=a`))
	store.Advance(3e9)
	s := store.Snapshot()
	if s.Now != 3e9 {
		t.Errorf("now is %d, want 3 s", s.Now)
	}
	if want := 4.0 / 7; s.Totals.Rate != want {
		t.Errorf("rate %v, want %v", s.Totals.Rate, want)
	}
}

// A call that found no server was never sent: it is an error of its process all
// the same.
func TestCallsThatCouldNotBeSent(t *testing.T) {
	s := run(t, `
		0 1 fail name=node id=1 why=refused
		100 1 fail name=node id=2 why=refused
		200 2 send 50001 id=1 m=a
		300 2 recv 50001 id=1
		400 2 fail 50001 id=1 why=closed`)
	for i := range s.Sessions.Len() {
		se := s.Sessions.At(i)
		want := uint64(0)
		if se.Conn.Name != "" {
			want = 2
		}
		if p := s.Process(se.Owner); se.Errors != want || p.Errors != want {
			t.Errorf("%s: %d errors, %d of its process, want %d", se.Conn.Label(), se.Errors, p.Errors, want)
		}
	}
	if s.Totals.Calls != 1 || s.Totals.Failed != 2 || s.Findings.Len() != 0 {
		t.Errorf("%d calls, %d failed", s.Totals.Calls, s.Totals.Failed)
	}
}
