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
}

func newTranslation(format foreign.Format, info tail.SourceInfo) *translation {
	t := &translation{format: format}
	t.lines = foreign.NewLines(&t.out)
	src := foreign.Source{Name: filepath.Base(info.Path), Modified: time.Now()}
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
			_, err = t.tr.Write(b.Data)
			b.Release()
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

// describe makes the source's row that of the log that is translated.
func (d *feed) describe(r *model.SourceStat) {
	if !d.foreign() {
		return
	}
	st := d.tr.lines.Stats()
	r.Name += " (" + d.tr.format.Name + ")"
	r.Lines, r.Malformed = st.Read, r.Malformed+st.Bad
	if st.Bad > 0 {
		r.BadOffset, r.BadReason = st.BadOffset, st.BadReason
	}
	if u, ok := d.from.(*unlined); ok {
		r.Read = u.off.Load()
		r.Done = !u.follow
	}
}
