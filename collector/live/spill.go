package live

import (
	"fmt"
	"os"
	"sync"

	"github.com/sessiontop/sessiontop/model"
)

// spill keeps the newest lines, in a file that has no name any more: it is gone
// with the process, however that ends. All methods may be called from any
// goroutine.
type spill struct {
	file *os.File
	size int64 // bytes kept

	mu  sync.RWMutex
	end int64 // bytes written ever
}

func newSpill(dir string, size int64) (*spill, error) {
	f, err := os.CreateTemp(dir, "sessiontop-live-*")
	if err != nil {
		return nil, fmt.Errorf("messages must be kept on disk to be shown: %w; set TMPDIR to a folder that can be written", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("live capture: %w", err)
	}
	return &spill{file: f, size: size}, nil
}

// write appends b; the oldest bytes go. Of more than fits, the last stays.
func (s *spill) write(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.end
	s.end += int64(len(b))
	if over := int64(len(b)) - s.size; over > 0 {
		b = b[over:]
		at += over
	}
	for len(b) > 0 {
		from := at % s.size
		n := min(int64(len(b)), s.size-from)
		if _, err := s.file.WriteAt(b[:n], from); err != nil {
			return fmt.Errorf("messages can't be kept: %w", err)
		}
		b, at = b[n:], at+n
	}
	return nil
}

// read is what was written at o.
func (s *spill) read(o model.Origin) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := int64(o.Len)
	if o.Offset < s.end-s.size {
		return nil, fmt.Errorf("the message is no longer kept: only the newest %d MiB are", s.size>>20)
	}
	if o.Offset < 0 || n > s.end-o.Offset {
		return nil, fmt.Errorf("there is no message at offset %d", o.Offset)
	}
	b := make([]byte, n)
	for done := int64(0); done < n; {
		from := (o.Offset + done) % s.size
		k := min(n-done, s.size-from)
		if _, err := s.file.ReadAt(b[done:done+k], from); err != nil {
			return nil, fmt.Errorf("the message can't be read: %w", err)
		}
		done += k
	}
	return b, nil
}

func (s *spill) close() error { return s.file.Close() }
