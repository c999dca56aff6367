package model

// chunkRows is how many rows of a table are copied at once when one of them
// changes after a snapshot was taken.
const chunkRows = 128

// Table is an immutable view of rows at numbered slots. It may be read from
// any goroutine.
type Table[T any] struct {
	chunks []*[chunkRows]T
	n      int
}

// Len is the number of slots.
func (t Table[T]) Len() int { return t.n }

// At is the row at slot i, 0 ≤ i < Len. The caller must not write to it.
func (t Table[T]) At(i int) *T { return &t.chunks[i/chunkRows][i%chunkRows] }

// tableWriter is the one writer's side of a Table: chunks that a snapshot holds
// are copied before they are written to.
type tableWriter[T any] struct {
	chunks []*[chunkRows]T
	frozen []bool // chunk i is held by a snapshot
	n      int
	shared bool // the slice of chunks itself is held by a snapshot
}

// at is the row at slot i, to read.
func (t *tableWriter[T]) at(i int) *T { return &t.chunks[i/chunkRows][i%chunkRows] }

// edit is the row at slot i, to write.
func (t *tableWriter[T]) edit(i int) *T {
	c := i / chunkRows
	if t.frozen[c] {
		t.own()
		fresh := *t.chunks[c]
		t.chunks[c] = &fresh
		t.frozen[c] = false
	}
	return &t.chunks[c][i%chunkRows]
}

// add appends a zero row and returns its slot.
func (t *tableWriter[T]) add() int {
	if t.n == len(t.chunks)*chunkRows {
		t.own()
		t.chunks = append(t.chunks, new([chunkRows]T))
		t.frozen = append(t.frozen, false)
	}
	t.n++
	return t.n - 1
}

// own makes the slice of chunks the writer's own again.
func (t *tableWriter[T]) own() {
	if t.shared {
		t.chunks = append(make([]*[chunkRows]T, 0, len(t.chunks)+8), t.chunks...)
		t.shared = false
	}
}

// freeze returns the table as it is now, for ever.
func (t *tableWriter[T]) freeze() Table[T] {
	for i := range t.frozen {
		t.frozen[i] = true
	}
	t.shared = true
	return Table[T]{chunks: t.chunks, n: t.n}
}

// dropFront lets go of at least n of the first rows, in whole chunks and never
// all, and returns how many. The rows behind move to the front.
func (t *tableWriter[T]) dropFront(n int) int {
	c := t.frontRows(n) / chunkRows
	if c == 0 {
		return 0
	}
	t.chunks = append(make([]*[chunkRows]T, 0, len(t.chunks)), t.chunks[c:]...)
	t.frozen = append(make([]bool, 0, len(t.frozen)), t.frozen[c:]...)
	t.shared = false
	t.n -= c * chunkRows
	return c * chunkRows
}

// frontRows is how many rows dropFront(n) lets go of.
func (t *tableWriter[T]) frontRows(n int) int {
	return max(0, min((n+chunkRows-1)/chunkRows, len(t.chunks)-1)) * chunkRows
}
