package live

import (
	"bytes"
	"slices"

	"github.com/sessiontop/sessiontop/collector/wire"
)

const (
	// lookahead is how many writes are fitted into what was read, to tell apart
	// those that begin alike; maxTries bounds the ways to do so.
	lookahead = 4
	maxTries  = 256
	// leastFound is how many bytes of a write are believed where it may begin
	// anywhere.
	leastFound = 16
)

// fit is whether a write stands where it is looked for.
type fit uint8

const (
	noFit   fit = iota
	partFit     // as far as the other end has read
	fullFit
)

func (w *queued) size() int64 { return int64(len(w.Data) + w.Truncated) }

func (w *queued) fits(b []byte) fit {
	n := min(len(w.Data), len(b))
	switch {
	case !bytes.Equal(w.Data[:n], b[:n]):
		return noFit
	case w.size() > int64(len(b)):
		return partFit
	}
	return fullFit
}

// heads calls f with the writes that may be next: of each thread its first, and
// those before it that were passed on and may not be found any more.
func (q *socketQueue) heads(f func(w *queued)) {
	var few [8]int32
	tids := few[:0]
	for _, w := range q.writes {
		if w.tried || slices.Contains(tids, w.TID) {
			continue
		}
		if !w.passed {
			tids = append(tids, w.TID)
		}
		f(w)
	}
}

// next is the write at the beginning of what was taken; nil: none, or it cannot be
// told yet.
func (q *socketQueue) next(now int64) (w *queued, guess bool) {
	b := q.taken.until(now - unsettled)
	if len(b) == 0 || !q.found && !q.find(b) {
		return nil, false
	}
	b = q.taken.until(now - unsettled)
	partly := -1 // how many bytes fit of a write that may still be on its way
	full := q.fitting[:0]
	q.heads(func(w *queued) {
		switch w.fits(b) {
		case partFit:
			partly = max(partly, min(len(w.Data), len(b)))
		case fullFit:
			full = append(full, w)
		}
	})
	q.fitting = full
	score := 0
	if len(full) == 1 && partly < 0 {
		w = full[0]
	} else {
		w, score = q.best(full, b)
	}
	if w == nil || partly > score && now-q.taken.since() <= overdue {
		return nil, false
	}
	return w, w.doubt || len(w.Data) == 0
}

// best is the one of the writes after which most of the bytes can be explained, of
// several the first by its stamp, and how many. Of those that may be it as well,
// none is sure to stand where it is put.
func (q *socketQueue) best(full []*queued, b []byte) (best *queued, score int) {
	tries := maxTries
	for _, w := range full {
		w.score = q.explains(w, b, lookahead, &tries)
		if best == nil || w.score > score || w.score == score && w.Mono < best.Mono {
			best, score = w, w.score
		}
	}
	for _, w := range full {
		if w.score == score && w.PID != best.PID && w.Mono-best.Mono < inverted {
			w.doubt, best.doubt = true, true
		}
	}
	return best, score
}

// explains is how many of the bytes are some write's if w is the first of them; of
// what is too far ahead, all.
func (q *socketQueue) explains(w *queued, b []byte, depth int, tries *int) int {
	b = b[w.size():]
	if *tries--; depth == 0 || *tries < 0 {
		return int(w.size()) + len(b)
	}
	w.tried = true
	more := 0
	q.heads(func(w *queued) {
		switch w.fits(b) {
		case partFit:
			more = max(more, min(len(w.Data), len(b)))
		case fullFit:
			more = max(more, q.explains(w, b, depth-1, tries))
		}
	})
	w.tried = false
	return int(w.size()) + more
}

// find looks for the first place where a write stands in b, what was taken, and
// drops what is before it: it was written before this was watched, or its writes were
// passed on or lost. It returns false where there is none.
func (q *socketQueue) find(b []byte) bool {
	least := -1
	q.heads(func(w *queued) {
		if len(w.Data) < leastFound && !bytes.HasPrefix(b, w.Data) {
			return
		}
		at := bytes.Index(b, w.Data)
		if at >= 0 && w.fits(b[at:]) == fullFit && (least < 0 || at < least) {
			least = at
		}
	})
	if least >= 0 {
		q.taken.drop(int64(least))
		q.found = true
	}
	return q.found
}

// skip gives up what was taken and is nobody's that is known. It returns false
// where that is not to be said yet.
func (q *socketQueue) skip(now int64) bool {
	if len(q.taken.bytes()) == 0 {
		if len(q.later) == 0 || now-q.later[0].since() <= unsettled {
			return false
		}
		q.taken, q.later, q.found = q.later[0], q.later[1:], false
		return true
	}
	age := now - q.taken.since()
	switch {
	case q.found && (age > int64(patience) || q.lost && age > overdue):
		q.found = false
	case !q.found && age > overdue:
		q.taken.drop(q.taken.marks[0].end - q.taken.off)
	default:
		return false
	}
	return true
}

// leave takes off the queue a write that was found, and those that its thread had
// written before.
func (q *socketQueue) leave(w *queued) {
	at, i := slices.Index(q.writes, w), -1
	q.writes = slices.DeleteFunc(q.writes, func(o *queued) bool {
		i++
		gone := i <= at && o.TID == w.TID
		if gone {
			q.held -= len(o.Data)
		}
		return gone
	})
}

// placed is a write with its offset: behind those passed on, and those lost.
func (q *socketQueue) placed(w *queued) wire.Chunk {
	if !q.begun {
		q.begun, q.out = true, q.first
	}
	ch := w.Chunk
	ch.After, ch.Lost = false, false
	if missing := q.end - q.first - q.told; q.lost && missing > 0 {
		q.out += missing
		q.told += missing
		ch.Lost = true
	}
	q.lost = false
	ch.Off = q.out
	q.out += w.size()
	return ch
}
