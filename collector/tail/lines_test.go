package tail_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// keptLines are the lines that a reader gives: all but those too long.
func keptLines(data []byte, maxLine int) (kept [][]byte, skipped int) {
	for line := range bytes.Lines(data) {
		if len(bytes.TrimSuffix(line, []byte("\n"))) > maxLine {
			skipped++
			continue
		}
		kept = append(kept, line)
	}
	return kept, skipped
}

// FuzzLines cuts any bytes into blocks and compares their lines with those of
// the standard library, for all the forms that a source can have.
func FuzzLines(f *testing.F) {
	f.Add([]byte("one\ntwo\r\n\n\nlast"), uint8(4), uint8(8))
	f.Add([]byte("a line that is much too long\nshort\n"), uint8(1), uint8(0))
	f.Add([]byte("exactly8\nexactly9!\n\n12345678"), uint8(8), uint8(0))
	f.Add(bytes.Repeat([]byte("x"), 5000), uint8(16), uint8(255))
	f.Fuzz(func(t *testing.T, data []byte, blockSize, more uint8) {
		if bytes.HasPrefix(data, []byte{0}) {
			data = append([]byte("x"), data...) // NUL bytes that open a file are a hole
		}
		opt := tail.Options{BlockSize: int(blockSize) + 1, MaxLine: int(blockSize) + 1 + int(more), PollOnly: true, SpillSize: -1}
		want, skipped := keptLines(data, opt.MaxLine)
		dir := t.TempDir()
		write(t, filepath.Join(dir, "plain"), string(data))
		write(t, filepath.Join(dir, "gzip.gz"), string(gz(t, data)))
		write(t, filepath.Join(dir, "zstd.zst"), string(zst(t, data)))
		set, err := tail.NewSet([]string{filepath.Join(dir, "plain"), filepath.Join(dir, "gzip.gz"), filepath.Join(dir, "zstd.zst")}, opt)
		must(t, err)
		defer set.Close()
		files := append(set.Scan(), set.AddStream(bytes.NewReader(data), "stream"))
		for _, file := range files {
			got := blockLines(t, set, file, data, opt.BlockSize)
			if !equalLines(got, want) {
				t.Errorf("%s: got %q, want %q", file.Info().Name, got, want)
			}
			if s := file.Info(); s.Skipped != int64(skipped) || s.Offset != int64(len(data)) || s.Err != nil {
				t.Errorf("%s: %+v, want %d skipped of %d bytes", s.Name, s, skipped, len(data))
			}
		}
	})
}

// blockLines reads a file to its end and checks each block.
func blockLines(t *testing.T, set *tail.Set, file *tail.File, data []byte, blockSize int) (lines [][]byte) {
	t.Helper()
	for {
		b, err := file.Next()
		if err == io.EOF {
			return lines
		}
		if err == tail.ErrNoData {
			set.Wait(t.Context(), 0)
			continue
		}
		must(t, err)
		if !bytes.Equal(b.Data, data[b.Offset:b.Offset+int64(len(b.Data))]) {
			t.Fatalf("%s: the block at %d holds other bytes: %q", file.Info().Name, b.Offset, b.Data)
		}
		n := 0
		for line := range bytes.Lines(b.Data) {
			lines = append(lines, bytes.Clone(line))
			n++
		}
		if len(b.Data) > blockSize && n > 1 {
			t.Fatalf("%s: a block of %d bytes has %d lines", file.Info().Name, len(b.Data), n)
		}
		b.Release()
	}
}

func equalLines(a, b [][]byte) bool {
	return bytes.Equal(bytes.Join(a, []byte("|")), bytes.Join(b, []byte("|"))) && len(a) == len(b)
}

// TestLongestLine: a line may have MaxLine bytes; one byte more and it is left
// out, and the lines after it go on.
func TestLongestLine(t *testing.T) {
	const limit = 64 << 20 // the default
	text := append(bytes.Repeat([]byte("x"), limit), "\nshort\n"...)
	text = append(text, bytes.Repeat([]byte("y"), limit+1)...)
	at := int64(limit + len("\nshort\n"))
	text = append(text, "\nafter\n"...)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "w.jsonl"), text, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "z.jsonl.gz"), gz(t, text), 0o600))
	set, err := tail.NewSet([]string{dir}, tail.Options{SpillSize: -1})
	must(t, err)
	defer set.Close()
	for _, file := range append(set.Scan(), set.AddStream(bytes.NewReader(text), "stream")) {
		var got []string
		for line := range bytes.Lines(joined(t, set, file)) {
			got = append(got, fmt.Sprintf("%.5s %d", line, len(line)))
		}
		want := []string{fmt.Sprintf("xxxxx %d", limit+1), "short 6", "after 6"}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: lines %q, want %q", file.Info().Name, got, want)
		}
		s := file.Info()
		if s.Skipped != 1 || s.SkippedAt != at || !strings.Contains(s.SkippedWhy, "longer than 64 MiB") {
			t.Errorf("%s: %d skipped, the first at %d because of %q", s.Name, s.Skipped, s.SkippedAt, s.SkippedWhy)
		}
	}
}

func joined(t *testing.T, set *tail.Set, file *tail.File) (all []byte) {
	for {
		b, err := file.Next()
		if err == io.EOF {
			return all
		}
		if err == tail.ErrNoData {
			set.Wait(t.Context(), 0)
			continue
		}
		must(t, err)
		all = append(all, b.Data...)
		b.Release()
	}
}

// TestLongLineGrows: a long line that is written bit by bit is given when it
// is complete.
func TestLongLineGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.jsonl")
	write(t, path, "")
	opt := fast()
	opt.BlockSize, opt.MaxLine = 1<<10, 1<<20
	r := newReader(t, []string{path}, opt)
	part := strings.Repeat("x", 3000)
	for range 20 {
		appendTo(t, path, part)
		r.look()
		r.drain()
	}
	if got := r.text("w.jsonl"); got != "" {
		t.Fatalf("a block before the line was complete: %d bytes", len(got))
	}
	want := strings.Repeat(part, 20) + "\nnext\n"
	appendTo(t, path, "\nnext\n")
	r.until("the line", func() bool { return r.text("w.jsonl") == want })
	appendTo(t, path, strings.Repeat("y", 1<<20)+"y")
	r.look()
	r.drain()
	appendTo(t, path, "y\nlast\n")
	r.until("the line after one too long", func() bool { return strings.HasSuffix(r.text("w.jsonl"), "last\n") })
	if s, _ := r.source("w.jsonl"); s.Skipped != 1 || s.SkippedAt != int64(len(want)) || len(r.got[0]) != len(want)+1<<20+8 {
		t.Errorf("%+v", s)
	}
}
