package ui

import (
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// maxDepth bounds the tree that is drawn.
const maxDepth = 8

// treeDepths is how deep each row stands in the tree, nil where the rows are
// none. A process whose parent is not among them stands at the root: what is
// drawn above it is no ancestor of it.
func treeDepths(q model.Query, s *model.Snapshot, rows *model.Rows) []uint8 {
	if !q.Tree {
		return nil
	}
	depths := make([]uint8, rows.Len())
	below := make([]uint8, s.Processes.Len()) // the depth of a process's children, 0 of one not among the rows
	for i := range depths {
		p := s.Process(model.ProcID(rows.At(i)))
		if p == nil {
			continue
		}
		if up := int(p.Parent); up >= 0 && up < len(below) {
			depths[i] = below[up]
		}
		below[p.ID] = min(depths[i]+1, maxDepth)
	}
	return depths
}

// lookAhead bounds how far branch looks for a later sibling.
const lookAhead = 1000

// branch is the piece of the tree before row i: which of its ancestors have
// later children.
func (l *list) branch(i int) string {
	if i >= len(l.depths) || l.depths[i] == 0 {
		return ""
	}
	d := l.depths[i]
	open := make([]bool, d+1) // open[k]: at depth k another one follows
	low := d + 1
	for j := i + 1; j < min(len(l.depths), i+lookAhead) && low > 1; j++ {
		if k := l.depths[j]; k < low {
			if low = k; k > 0 {
				open[k] = true
			}
		}
	}
	var text strings.Builder
	for k := uint8(1); k < d; k++ {
		if open[k] {
			text.WriteString("│ ")
		} else {
			text.WriteString("  ")
		}
	}
	if open[d] {
		return text.String() + "├─"
	}
	return text.String() + "└─"
}

// lastCells is s, whose characters are one cell wide, in at most w cells: its
// end, with … where it had to be cut.
func lastCells(s string, w int) string {
	r := []rune(s)
	switch {
	case len(r) <= w:
		return s
	case w < 1:
		return ""
	}
	return "…" + string(r[len(r)-w+1:])
}
