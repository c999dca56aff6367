package collector

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/tail"
	"github.com/sessiontop/sessiontop/model"
)

// translation is the log of another program on its way into lines of a session
// log. Origins count in the translation, of which a spool is kept.
type translation struct {
	format  foreign.Format
	lines   *foreign.Lines
	tr      foreign.Translator
	all     foreign.Gatherer // the same, where it is one of several logs
	out     output           // translated and not passed on
	off     int64            // where out begins in the translation
	closed  bool
	heard   time.Time // when the log last said something
	silent  bool      // since then what was held has been released
	reached bool      // since then the end has been reached
}

// silence is how long a log says nothing until what its translation holds back
// is shown.
const silence = time.Second

// output is what a translation has written; that of another log may write it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// take is what was written since, nil if nothing was.
func (o *output) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.b.Len() == 0 {
		return nil
	}
	taken := bytes.Clone(o.b.Bytes())
	if o.b.Reset(); o.b.Cap() > 1<<20 {
		o.b = bytes.Buffer{}
	}
	return taken
}

func newTranslation(format foreign.Format, info tail.SourceInfo, calls *foreign.Calls, kin *foreign.Kin) *translation {
	t := &translation{format: format}
	t.lines = foreign.NewLines(&t.out)
	if !format.Joins {
		t.lines.TellTo(calls)
	}
	src := foreign.Source{
		Name: filepath.Base(info.Path), Folder: filepath.Dir(info.Path), Modified: time.Now(), Calls: calls, Kin: kin,
	}
	if st, err := os.Stat(info.Path); err == nil && st.Mode().IsRegular() {
		src.Modified = st.ModTime()
	}
	t.tr = format.New(t.lines, src)
	if format.Gathers != nil && format.Gathers(src) {
		t.all = t.tr.(foreign.Gatherer)
	}
	return t
}

// next is the next block of the translation.
func (t *translation) next(d *feed) (tail.Block, error) {
	for {
		if data := t.out.take(); data != nil {
			b := tail.Block{Source: d.ID(), Offset: t.off, Data: data}
			t.off += int64(len(data))
			return b, nil
		}
		switch err := t.read(d); {
		case err == nil, err == tail.ErrNoData && (t.advances() || t.holds()):
		case err == io.EOF && !t.closed:
			t.closed = true
			if err := t.tr.Close(); err != nil {
				return tail.Block{}, err
			}
		default:
			return tail.Block{}, err
		}
	}
}

// read takes the next block of the log.
func (t *translation) read(d *feed) error {
	b, err := d.take()
	if err == nil {
		t.heard, t.silent, t.reached = time.Now(), false, false
		_, err = t.tr.Write(b.Data)
		b.Release()
	}
	return err
}

// gather reads what the log has by now, and tells nothing of it yet.
func (t *translation) gather(d *feed) {
	for t.read(d) == nil {
	}
}

// advances notes that the log has been read to where it ends now, and says whether
// it has done so.
func (t *translation) advances() bool {
	if t.all == nil || t.reached {
		return false
	}
	t.reached = true
	return t.all.Advance() == nil // else the next Write fails
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
		r.Waiting = !d.told.Load() && r.Read > 0
		return
	}
	st := d.tr.lines.Stats()
	r.Name += " (" + d.tr.format.Name + ")"
	r.Lines, r.Malformed = max(st.Read, st.Bad), r.Malformed+st.Bad
	if st.Bad > 0 {
		r.BadOffset, r.BadReason = st.BadOffset, st.BadReason
	}
	if u, ok := d.from.(*unlined); ok {
		r.Malformed, r.BadOffset, r.BadReason = st.Bad, st.BadOffset, st.BadReason // it has no lines to be skipped
		r.Read = u.off.Load()
		r.Done = r.Done || u.log == nil
		if info := d.Info(); info.Lost > 0 && !u.missed(&info) {
			r.Err = ""
		}
	}
}
