package model

// Constructors of tests, for the table of fields.

// number compares a number that get takes from a row; below 0 there is none.
func number[T any](get func(*binder, *T) int64) func(*binder, *term) test[T] {
	return func(b *binder, t *term) test[T] {
		o, want := t.op, t.value.num
		return func(r *T) bool {
			n := get(b, r)
			return n >= 0 && compare(o, n, want)
		}
	}
}

// during compares the time from first to last that get takes from a row; 0 is
// no time.
func during[T any](get func(*T) (first, last int64)) func(*binder, *term) test[T] {
	return func(b *binder, t *term) test[T] {
		lo, hi := t.value.time.bounds(b.now)
		o := t.op
		if o == opHas && t.value.time.how == timeAgo {
			o = opGE
		}
		return func(r *T) bool {
			first, last := get(r)
			return first != 0 && overlaps(o, first, last, lo, hi)
		}
	}
}

// among tests whether a word that get takes from a row is one of the wanted.
func among[T any](get func(*T) int) func(*binder, *term) test[T] {
	return func(_ *binder, t *term) test[T] {
		wanted := t.value.set
		return func(r *T) bool { return wanted>>get(r)&1 != 0 }
	}
}

// when is a test that depends on the row alone.
func when[T any](f func(*T) bool) func(*binder, *term) test[T] {
	return func(*binder, *term) test[T] { return f }
}

// isProcess says whether p has the PID or the name that t wants.
func isProcess(t *text) test[Process] {
	pid := pidText(t)
	return func(p *Process) bool { return pid(p.Info.PID) || p.Info.Comm != "" && t.in(p.Info.Comm) }
}

// byProcess tests a process that get takes from a row by PID or name.
func byProcess[T any](get func(*T) ProcID) func(*binder, *term) test[T] {
	return func(b *binder, t *term) test[T] {
		in := b.processSlots(isProcess(&t.value.text))
		return func(r *T) bool { return in(get(r)) }
	}
}
