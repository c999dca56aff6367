package model

import "context"

// test says whether a row matches.
type test[T any] func(*T) bool

// binder turns a filter into tests of one snapshot's rows: names become
// numbers, relations become sets, so that a test of a row costs a few
// instructions. It belongs to one goroutine, as do its tests.
type binder struct {
	ctx  context.Context
	snap *Snapshot
	now  int64 // Unix nanoseconds, by which ages and times of day are told
	err  error // of ctx, once it has ended: what was made since is incomplete

	named []Named // by process; nil: not counted yet
	tree  set     // the processes that are listed as a tree; nil: as a list
}

// every is how many rows are looked at between two looks at the context.
const every = 4096

// each calls f for 0 … n-1, or fewer where the context ends.
func (b *binder) each(n int, f func(int)) {
	for i := 0; i < n; i++ {
		if i%every == 0 && b.ctx.Err() != nil {
			b.err = b.ctx.Err()
			return
		}
		f(i)
	}
}

// compile makes the test of n from the tests of its terms; nil matches all.
func compile[T any](n *node, leaf func(*term) test[T]) test[T] {
	if n == nil {
		return nil
	}
	switch n.op {
	case nodeTerm:
		t := leaf(n.term)
		if n.term.op == opNE {
			return not(t)
		}
		return t
	case nodeNot:
		return not(compile(n.kids[0], leaf))
	}
	all := make([]test[T], len(n.kids))
	for i, k := range n.kids {
		all[i] = compile(k, leaf)
	}
	if n.op == nodeAnd {
		return both(all...)
	}
	return either(all...)
}

func not[T any](t test[T]) test[T] { return func(r *T) bool { return !t(r) } }

// both matches where all of the tests do, of which nil matches always; nil if
// all are.
func both[T any](all ...test[T]) test[T] {
	var list []test[T]
	for _, t := range all {
		if t != nil {
			list = append(list, t)
		}
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	case 2:
		a, b := list[0], list[1]
		return func(r *T) bool { return a(r) && b(r) }
	}
	return func(r *T) bool {
		for _, t := range list {
			if !t(r) {
				return false
			}
		}
		return true
	}
}

func either[T any](all ...test[T]) test[T] {
	return func(r *T) bool {
		for _, t := range all {
			if t(r) {
				return true
			}
		}
		return false
	}
}

// set is a set of slots.
type set []bool

func (s set) has(i int) bool { return uint(i) < uint(len(s)) && s[i] }

func (s set) add(i int) {
	if uint(i) < uint(len(s)) {
		s[i] = true
	}
}

// lazy is f for 0 … n-1, asked once for each and false for all else.
func lazy(n int, f func(int) bool) func(int) bool {
	const no, yes = 1, 2
	known := make([]uint8, n)
	return func(i int) bool {
		if uint(i) >= uint(len(known)) {
			return false
		}
		if known[i] == 0 {
			known[i] = no
			if f(i) {
				known[i] = yes
			}
		}
		return known[i] == yes
	}
}

// sym is whether the name of a Sym matches t, asked once for each.
func (b *binder) sym(t *text) func(Sym) bool {
	known := lazy(len(b.snap.names), func(i int) bool { return t.in(b.snap.names[i]) })
	return func(s Sym) bool { return known(int(s)) }
}

// processes is t of processes by slot.
func (b *binder) processes(t *term) func(ProcID) bool {
	return b.processSlots(b.processLeaf(t))
}

func (b *binder) processSlots(f test[Process]) func(ProcID) bool {
	known := lazy(b.snap.Processes.Len(), func(i int) bool { return f(b.snap.Processes.At(i)) })
	return func(id ProcID) bool { return known(int(id)) }
}

// sessions is t of sessions by slot.
func (b *binder) sessions(t *term) func(SessionID) bool {
	f := b.sessionLeaf(t)
	known := lazy(b.snap.Sessions.Len(), func(i int) bool {
		s := b.snap.Sessions.At(i)
		return s.Serial != 0 && f(s)
	})
	return func(id SessionID) bool { return known(int(id)) }
}

// scanCalls calls f for each kept call that matches t.
func (b *binder) scanCalls(t *term, f func(*Call)) {
	match := b.callLeaf(t)
	calls := b.snap.Calls
	b.each(calls.Len(), func(i int) {
		if c := calls.rows.At(i); match(c) {
			f(c)
		}
	})
}

// scanFindings calls f for each finding that matches t.
func (b *binder) scanFindings(t *term, f func(*Finding)) {
	match := b.findingLeaf(t)
	b.each(b.snap.Findings.Len(), func(i int) {
		if x := b.snap.Findings.At(i); !x.Void && match(x) {
			f(x)
		}
	})
}
