//go:build unix

package tail

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// addPipe makes a FIFO a source. Opening it waits for a writer. When following
// it is opened for writing too, so that it does not end with a writer and the
// next one can go on.
func (s *Set) addPipe(c *candidate) *File {
	f := s.newStream(c.path, s.shortName(c.path))
	f.home = &place{path: c.path, id: c.st.id, look: s.look}
	s.byID[c.st.id] = f
	flag := os.O_RDONLY
	if s.opt.Follow {
		flag = os.O_RDWR
	}
	opened := make(chan *os.File, 1)
	f.stream.stop = func() error { return stopPipe(c.path, opened) }
	go func() {
		file, err := os.OpenFile(c.path, flag, 0)
		if err != nil {
			close(opened)
			f.stream.end(err)
			return
		}
		opened <- file
		f.stream.run(file)
		file.Close()
	}()
	return f
}

// stopPipe closes a FIFO; one that still waits for a writer gets one.
func stopPipe(path string, opened <-chan *os.File) error {
	for {
		writer, err := os.OpenFile(path, os.O_WRONLY|unix.O_NONBLOCK, 0)
		if err == nil {
			defer writer.Close()
		}
		select {
		case file, ok := <-opened:
			if !ok {
				return nil
			}
			return file.Close()
		case <-time.After(time.Millisecond):
		}
		if _, err := os.Lstat(path); err != nil {
			return nil // no one can reach it any more, the opener included
		}
	}
}
