package collector

import (
	"io"
	"os"
	"sync/atomic"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// unlined reads a plain file to where it ends now, newline or not.
type unlined struct {
	r      *os.File
	source uint32
	log    *tail.File // tells of truncation and removal; nil where it is not followed
	off    atomic.Int64
	shut   bool // r is closed
}

// newUnlined goes on after the head, if that is known. It returns nil where the
// file cannot be opened, of which tail says why, or is no plain one.
func newUnlined(d *feed) *unlined {
	path := d.Info().Path
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() {
		return nil
	}
	r, err := os.Open(path)
	if err != nil {
		return nil
	}
	u := &unlined{r: r, source: d.ID()}
	if d.follow {
		u.log = d.File
	}
	u.off.Store(d.head.Offset + int64(len(d.head.Data)))
	return u
}

// Next is what stands next in the file, cut anywhere.
func (u *unlined) Next() (tail.Block, error) {
	if u.shut {
		return tail.Block{}, io.EOF
	}
	over := u.log == nil || u.isOver()
	buf, off := make([]byte, blockSize), u.off.Load()
	n, err := u.r.ReadAt(buf, off)
	switch {
	case n > 0:
		u.off.Add(int64(n))
		return tail.Block{Source: u.source, Offset: off, Data: buf[:n]}, nil
	case err == io.EOF && !over:
		err = tail.ErrNoData
	case err == io.EOF:
		_ = u.close() // else a file that was removed would take its room for as long as this runs
	}
	return tail.Block{}, err
}

// keepUp is how many blocks of a followed file are passed over in one turn.
const keepUp = 16

// isOver has tail read along, by lines or what it takes for such, and says whether
// it has come to the end of this log: the file was truncated, and what it holds
// now is another one, or it is gone.
func (u *unlined) isOver() bool {
	for range keepUp {
		b, err := u.log.Next()
		if err != nil {
			return err == io.EOF
		}
		b.Release()
	}
	return false
}

// missed says whether bytes that were seen to be there were gone before they
// could be read: tail leaves out those behind the last newline.
func (u *unlined) missed(info *tail.SourceInfo) bool {
	return u.off.Load() < info.Offset+info.Lost
}

// close gives the file back.
func (u *unlined) close() error {
	if u.shut {
		return nil
	}
	u.shut = true
	return u.r.Close()
}
