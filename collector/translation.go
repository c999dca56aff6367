package collector

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/tail"
	"github.com/sessiontop/sessiontop/model"
)

// translation is the log of another program on its way into lines of a session
// log. Origins count in the translation, of which a spool is kept.
type translation struct {
	format foreign.Format
	lines  *foreign.Lines
	tr     foreign.Translator
	out    bytes.Buffer // translated and not passed on
	off    int64        // where out begins in the translation
	closed bool
	heard  time.Time // when the log last said something
	silent bool      // since then what was held has been released
}

// silence is how long a log says nothing until what its translation holds back
// is shown.
const silence = time.Second

func newTranslation(format foreign.Format, info tail.SourceInfo, calls *foreign.Calls) *translation {
	t := &translation{format: format}
	t.lines = foreign.NewLines(&t.out)
	if !format.Joins {
		t.lines.TellTo(calls)
	}
	src := foreign.Source{Name: filepath.Base(info.Path), Modified: time.Now(), Calls: calls}
	if st, err := os.Stat(info.Path); err == nil && st.Mode().IsRegular() {
		src.Modified = st.ModTime()
	}
	t.tr = format.New(t.lines, src)
	return t
}

// next is the next block of the translation.
func (t *translation) next(d *feed) (tail.Block, error) {
	for t.out.Len() == 0 {
		b, err := d.take()
		switch {
		case err == nil:
			t.heard, t.silent = time.Now(), false
			_, err = t.tr.Write(b.Data)
			b.Release()
		case err == tail.ErrNoData && t.holds() && t.out.Len() > 0:
			err = nil
		case err == io.EOF && !t.closed:
			t.closed = true
			err = t.tr.Close()
		}
		if err != nil {
			return tail.Block{}, err
		}
	}
	b := tail.Block{Source: d.ID(), Offset: t.off, Data: bytes.Clone(t.out.Bytes())}
	t.off += int64(len(b.Data))
	if t.out.Reset(); t.out.Cap() > 1<<20 {
		t.out = bytes.Buffer{}
	}
	return b, nil
}

// holds releases what is held when the log has been silent, and says whether it
// has done so.
func (t *translation) holds() bool {
	h, ok := t.tr.(foreign.Holder)
	if !ok || t.silent || time.Since(t.heard) < silence {
		return false
	}
	t.silent = true
	return h.Release() == nil // else the next Write fails
}

// placeIn is where in the log the line of the translation comes from in which
// offset lies.
func placeIn(translation io.ReaderAt, offset int64) int64 {
	const step, most = 4 << 10, 1 << 20
	var line []byte
	for from := offset; from > 0 && offset-from < most; {
		n := min(step, from)
		from -= n
		before := make([]byte, n)
		if _, err := translation.ReadAt(before, from); err != nil {
			return offset
		}
		line = append(before, line...)
		if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
			line = line[i+1:]
			break
		}
	}
	if place, ok := foreign.Place(line); ok {
		return place
	}
	return offset
}

// describe makes the source's row that of the log that is translated.
func (d *feed) describe(r *model.SourceStat) {
	if !d.foreign() {
		return
	}
	st := d.tr.lines.Stats()
	r.Name += " (" + d.tr.format.Name + ")"
	r.Lines, r.Malformed = max(st.Read, st.Bad), r.Malformed+st.Bad
	if st.Bad > 0 {
		r.BadOffset, r.BadReason = st.BadOffset, st.BadReason
	}
	if u, ok := d.from.(*unlined); ok {
		r.Read = u.off.Load()
		r.Done = !u.follow
	}
}
