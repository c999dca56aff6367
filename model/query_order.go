package model

import (
	"cmp"
	"slices"
)

// column is an order of rows: by a number, then by what tells rows of the same
// number apart, if anything.
type column[T any] struct {
	key  string
	rank func(*binder) func(*T) uint64
	tie  func(a, b *T) int
	desc bool // as the screen's default order it goes downwards
}

// SortColumns lists the columns that a screen can be sorted by; the first is
// its default order.
func SortColumns(s Screen) []string {
	switch s {
	case ScreenSessions:
		return columnKeys(sessionColumns)
	case ScreenCalls:
		return columnKeys(callColumns)
	case ScreenProcesses:
		return columnKeys(processColumns)
	case ScreenFindings:
		return columnKeys(findingColumns)
	}
	return columnKeys(methodColumns)
}

func columnKeys[T any](columns []column[T]) []string {
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = c.key
	}
	return keys
}

// entry is a row on its way through a sort.
type entry struct {
	key uint64
	row uint32
}

// order sorts ids, which ascend, by q's column of columns.
func order[T any](b *binder, columns []column[T], q *Query, at func(int) *T, ids []uint32) []uint32 {
	col, desc := &columns[0], q.Desc != columns[0].desc
	if q.Sort != "" {
		desc = q.Desc
		i := slices.IndexFunc(columns, func(c column[T]) bool { return c.key == q.Sort })
		col = &columns[i]
	}
	rank := col.rank(b)
	entries := make([]entry, len(ids))
	b.each(len(ids), func(i int) {
		key := rank(at(int(ids[i])))
		if desc {
			key = ^key
		}
		entries[i] = entry{key, ids[i]}
	})
	if b.err != nil {
		return nil
	}
	entries = radixSort(entries)
	if col.tie != nil {
		breakTies(entries, func(x, y entry) int {
			c := col.tie(at(int(x.row)), at(int(y.row)))
			if desc {
				return -c
			}
			return c
		})
	}
	for i, e := range entries {
		ids[i] = e.row
	}
	return ids
}

// breakTies sorts each run of entries with the same key, stably.
func breakTies(entries []entry, tie func(x, y entry) int) {
	for len(entries) > 0 {
		n := 1
		for n < len(entries) && entries[n].key == entries[0].key {
			n++
		}
		if n > 1 {
			slices.SortStableFunc(entries[:n], tie)
		}
		entries = entries[n:]
	}
}

// radixSort sorts by key, stably: in time in proportion to the rows, where a
// comparing sort of a million takes ten times as long.
func radixSort(entries []entry) []entry {
	if len(entries) < 256 {
		slices.SortStableFunc(entries, func(x, y entry) int { return cmp.Compare(x.key, y.key) })
		return entries
	}
	const digits, values = 8, 256
	var count [digits][values]uint32
	for _, e := range entries {
		for d := range digits {
			count[d][e.key>>(8*d)&0xff]++
		}
	}
	from, to := entries, make([]entry, len(entries))
	for d := range digits {
		shift := 8 * d
		if int(count[d][entries[0].key>>shift&0xff]) == len(entries) {
			continue // all have the same digit here
		}
		var at [values]uint32
		sum := uint32(0)
		for v, c := range count[d] {
			at[v] = sum
			sum += c
		}
		for _, e := range from {
			v := e.key >> shift & 0xff
			to[at[v]] = e
			at[v]++
		}
		from, to = to, from
	}
	return from
}
