package tail_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// noise is n lines that do not compress well.
func noise(n int) string {
	var b strings.Builder
	x := uint64(88172645463325252)
	for range n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		fmt.Fprintf(&b, "%x\n", x)
	}
	return b.String()
}

func TestCompressedDataCutOffAnywhere(t *testing.T) {
	text := noise(30)
	for name, whole := range map[string][]byte{"w.gz": gz(t, []byte(text)), "w.zst": zst(t, []byte(text))} {
		for n := range len(whole) {
			path := filepath.Join(t.TempDir(), name)
			write(t, path, string(whole[:n]))
			r := newReader(t, []string{path}, tail.Options{})
			r.all()
			s, _ := r.source(name)
			if s.Err == nil || !strings.Contains(s.Err.Error(), "ends early") || !strings.Contains(s.Err.Error(), path) {
				t.Errorf("%s cut off at %d of %d: error %v", name, n, len(whole), s.Err)
			}
			if !strings.HasPrefix(text, r.text(name)) {
				t.Errorf("%s cut off at %d: got %q", name, n, r.text(name))
			}
		}
	}
}

func TestDamagedDataIsReadUpToTheDamage(t *testing.T) {
	text := noise(100_000)
	for name, data := range map[string][]byte{"w.gz": gz(t, []byte(text)), "w.zst": zst(t, []byte(text))} {
		for _, follow := range []bool{false, true} {
			dir := t.TempDir()
			damaged := append([]byte(nil), data...)
			for i := range 100 {
				damaged[len(damaged)/2+i] ^= 0xff
			}
			path := filepath.Join(dir, name)
			write(t, path, string(damaged))
			write(t, filepath.Join(dir, "other.log"), "other\n")
			opt := fast()
			opt.Follow = follow
			r := newReader(t, []string{path, filepath.Join(dir, "other.log")}, opt)
			r.until("the end", func() bool { return r.ends[1] && r.text("other.log") == "other\n" })
			s, _ := r.source(name)
			if s.Err == nil || !strings.Contains(s.Err.Error(), "damaged") || !strings.Contains(s.Err.Error(), "at byte") {
				t.Errorf("%s: error %v", name, s.Err)
			}
			// gzip may notice only by the checksum, at the very end.
			if got := r.text(name); len(got) < len(text)/4 || got[:len(text)/4] != text[:len(text)/4] {
				t.Errorf("%s: got %d bytes of %d, the damage is in the middle", name, len(got), len(text))
			}
		}
	}
}

// TestCompressedFileGrows: one that is still being written is read on when
// more of it is there.
func TestCompressedFileGrows(t *testing.T) {
	text := noise(2000)
	for name, whole := range map[string][]byte{"w.jsonl.1.gz": gz(t, []byte(text)), "w.jsonl.2.zst": zst(t, []byte(text))} {
		path := filepath.Join(t.TempDir(), name)
		write(t, path, "")
		r := newReader(t, []string{filepath.Dir(path)}, fast())
		for part := range 4 {
			appendTo(t, path, string(whole[len(whole)*part/4:len(whole)*(part+1)/4]))
			r.look()
			r.drain()
		}
		r.until("all lines", func() bool { return r.text(name) == text && r.ends[0] })
		if s, _ := r.source(name); s.Err != nil || s.Read != s.Size || !s.Compressed {
			t.Errorf("%+v", s)
		}
		appendTo(t, path, string(whole)) // both formats may be appended to
		r.until("the second part", func() bool { return r.text(name) == text+text })
	}
}

// TestTooFewDecoders: many compressed files are read in turns with two
// handles, so that each turn begins anew.
func TestTooFewDecoders(t *testing.T) {
	dir := t.TempDir()
	want := map[string]string{}
	for i := range 8 {
		name := fmt.Sprintf("w%d.log.1.gz", i)
		want[name] = fmt.Sprintf("%d\n", i) + noise(2000)
		write(t, filepath.Join(dir, name), string(gz(t, []byte(want[name]))))
	}
	r := newReader(t, []string{dir}, tail.Options{MaxHandles: 2, BlockSize: 4096})
	r.all()
	for name, text := range want {
		if r.text(name) != text {
			t.Errorf("%s: got %d bytes of %d", name, len(r.text(name)), len(text))
		}
	}
}

// TestOldCompressedFileIsNotWaitedFor: without Linger having passed nothing
// keeps a complete file from being read at once.
func TestOldCompressedFileIsNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.log.1.gz")
	must(t, os.WriteFile(path, gz(t, []byte("1\nlast")), 0o600))
	opt := fast()
	opt.Linger = time.Hour
	r := newReader(t, []string{path}, opt)
	r.until("the end", func() bool { return r.ends[0] })
	if got := r.text("w.log.1.gz"); got != "1\nlast" {
		t.Errorf("got %q", got)
	}
}

// TestDecompressedFileIsNotReadTwice: someone unpacks a rotated log, in steps,
// while it is being followed.
func TestDecompressedFileIsNotReadTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.log.1")
	text := noise(1000)
	write(t, path+".gz", string(gz(t, []byte(text))))
	opt := fast()
	opt.BlockSize = 512
	r := newReader(t, []string{filepath.Dir(path)}, opt)
	r.scan()
	r.step(r.live[0]) // less than a head has been read
	for _, part := range []string{"", text[:9], text[9:5000], text[5000:]} {
		appendTo(t, path, part)
		r.look()
	}
	must(t, os.Remove(path+".gz"))
	r.settle()
	if len(r.got) != 1 || string(r.got[0]) != text {
		t.Errorf("%d sources: %s", len(r.got), r.describe())
	}
}
