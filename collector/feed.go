package collector

import (
	"io"
	"os"
	"sync/atomic"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/tail"
)

// feed is a source as lines of a session log: its own, or what the log of
// another program is translated into. One goroutine at a time may call Next.
type feed struct {
	*tail.File
	follow bool
	plain  bool           // a file that is not compressed
	peeked int64          // the size of the file when its beginning was last looked at, -1: never
	calls  *foreign.Calls // of all the source's feeds
	kin    *foreign.Kin   // of all the source's feeds
	told   atomic.Bool    // whose log it is is known
	head   tail.Block     // what was read while it was not
	from   blocks         // the file, by lines or not
	tr     *translation
	keep   func(tail.Block) // keeps what was translated, for Body; nil where another does
}

// newFeed returns the feed of a file. A plain file shows by its head whose log it
// is; others, and those that have said too little yet, by their first blocks.
func (f *Files) newFeed(file *tail.File) *feed {
	d := &feed{File: file, follow: f.opt.Follow, calls: f.calls, kin: f.kin, from: file, peeked: -1}
	d.plain = !f.isStream(file) && !file.Info().Compressed
	if d.follow {
		d.keep = f.keepBlock
	}
	switch format, ok := formatNamed(f.opt.Format); {
	case ok:
		d.translate(format)
	case f.opt.Format == SessionLog:
		d.translate(foreign.Format{})
	default:
		d.peek()
	}
	return d
}

// peek looks at the beginning of a plain file that has grown, and says whether it
// shows whose log it is. Some logs are one line, which no block has until it ends.
func (d *feed) peek() bool {
	info := d.Info()
	if !d.plain || info.Size == d.peeked {
		return false
	}
	d.peeked = info.Size
	head := headOf(info.Path)
	format, sure := sniff(head)
	if sure || !d.follow || isObjectLine(head) {
		d.translate(format)
	}
	return d.told.Load()
}

// headOf is the beginning of a plain file, nil where it cannot be read; of a
// session log, no more than shows it.
func headOf(path string) []byte {
	r, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer r.Close()
	head := make([]byte, 4<<10, foreign.SniffSize)
	n, err := io.ReadFull(r, head)
	if err != nil || isSessionLog(head) { // a short file has less
		return head[:n]
	}
	more, _ := io.ReadFull(r, head[n:cap(head)])
	return head[:n+more]
}

// translate begins the translation from format; one without a name needs none.
func (d *feed) translate(format foreign.Format) {
	if format.Name != "" {
		d.tr = newTranslation(format, d.Info(), d.calls, d.kin)
		if format.Unlined && !d.Info().Compressed {
			if u := newUnlined(d); u != nil {
				d.from = u
			}
		}
	}
	if !format.Joins {
		d.calls.Expect()
	}
	d.told.Store(true)
}

// foreign says that the source is known to be no session log.
func (d *feed) foreign() bool { return d.told.Load() && d.tr != nil }

// joins says that the source is to be read after the others.
func (d *feed) joins() bool { return d.foreign() && d.tr.format.Joins }

// gathers says that the source is to be read together with others.
func (d *feed) gathers() bool { return d.foreign() && d.tr.all != nil }

// joinsConnections says that it is held against the connections that session logs
// name.
func (d *feed) joinsConnections() bool { return d.foreign() && d.tr.format.Connections }

// Next is the next block of whole lines.
func (d *feed) Next() (tail.Block, error) {
	for !d.told.Load() {
		if err := d.listen(); err != nil {
			return tail.Block{}, err
		}
	}
	if d.tr == nil {
		return d.take()
	}
	b, err := d.tr.next(d)
	if err == nil && d.keep != nil {
		d.keep(b)
	}
	return b, err
}

// close gives back what the feed itself has opened.
func (d *feed) close() error {
	if u, ok := d.from.(*unlined); ok {
		return u.close()
	}
	return nil
}

// listen reads on until the beginning shows whose log it is.
func (d *feed) listen() error {
	b, err := d.File.Next()
	switch {
	case err == tail.ErrNoData && d.peek():
		return nil
	case err != nil && err != io.EOF:
		return err
	}
	if d.head.Data == nil {
		d.head = tail.Block{Source: d.ID(), Offset: b.Offset}
	}
	d.head.Data = append(d.head.Data, b.Data...)
	b.Release()
	format, sure := sniff(d.head.Data)
	if sure || err == io.EOF || isObjectLine(d.head.Data) {
		d.translate(format)
	}
	return nil
}

// take is the next block of the file as it is.
func (d *feed) take() (tail.Block, error) {
	if head := d.head; head.Data != nil {
		d.head = tail.Block{}
		return head, nil
	}
	return d.from.Next()
}
