package wire

import (
	"bytes"
	"sort"
)

// Chunks that came before their turn wait for it, but no more than these.
const (
	maxHeld      = 256
	maxHeldBytes = 1 << 20
)

// order puts the chunks of a flow into the order of the stream.
type order struct {
	next    int64 // offset of the byte that comes next
	begun   bool
	based   bool    // chunks have offsets
	known   bool    // next is the connection's own
	shift   int64   // of the chunks' offsets from next, where it isn't
	waiting []Chunk // by Off, all of them after next; Data is a copy
	bytes   int     // of waiting
}

// take takes a chunk, and passes on what has its turn now.
func (f *flow) take(ch Chunk) {
	o := &f.order
	placed := ch.HasOff && ch.Off >= 0 && ch.Off <= maxOff
	switch {
	case placed && o.based:
		ch.Off -= o.shift
	case placed && ch.After && !o.begun:
		f.hold(ch)
		f.release(&ch)
		return
	case placed:
		off := ch.Off
		if len(o.waiting) > 0 {
			off = min(off, o.waiting[0].Off)
		}
		f.base(off)
		ch.Off -= o.shift
	default:
		if !o.based {
			f.flush() // what it follows
		}
		ch.Off = o.next
	}
	if old := o.next - ch.Off; old > 0 {
		old = min(old, ch.size())
		f.c.loss.Duplicate += uint64(old)
		if ch = ch.after(old); ch.size() == 0 {
			return
		}
	}
	if ch.Off > o.next {
		f.hold(ch)
	} else {
		f.turn(&ch)
	}
	for ch.Lost && len(o.waiting) > 0 && o.waiting[0].Off <= ch.Off {
		f.takeHeld()
	}
	f.release(&ch)
}

// base fits the flow's count to the connection's, with the first chunk that has
// an offset. Where chunks without one came before, the count goes on, and what
// the offsets say is the order.
func (f *flow) base(off int64) {
	o := &f.order
	o.based = true
	if o.begun {
		o.shift = off - o.next
		return
	}
	o.known = true
	o.next, f.pos = off, off
}

func (f *flow) turn(ch *Chunk) {
	f.order.begun = true
	f.order.next += ch.size()
	if !f.apart(ch) {
		f.push(ch)
	}
}

// hold keeps a copy of a chunk until its turn.
func (f *flow) hold(ch Chunk) {
	o := &f.order
	ch.Data = bytes.Clone(ch.Data)
	i := sort.Search(len(o.waiting), func(i int) bool { return o.waiting[i].Off > ch.Off })
	o.waiting = append(o.waiting, Chunk{})
	copy(o.waiting[i+1:], o.waiting[i:])
	o.waiting[i] = ch
	o.bytes += len(ch.Data)
	f.a.held++
}

// release passes on what waits, as far as it has its turn, or has waited
// longer than it may: then what is missing before it is lost.
func (f *flow) release(latest *Chunk) {
	o := &f.order
	for len(o.waiting) > 0 {
		ch := o.waiting[0]
		due := len(o.waiting) > maxHeld || o.bytes > maxHeldBytes ||
			latest.Time-ch.Time > int64(f.a.opt.Wait)
		if (ch.Off > o.next || !o.based) && !due {
			return
		}
		f.takeHeld()
	}
	o.waiting = nil
}

// takeHeld passes on the first chunk that waits, and counts what is missing
// before it.
func (f *flow) takeHeld() {
	o := &f.order
	ch := o.waiting[0]
	o.waiting[0] = Chunk{}
	o.waiting = o.waiting[1:]
	o.bytes -= len(ch.Data)
	f.a.held--
	if !o.based {
		f.base(ch.Off)
	}
	if n := ch.Off - o.next; n > 0 {
		f.lose(n)
		o.next += n
	} else if n < 0 {
		n = min(-n, ch.size())
		f.c.loss.Duplicate += uint64(n)
		ch = ch.after(n)
	}
	if ch.size() > 0 {
		f.turn(&ch)
	}
}

// flush passes on all that waits.
func (f *flow) flush() {
	for len(f.order.waiting) > 0 {
		f.takeHeld()
	}
}
