package tail

import (
	"bytes"
	"io"
	"io/fs"
	"os"
)

// A compressed file that begins like a generation of the same stem is taken
// for a copy of it and is not read. Logs that begin alike for more than the
// length of a head would lose lines that way; so the two are compared in full:
// at once where nothing else is going on, in the background when following.

const compareChunk = 64 << 10

// compareWhole compares a file with the home when not following.
func (s *Set) compareWhole(c *candidate, home *place) likeness {
	if home == nil {
		return same
	}
	like, err := s.beginsLike(&place{path: c.path, id: c.st.id, pack: c.name.pack}, home)
	if like == unclear && err == errIncomplete {
		return same // all that can be read of it stands in the home too
	}
	return like
}

// checkLater compares a suspect copy with the home in the background, one at a
// time; f is unlocked.
func (s *Set) checkLater(f *File, suspect *place) {
	if s.closed.Load() || s.checking.Swap(true) {
		return
	}
	f.mu.Lock()
	copied := *suspect
	var home place
	if f.home != nil {
		home = *f.home
	}
	f.mu.Unlock()
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		defer s.checking.Store(false)
		like, _ := s.beginsLike(&copied, &home)
		if like != same && !f.stillAtHome(&home) {
			like = unclear
		}
		if like == differs {
			s.disown(f, suspect)
			return
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		suspect.tried = copied.size
		if like >= same {
			suspect.checked, suspect.longer = true, like == extends
			f.more.Store(true)
		}
	}()
}

// stillAtHome says whether home is the file's home and holds its beginning.
func (f *File) stillAtHome(home *place) bool {
	f.mu.Lock()
	at, known := f.home, f.head
	f.mu.Unlock()
	if at == nil || at.id != home.id {
		return false
	}
	head, _, err := readHead(home.path, home.id, home.pack)
	return err == nil && bytes.HasPrefix(head, known)
}

// beginsLike says whether all bytes of a copy stand at the beginning of the
// home (same), or the home's at the beginning of the copy (extends). It returns
// unclear, and why, where one of them cannot be read: errIncomplete if what
// there is of the copy stands in the home.
func (s *Set) beginsLike(copied, home *place) (likeness, error) {
	a, err := openReader(copied)
	if err != nil {
		return unclear, err
	}
	defer a.close()
	b, err := openReader(home)
	if err != nil {
		return unclear, err
	}
	defer b.close()
	x, y := make([]byte, compareChunk), make([]byte, compareChunk)
	for !s.closed.Load() {
		n, err := a.fill(x)
		m, _ := b.fill(y) // where the home ends early the copy goes on
		k := min(n, m)
		switch {
		case !bytes.Equal(x[:k], y[:k]):
			return differs, nil
		case n > m:
			return extends, nil
		case err == io.EOF:
			return same, nil
		case err != nil:
			return unclear, errIncomplete
		}
	}
	return unclear, fs.ErrClosed
}

// wholeReader reads a file from its start, decompressed.
type wholeReader struct {
	fill  func([]byte) (int, error)
	close func()
}

func openReader(p *place) (wholeReader, error) {
	file, err := openKnown(p.path, p.id)
	if err != nil {
		return wholeReader{}, err
	}
	if p.pack == plain {
		return plainReader(file), nil
	}
	d := newDecoder(file, p.pack)
	return wholeReader{fill: d.fill, close: func() { d.close(); file.Close() }}, nil
}

func plainReader(file *os.File) wholeReader {
	var off int64
	return wholeReader{
		fill: func(p []byte) (int, error) {
			n, err := file.ReadAt(p, off)
			off += int64(n)
			return n, err
		},
		close: func() { file.Close() },
	}
}
