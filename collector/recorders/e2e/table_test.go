//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// A row is one client in one mode against one node.
type row struct {
	client, mode, node string
	*score
}

var (
	rowsMu sync.Mutex
	rows   []row
)

func report(r row) {
	rowsMu.Lock()
	defer rowsMu.Unlock()
	rows = append(rows, r)
}

// table is what the README shows.
func table() string {
	rowsMu.Lock()
	defer rowsMu.Unlock()
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| client | mode | node | calls | swapped | found | swapped, alike | found | owner right | false findings |\n")
	b.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %d | %d | %s | %d | %s | %s | %d |\n", r.client, r.mode, r.node, r.calls,
			r.swapped-r.alike, ratio(r.unlike, r.swapped-r.alike), r.alike, ratio(r.found-r.unlike, r.alike),
			ratio(r.owner, r.found), len(r.wrong))
	}
	return b.String()
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

// add reports a row and says of what it fell short.
func add(t *testing.T, r row) {
	t.Helper()
	report(r)
	t.Logf("%s, %s, %s: %d calls, %d swapped (%d alike), %d found (%d alike), %d owner right, %d false findings",
		r.client, r.mode, r.node, r.calls, r.swapped, r.alike, r.found, r.found-r.unlike, r.owner, len(r.wrong))
	for _, m := range r.missed {
		t.Logf("missed: %s", m)
	}
	for _, f := range r.faults {
		t.Logf("wrong owner: %s", f)
	}
	for _, w := range r.wrong {
		t.Logf("false: %s", w)
	}
}
