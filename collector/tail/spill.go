package tail

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// spill keeps the last bytes of a stream in a file that has no name, as a ring.
type spill struct {
	mu      sync.RWMutex
	file    *os.File
	size    int64
	written int64
	err     error // why nothing is kept
}

func newSpill(size int64) *spill {
	sp := &spill{size: size}
	if size == 0 {
		sp.err = errors.New("nothing is kept of streams")
		return sp
	}
	sp.file, sp.err = os.CreateTemp("", "sessiontop-*.spill") // mode 0600
	if sp.err == nil {
		os.Remove(sp.file.Name()) // where the system does not allow it, close does it
	}
	return sp
}

// write keeps p, which follows what was kept before.
func (sp *spill) write(p []byte) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for len(p) > 0 && sp.err == nil {
		at := sp.written % sp.size
		n := int(min(int64(len(p)), sp.size-at))
		_, sp.err = sp.file.WriteAt(p[:n], at)
		sp.written += int64(n)
		p = p[n:]
	}
}

// read returns n bytes from an offset of the stream.
func (sp *spill) read(offset int64, n int) ([]byte, error) {
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	end := offset + int64(n)
	switch {
	case sp.err != nil:
		return nil, sp.err
	case end > sp.written:
		return nil, fmt.Errorf("the stream has had only %d bytes", sp.written)
	case offset < sp.written-sp.size:
		return nil, fmt.Errorf("no longer kept: only the last %d bytes of a stream are", sp.size)
	}
	data := make([]byte, n)
	for got := 0; got < n; {
		at := (offset + int64(got)) % sp.size
		part := data[got:min(int64(n), int64(got)+sp.size-at)]
		if _, err := sp.file.ReadAt(part, at); err != nil {
			return nil, err
		}
		got += len(part)
	}
	return data, nil
}

func (sp *spill) close() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.file == nil {
		return
	}
	sp.file.Close()
	os.Remove(sp.file.Name())
	sp.file, sp.err = nil, os.ErrClosed
}
