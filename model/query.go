package model

import (
	"context"
	"fmt"
	"slices"
)

// Screen is a kind of list.
type Screen uint8

const (
	ScreenSessions Screen = iota
	ScreenCalls
	ScreenProcesses
	ScreenFindings
	ScreenMethods
)

// Query is what a screen shows: which rows and in which order. NewQuery makes
// one that shows all; the zero Query does not, because 0 is a session.
type Query struct {
	Screen       Screen
	Filter       *Filter   // nil: all
	Sort         string    // a column of SortColumns; "": the screen's default order
	Desc         bool      // the highest first; with no Sort: the default order turned round
	FindingsOnly bool      // only rows with a finding; methods: with a mismatch
	Session      SessionID // only what belongs to it; NoSession: any
	Process      ProcID    // only what it is, asked, read or is named in; NoProc: any
	Tree         bool      // processes: parents before their children
	Now          int64     // by which ages, and times before now, are told, Unix nanoseconds; 0: the snapshot's
}

// NewQuery is the query for all rows of a screen in its default order.
func NewQuery(s Screen) Query { return Query{Screen: s, Session: NoSession, Process: NoProc} }

// Run answers q. The order is total: rows that compare equal stand in the
// order of their identity, so that the same snapshot gives the same rows. It
// takes time in proportion to the rows, so it runs off the UI's goroutine; it
// ends early, with the context's error, when the context does; an unknown
// column is an error too. Any goroutine may call it.
func (s *Snapshot) Run(ctx context.Context, q Query) (Rows, error) {
	if q.Sort != "" && !slices.Contains(SortColumns(q.Screen), q.Sort) {
		return Rows{}, fmt.Errorf("there is no column %q to sort by", q.Sort)
	}
	b := &binder{ctx: ctx, snap: s, now: q.Now}
	if b.now == 0 {
		b.now = s.Now
	}
	var rows Rows
	switch q.Screen {
	case ScreenSessions:
		rows = b.runSessions(&q)
	case ScreenCalls:
		rows = b.runCalls(&q)
	case ScreenProcesses:
		rows = b.runProcesses(&q)
	case ScreenFindings:
		rows = b.runFindings(&q)
	case ScreenMethods:
		rows = b.runMethods(&q)
	}
	if b.err != nil {
		return Rows{}, b.err
	}
	return rows, ctx.Err()
}

// Rows is an ordered list of rows by identity: the slot of a session or
// process, the index in Snapshot.Methods of a method, the Seq of a call or
// finding. It is immutable.
type Rows struct {
	base int64
	ids  []uint32 // identities less base; nil: all of base … base+n-1
	n    int
	down bool // ids is nil: the highest first
}

// Len is the number of rows.
func (r *Rows) Len() int { return r.n }

// At is the identity of row i, 0 ≤ i < Len.
func (r *Rows) At(i int) int64 {
	switch {
	case r.ids != nil:
		return r.base + int64(r.ids[i])
	case r.down:
		return r.base + int64(r.n-1-i)
	}
	return r.base + int64(i)
}

// Find is the row of that identity, -1 where there is none.
func (r *Rows) Find(id int64) int {
	id -= r.base
	switch {
	case r.ids != nil:
		if id < 0 || id > 1<<32-1 {
			return -1
		}
		return slices.Index(r.ids, uint32(id))
	case id < 0 || id >= int64(r.n):
		return -1
	case r.down:
		return r.n - 1 - int(id)
	}
	return int(id)
}

// listed is the rows of those identities less base.
func listed(base int64, ids []uint32) Rows {
	if ids == nil {
		ids = []uint32{}
	}
	return Rows{base: base, ids: ids, n: len(ids)}
}

// pick lists those of the rows 0 … n-1 that pass keep; nil keeps all.
func pick[T any](b *binder, n int, at func(int) *T, keep test[T]) []uint32 {
	if keep == nil {
		ids := make([]uint32, n)
		for i := range ids {
			ids[i] = uint32(i)
		}
		return ids
	}
	var ids []uint32
	b.each(n, func(i int) {
		if keep(at(i)) {
			ids = append(ids, uint32(i))
		}
	})
	return ids
}
