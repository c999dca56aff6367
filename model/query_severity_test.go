package model

import (
	"slices"
	"testing"
)

func runAll(t *testing.T, snap *Snapshot, q Query) []int64 {
	t.Helper()
	rows, err := snap.Run(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return idsOf(rows)
}

func TestErrorsStandBeforeWarningsAndBothByTime(t *testing.T) {
	snap := &Snapshot{Findings: tableOf(4, func(i int, f *Finding) {
		*f = Finding{Seq: uint64(i), Reader: NoProc, Other: NoProc, Session: NoSession,
			Time: []int64{10, 20, 15, 5}[i], Kind: []FindingKind{InheritedSession, SwappedReply, WrongType, DuplicateID}[i]}
	})}
	q := NewQuery(ScreenFindings)
	if got, want := runAll(t, snap, q), []int64{2, 1, 3, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	q.Desc = true
	if got, want := runAll(t, snap, q), []int64{0, 3, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("turned round: got %v, want %v", got, want)
	}
}

func TestSessionsStandBySicknessThenTheLiveFirst(t *testing.T) {
	of := func(session SessionID, kind FindingKind) Finding {
		return Finding{Session: session, Kind: kind, Reader: NoProc, Other: NoProc}
	}
	findings := []Finding{
		of(1, InheritedSession), of(2, WrongType), of(3, SwappedReply), of(4, SharedSession), of(5, WrongID), of(6, SwappedReply),
	}
	sessions := []Session{
		{Flags: SessionClosed}, {}, {Mismatches: 9}, {Mismatches: 8, Flags: SessionClosed}, {Mismatches: 2, Flags: SessionShared},
		{Mismatches: 30, Flags: SessionClosed}, {Mismatches: 1}, {},
	}
	snap := &Snapshot{
		Sessions: tableOf(len(sessions), func(i int, s *Session) {
			*s = sessions[i]
			s.ID, s.Serial, s.Owner = SessionID(i), uint64(i+1), NoProc
		}),
		Findings: tableOf(len(findings), func(i int, f *Finding) { *f = findings[i]; f.Seq = uint64(i) }),
	}
	want := []int64{4, 6, 3, 2, 5, 1, 7, 0}
	if got := runAll(t, snap, NewQuery(ScreenSessions)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// family is 1 with the children 3 and 4, of which 4 swapped replies with 6, a
// child of 5; 2 holds a connection of 7.
func family() *Snapshot {
	parents := map[int32]int32{3: 1, 4: 1, 6: 5}
	s := &Snapshot{
		Processes: tableOf(7, func(i int, p *Process) {
			*p = Process{ID: ProcID(i), Parent: ProcID(parents[int32(i+1)] - 1), Info: ProcInfo{PID: int32(i + 1)}}
		}),
		Findings: tableOf(2, func(i int, f *Finding) {
			*f = []Finding{
				{Kind: SwappedReply, Reader: 3, Call: CallRef{Proc: 3}, Owner: CallRef{Proc: 5}, Other: NoProc, Session: NoSession},
				{Seq: 1, Kind: InheritedSession, Reader: 1, Other: 6, Call: CallRef{Seq: -1, Proc: NoProc}, Owner: CallRef{Seq: -1, Proc: NoProc}, Session: NoSession},
			}[i]
		}),
	}
	return s
}

func TestProcessesThatAnErrorNamesStandFirstWithTheirTrees(t *testing.T) {
	pids := func(ids []int64) []int64 {
		for i := range ids {
			ids[i]++
		}
		return ids
	}
	q := NewQuery(ScreenProcesses)
	if got, want := pids(runAll(t, family(), q)), []int64{4, 6, 2, 7, 1, 3, 5}; !slices.Equal(got, want) {
		t.Errorf("list: got %v, want %v", got, want)
	}
	q.Tree = true
	if got, want := pids(runAll(t, family(), q)), []int64{1, 4, 3, 5, 6, 2, 7}; !slices.Equal(got, want) {
		t.Errorf("tree: got %v, want %v", got, want)
	}
	q.FindingsOnly = true
	if got, want := pids(runAll(t, family(), q)), []int64{4, 6, 2, 7}; !slices.Equal(got, want) {
		t.Errorf("with findings: got %v, want %v", got, want)
	}
}

func TestWhoIsNamedIsCounted(t *testing.T) {
	named := family().NamedProcesses()
	for pid, want := range map[int]Named{1: {}, 4: {1, Error}, 6: {1, Error}, 2: {1, Warning}, 7: {1, Warning}} {
		if got := named[pid-1]; got != want {
			t.Errorf("%d: %+v, want %+v", pid, got, want)
		}
	}
}
