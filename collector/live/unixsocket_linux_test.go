//go:build amd64 || arm64

package live

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/cilium/ebpf/ringbuf"
	"golang.org/x/sys/unix"
)

// unixPair is both ends of a Unix socket of this process, which is watched.
type unixPair struct {
	t    *testing.T
	c    *Capture
	ends [2]int
	sent [2][]byte // what was written to each end
}

func newUnixPair(t *testing.T) *unixPair {
	c, err := Attach(Options{Select: Selector{PIDs: []int32{int32(os.Getpid())}}, Dir: t.TempDir()})
	var missing *RequirementError
	if errors.As(err, &missing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	p := &unixPair{t: t, c: c}
	if p.ends, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		unix.Close(p.ends[0])
		unix.Close(p.ends[1])
	})
	return p
}

func (p *unixPair) write(end int, text string) {
	p.t.Helper()
	if _, err := unix.Write(p.ends[end], []byte(text)); err != nil {
		p.t.Fatal(err)
	}
	p.sent[end] = append(p.sent[end], text...)
}

// read reads in several ways what was written to the other end: looking first, to
// where nothing can be written, in pieces, and as much as there is.
func (p *unixPair) read(end int) {
	p.t.Helper()
	buf := make([]byte, 1000)
	if n, _, err := unix.Recvfrom(p.ends[end], buf, unix.MSG_PEEK); n == 0 || err != nil {
		p.t.Fatal(n, err)
	}
	if n, _, err := unix.Syscall(unix.SYS_READ, uintptr(p.ends[end]), 1, 10); err != unix.EFAULT {
		p.t.Fatal(n, err)
	}
	for _, size := range []int{3, 5, len(buf)} {
		if n, err := unix.Read(p.ends[end], buf[:size]); n == 0 || err != nil {
			p.t.Fatal(n, err)
		}
	}
}

// samples are those of bytes that were told so far.
func (p *unixPair) samples() (all []sample) {
	var rec ringbuf.Record
	p.c.reader.SetDeadline(time.Now())
	for p.c.reader.ReadInto(&rec) == nil {
		if s, ok := parseSample(rec.RawSample); ok && (s.kind == sampleSent || s.kind == sampleReceived || s.kind == sampleTaken) {
			s.data = bytes.Clone(s.data)
			all = append(all, s)
		}
	}
	return all
}

// TestUnixSocketOffsets: what is read of a Unix socket has its place in the stream
// in whatever way it is read. What the other end reads is told from when others
// than this process may hold it.
func TestUnixSocketOffsets(t *testing.T) {
	p := newUnixPair(t)
	var untold int64
	for _, forked := range []bool{false, true} {
		if forked {
			untold = int64(len(p.sent[0]))
			if err := exec.Command("true").Run(); err != nil {
				t.Skip(err)
			}
		}
		for end := range 2 {
			p.write(end, "the first of two ")
			p.write(end, "and the second\n")
			p.read(1 - end)
		}
	}
	cookies := map[uint64]int{}
	for end, fd := range p.ends {
		cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_COOKIE)
		if err != nil {
			t.Fatal(err)
		}
		cookies[cookie] = end
	}
	received, taken := [2][]byte{}, [2][]byte{}
	for _, s := range p.samples() {
		end, ours := cookies[s.cookie]
		if s.kind == sampleSent || !ours {
			continue
		}
		to, from := &received, int64(0)
		if s.kind == sampleTaken {
			to, from = &taken, untold
		}
		if s.flags&hasOffset == 0 || s.flags&guessed != 0 || s.off-from != int64(len(to[end])) {
			t.Errorf("%d bytes of end %d at %d, flags %b: want %d", len(s.data), end, s.off, s.flags, from+int64(len(to[end])))
		}
		to[end] = append(to[end], s.data...)
	}
	for end := range 2 {
		if !bytes.Equal(received[1-end], p.sent[end]) || !bytes.Equal(taken[end], p.sent[end][untold:]) {
			t.Errorf("end %d wrote %q; %q was received, %q taken of it", end, p.sent[end], received[1-end], taken[end])
		}
	}
}
