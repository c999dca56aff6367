package ethereum

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

var update = flag.Bool("update", false, "write the golden files anew")

// swaps counts what becomes of the replies of one method read by another.
type swaps struct{ total, unnoticed int }

// TestCrossTable gives every call of the corpus the reply of every call of
// another method, and counts the swaps that neither type nor echo tells. They
// stand in testdata/indistinguishable.golden: the asking method, then each
// method whose reply it may take for its own, with how many of how many swaps.
func TestCrossTable(t *testing.T) {
	d := New()
	all := append(pairs(t, "pairs.jsonl"), pairs(t, "examples.jsonl")...)
	all = slices.DeleteFunc(all, func(p pair) bool { return p.Case == p.Ask.Method && mismade[p.Case] })
	table := map[string]map[string]*swaps{}
	var total, byType, byEcho int
	for _, a := range all {
		ask := d.Ask(a.Ask.Method, a.Ask.Params)
		for _, b := range all {
			if a.Ask.Method == b.Ask.Method {
				continue
			}
			row := table[a.Ask.Method]
			if row == nil {
				row = map[string]*swaps{}
				table[a.Ask.Method] = row
			}
			if row[b.Ask.Method] == nil {
				row[b.Ask.Method] = &swaps{}
			}
			s, reply := row[b.Ask.Method], d.Reply(b.Reply.Result)
			s.total++
			total++
			switch {
			case !ask.Fits(&reply):
				byType++
			case ask.Echo(&reply) == model.EchoContradicts:
				byEcho++
			default:
				s.unnoticed++
			}
		}
	}
	told := float64(byType+byEcho) / float64(total)
	head := fmt.Sprintf("%d swaps, %d told by type, %d more by echo: %.1f %%", total, byType, byEcho, 100*told)
	t.Log(head)
	if told < 0.88 {
		t.Errorf("only %.3f of the swaps are told apart", told)
	}
	compare(t, "testdata/indistinguishable.golden", head+"\n"+crossText(table))
}

func crossText(table map[string]map[string]*swaps) string {
	var lines []string
	for asked, row := range table {
		var read []string
		for method, s := range row {
			if s.unnoticed > 0 {
				read = append(read, fmt.Sprintf("%s %d/%d", method, s.unnoticed, s.total))
			}
		}
		slices.Sort(read)
		lines = append(lines, asked+": "+strings.Join(read, ", ")+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("%s differs; after a look at the change, go test -update", file)
	}
}
