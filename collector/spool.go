package collector

import (
	"errors"
	"io"
	"os"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// spool is a copy on disk of a source that cannot be read twice, or only at the
// price of decompressing it again, so that the order of its lines can be
// surveyed. What stands at an offset of the source stands there in it.
type spool struct {
	file *os.File // nil where none could be made
	size int64
	rest blocks // what could not be copied; nil is nothing
	err  error  // why the source ended early
}

// createSpool makes a spool without anything in it, and without a file where
// none can be made.
func createSpool() *spool {
	file, err := os.CreateTemp("", "sessiontop-*.spool") // mode 0600
	if err != nil {
		return &spool{}
	}
	os.Remove(file.Name()) // where the system does not allow it, Close does it
	return &spool{file: file}
}

// newSpool copies the blocks to their end. Where the disk does not take them
// all, the rest is left in rest.
func newSpool(from blocks) *spool {
	s := createSpool()
	if s.file == nil {
		s.rest = from
		return s
	}
	for {
		b, err := from.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, tail.ErrNoData) {
				s.err = err
			}
			return s
		}
		if err := s.write(b); err != nil {
			s.rest = &blockThen{b, from}
			return s
		}
		b.Release()
	}
}

// write copies a block. What was passed over before it becomes a line of its
// own.
func (s *spool) write(b tail.Block) error {
	if b.Offset > s.size {
		if _, err := s.file.WriteAt([]byte{'\n'}, b.Offset-1); err != nil {
			return err
		}
	}
	if _, err := s.file.WriteAt(b.Data, b.Offset); err != nil {
		return err
	}
	s.size = b.Offset + int64(len(b.Data))
	return nil
}

// layout is in what order the copied lines stand.
func (s *spool) layout() layout {
	if s.rest != nil {
		return unknown()
	}
	l, err := survey(s.file, s.size)
	if err != nil {
		return unknown()
	}
	return l
}

// all are the blocks of the source: the copied ones and the rest.
func (s *spool) all(source uint32) blocks {
	if s.file == nil {
		return s.rest
	}
	copied := &stretch{r: s.file, source: source, end: s.size, size: blockSize}
	if s.rest == nil {
		return copied
	}
	return &inTurn{copied, s.rest}
}

// Close gives the disk space back.
func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	os.Remove(s.file.Name())
	return err
}

// blockThen gives one block before the others.
type blockThen struct {
	block tail.Block
	then  blocks
}

func (b *blockThen) Next() (tail.Block, error) {
	if b.block.Data == nil {
		return b.then.Next()
	}
	first := b.block
	b.block = tail.Block{}
	return first, nil
}

// inTurn gives the blocks of first to their io.EOF, then those of then.
type inTurn struct{ first, then blocks }

func (t *inTurn) Next() (tail.Block, error) {
	b, err := t.first.Next()
	if err == io.EOF {
		t.first = t.then
		return t.then.Next()
	}
	return b, err
}
