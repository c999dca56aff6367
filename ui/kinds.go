package ui

import (
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

// kind is what makes a screen the one it is: its columns, how a cell is drawn,
// what a row is called.
type kind struct {
	screen  model.Screen
	title   string
	short   string // the title where there is little room
	one     string // a row in words: "session"
	columns []table.Column
	sort    string // at the start; "": the model's own order
	desc    bool
	draw    func(e *env, l *list, r canvas.Region, i int, col string)
	// serial is the identity beyond id, for slots that are used again.
	serial func(s *model.Snapshot, id int64) uint64
	// mute lists the columns that say the same of every row; nil: none does.
	mute func(f *facts) []string
	// wants lists what the cells of a row read, if anything.
	wants func(s *model.Snapshot, id int64) []model.Origin
}

func (k *kind) cell(e *env, l *list, r canvas.Region, i int, c *table.Placed) {
	k.draw(e, l, r, i, c.Key)
}

func kinds() [screens]kind {
	return [screens]kind{
		sessionsScreen(), callsScreen(), processesScreen(), findingsScreen(), methodsScreen(),
	}
}

// bySlot is the serial of rows whose identity is never used again.
func bySlot(*model.Snapshot, int64) uint64 { return 0 }
