// Package table lays out and draws a table of which only the visible rows
// exist: it asks for each cell as it draws it. It knows nothing of what a row
// is. Everything here belongs to one goroutine.
package table

// Column is one column of a table.
type Column struct {
	Key   string // what it is called in a sort and in the chooser
	Title string
	Min   int  // narrowest useful width in cells
	Max   int  // width beyond which more brings nothing; 0: Min
	Prio  int  // 0 is never dropped; of the others the highest goes first
	Right bool // aligned right, as numbers are
}

// Placed is a column with its place on the screen.
type Placed struct {
	Column
	X, W int
}

// gap is the blank between two columns.
const gap = 1

// Fit chooses the columns that fit into width cells and places them: those of
// the highest Prio go first until the rest has room, then what is left over
// widens columns, from the left, up to their Max. hidden names those the user
// switched off; it may be nil. The order of cols is kept.
func Fit(cols []Column, width int, hidden map[string]bool) []Placed {
	chosen := make([]Placed, 0, len(cols))
	for _, c := range cols {
		if !hidden[c.Key] || c.Prio == 0 {
			chosen = append(chosen, Placed{Column: c, W: c.Min})
		}
	}
	for total(chosen) > width {
		worst := -1
		for i, c := range chosen {
			if c.Prio > 0 && (worst < 0 || c.Prio >= chosen[worst].Prio) {
				worst = i
			}
		}
		if worst < 0 {
			break
		}
		chosen = append(chosen[:worst], chosen[worst+1:]...)
	}
	widen(chosen, width-total(chosen))
	x := 0
	for i := range chosen {
		chosen[i].X = x
		x += chosen[i].W + gap
	}
	return chosen
}

// widen gives spare cells to the columns that can use them: half of them one
// after another from the left, the rest evenly.
func widen(cols []Placed, spare int) {
	early := spare / 2
	spare -= early
	for i := range cols {
		d := max(0, min(early, cols[i].Max-cols[i].W))
		cols[i].W += d
		early -= d
	}
	spare += early
	for spare > 0 {
		hungry := 0
		for _, c := range cols {
			hungry += min(1, max(0, c.Max-c.W))
		}
		if hungry == 0 {
			return
		}
		share := max(1, spare/hungry)
		for i := range cols {
			d := max(0, min(share, cols[i].Max-cols[i].W, spare))
			cols[i].W += d
			spare -= d
		}
	}
}

func total(cols []Placed) int {
	n := 0
	for _, c := range cols {
		n += c.W + gap
	}
	return max(0, n-gap)
}

// At is the key of the column at x, "" beside them all.
func At(cols []Placed, x int) string {
	for _, c := range cols {
		if x >= c.X && x < c.X+c.W {
			return c.Key
		}
	}
	return ""
}
