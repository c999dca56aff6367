package synth

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Recall is the share of what is due that is found.
func (t *Table) Recall(kinds ...string) float64 {
	due, missed := 0, 0
	for _, k := range kinds {
		due += t.Due[k]
		missed += t.Missed[k]
	}
	return share(due-missed, due)
}

// Precision is the share of what is found that is true.
func (t *Table) Precision(kinds ...string) float64 {
	n := t.Total(kinds...)
	return share(n.True, n.True+n.False)
}

// OwnerRate is the share of what is found, and true, that names the right owner.
func (t *Table) OwnerRate(kinds ...string) float64 {
	n := t.Total(kinds...)
	return share(n.OwnerRight, n.OwnerRight+n.OwnerWrong+n.OwnerNone)
}

func share(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// String is the table as plain text.
func (t *Table) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i, row := range t.cells() {
		if i != 1 {
			fmt.Fprintln(w, strings.Join(row, "\t"))
		}
	}
	w.Flush()
	return b.String()
}

// Markdown is the table as Markdown.
func (t *Table) Markdown() string {
	var b strings.Builder
	for _, row := range t.cells() {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	return b.String()
}

// cells are the table's rows: a head, a rule, one row a kind and certainty, and
// a sum a kind.
func (t *Table) cells() [][]string {
	rows := [][]string{
		{"kind", "certainty", "due", "found", "missed", "false", "recall", "precision", "owner right", "wrong", "none", "owner rate"},
		{"---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:"},
	}
	kinds := make(map[string]bool)
	for k, n := range t.Due {
		kinds[k] = kinds[k] || n > 0
	}
	for r := range t.Rows {
		kinds[r.Kind] = true
	}
	for _, k := range sortedKeys(kinds) {
		if !kinds[k] {
			continue
		}
		for _, r := range t.certainties(k) {
			n := *t.Rows[r]
			rows = append(rows, line(k, r.Certainty.String(), "", "", "", share(n.True, n.True+n.False), n))
		}
		rows = append(rows, line(k, "all", fmt.Sprint(t.Due[k]), fmt.Sprint(t.Missed[k]), percent(t.Recall(k)), t.Precision(k), t.Total(k)))
	}
	return rows
}

func (t *Table) certainties(kind string) []Row {
	rows := slices.DeleteFunc(slices.Collect(maps.Keys(t.Rows)), func(r Row) bool { return r.Kind != kind })
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(b.Certainty, a.Certainty) })
	return rows
}

func line(kind, certainty, due, missed, recall string, precision float64, n Tally) []string {
	row := []string{kind, certainty, due, fmt.Sprint(n.True), missed, fmt.Sprint(n.False), recall, percent(precision)}
	if n.OwnerRight+n.OwnerWrong+n.OwnerNone == 0 {
		return append(row, "", "", "", "")
	}
	return append(row, fmt.Sprint(n.OwnerRight), fmt.Sprint(n.OwnerWrong), fmt.Sprint(n.OwnerNone),
		percent(share(n.OwnerRight, n.OwnerRight+n.OwnerWrong+n.OwnerNone)))
}

func percent(x float64) string { return fmt.Sprintf("%.2f %%", 100*x) }

// Summary is recall, precision and owner rate of the replies that went astray.
func (t *Table) Summary() string {
	astray := []string{"swapped-reply", "stale-reply"}
	return fmt.Sprintf("recall %s, precision %s, owner %s",
		percent(t.Recall(astray...)), percent(t.Precision(astray...)), percent(t.OwnerRate(astray...)))
}
