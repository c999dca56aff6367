//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// A row is one client in one mode against one node. Rows that are made one
// after the other stand so in the table, whichever is finished first.
type row struct {
	client, mode, node string
	shares             bool // connections, as is known of it
	*score
}

var (
	rowsMu sync.Mutex
	rows   []*row
)

// parallel makes a row for a test, which then goes on beside others.
func parallel(t *testing.T, client, mode, node string) *row {
	t.Helper()
	r := &row{client: client, mode: mode, node: node}
	rowsMu.Lock()
	rows = append(rows, r)
	rowsMu.Unlock()
	t.Parallel()
	return r
}

// table is what the README shows.
func table() string {
	rowsMu.Lock()
	defer rowsMu.Unlock()
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| client | mode | node | calls | swapped | found | swapped, alike | found | owner right | false findings | warnings |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		if r.score == nil {
			continue // skipped, or failed
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %s | %d | %s | %s | %d | %d |\n", r.client, r.mode, r.node, r.calls,
			r.swapped-r.alike, ratio(r.unlike, r.swapped-r.alike), r.alike, ratio(r.found-r.unlike, r.alike),
			ratio(r.owner, r.found), len(r.wrong), r.held)
	}
	return b.String()
}

// shortfall says of what the whole table falls short, "" if of nothing. Chance
// has a part in each run, and the more so the busier the machine is, so this is
// much less than is to be expected. A finding that takes a reply for its like
// counts for nothing here: which of two equal replies a process got, only the
// stamps tell, and a process may be interrupted before it stamps.
func shortfall() string {
	rowsMu.Lock()
	defer rowsMu.Unlock()
	var all score
	wrong, shared, affected := 0, 0, false
	for _, r := range rows {
		if r.score != nil {
			all.swapped += r.swapped - r.alike
			all.unlike += r.unlike
			all.found += r.found
			wrong += len(r.wrong) - r.even
			affected = affected || r.shares
			shared += r.shared
		}
	}
	switch {
	case affected && shared == 0:
		return "of the clients that share connections none did"
	case all.unlike*100 < all.swapped*97:
		return fmt.Sprintf("of %d swapped replies only %d were found", all.swapped, all.unlike)
	case wrong*100 > 5*max(all.found, 20):
		return fmt.Sprintf("%d findings are false, and %d true", wrong, all.found)
	}
	return ""
}

func ratio(n, of int) string {
	switch {
	case of == 0:
		return ""
	case n == of:
		return "all"
	}
	return fmt.Sprintf("%d (%.1f %%)", n, 100*float64(n)/float64(of))
}

// fill gives the row its figures and says of what they fall short. Only a
// client that shares connections may have any replies swapped, and only of such
// a one may what is said be wrong now and then. (Where the node closes a
// connection before a child has used it, as may be on a busy machine, it is not
// shared.)
func (r *row) fill(t *testing.T, s *score, shares bool) {
	t.Helper()
	if !shares && s.shared+s.swapped+len(s.wrong) > 0 {
		t.Errorf("%d connections are shared, %d replies were swapped, %d findings are false", s.shared, s.swapped, len(s.wrong))
	}
	rowsMu.Lock()
	r.score, r.shares = s, shares
	rowsMu.Unlock()
	t.Logf("%s, %s, %s: %d calls, %d swapped (%d alike), %d found (%d alike), %d owner right, %d false findings, %d warnings",
		r.client, r.mode, r.node, s.calls, s.swapped, s.alike, s.found, s.found-s.unlike, s.owner, len(s.wrong), s.held)
	for _, m := range s.missed {
		t.Logf("missed: %s", m)
	}
	for _, f := range s.faults {
		t.Logf("wrong owner: %s", f)
	}
	for _, w := range s.wrong {
		t.Logf("false: %s", w)
	}
}
