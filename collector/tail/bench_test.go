package tail_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/tail"
)

// logText is n bytes of lines as long as those of a session log.
func logText(n int) []byte {
	line := []byte(`{"ts":"2026-11-22T09:00:00.000100000Z","pid":4121,"ppid":4119,"tid":4121,"comm":"worker","ev":"send","ino":88211,"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","opener":4119,"msg":{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}}` + "\n")
	return bytes.Repeat(line, n/len(line))
}

func benchmarkRead(b *testing.B, name string, data []byte, plain int) {
	path := filepath.Join(b.TempDir(), name)
	must(b, os.WriteFile(path, data, 0o600))
	b.SetBytes(int64(plain))
	b.ReportAllocs()
	for b.Loop() {
		set, err := tail.NewSet([]string{path}, tail.Options{})
		must(b, err)
		n := 0
		for _, f := range set.Scan() {
			for {
				block, err := f.Next()
				if err == io.EOF {
					break
				}
				n += len(block.Data)
				block.Release()
			}
		}
		if n != plain {
			b.Fatalf("%d bytes of %d", n, plain)
		}
		must(b, set.Close())
	}
}

// BenchmarkReadPlain reads a file from the page cache on one core.
func BenchmarkReadPlain(b *testing.B) {
	data := logText(256 << 20)
	benchmarkRead(b, "w.jsonl", data, len(data))
}

func BenchmarkReadGzip(b *testing.B) {
	data := logText(64 << 20)
	benchmarkRead(b, "w.jsonl.gz", gz(b, data), len(data))
}

func BenchmarkReadZstd(b *testing.B) {
	data := logText(64 << 20)
	benchmarkRead(b, "w.jsonl.zst", zst(b, data), len(data))
}

// BenchmarkIdleTurn is what a turn of the loop costs for each file that has
// nothing new, when no look at the disk is due.
func BenchmarkIdleTurn(b *testing.B) {
	const n = 1000
	set, files := idleSet(b, n, tail.Options{Follow: true, PollMin: time.Hour, PollMax: time.Hour})
	b.ReportAllocs()
	turns := 0
	for b.Loop() {
		set.Scan()
		for _, f := range files {
			if _, err := f.Next(); err != tail.ErrNoData {
				b.Fatal(err)
			}
		}
		turns++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(turns)/n, "ns/file")
}

// BenchmarkLook is a look at the disk with 10,000 files that do not change.
func BenchmarkLook(b *testing.B) {
	set, _ := idleSet(b, 10_000, tail.Options{Follow: true, PollOnly: true})
	b.ReportAllocs()
	for b.Loop() {
		set.LookNow()
	}
}

func idleSet(b *testing.B, n int, opt tail.Options) (*tail.Set, []*tail.File) {
	dir := b.TempDir()
	for i := range n {
		write(b, filepath.Join(dir, fmt.Sprintf("worker-%d.jsonl", i)), "{}\n")
	}
	set, err := tail.NewSet([]string{dir}, opt)
	must(b, err)
	b.Cleanup(func() { set.Close() })
	files := set.Scan()
	if len(files) != n {
		b.Fatalf("%d files of %d", len(files), n)
	}
	for _, f := range files {
		for {
			block, err := f.Next()
			if err != nil {
				break
			}
			block.Release()
		}
	}
	return set, files
}

// BenchmarkAppended is one line written, noticed and read, with one file.
func BenchmarkAppended(b *testing.B) {
	path := filepath.Join(b.TempDir(), "w.jsonl")
	write(b, path, "")
	set, err := tail.NewSet([]string{path}, tail.Options{Follow: true})
	must(b, err)
	defer set.Close()
	files := set.Scan()
	out, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	must(b, err)
	defer out.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for b.Loop() {
		_, err := out.WriteString("{}\n")
		must(b, err)
		for read := false; ; {
			block, err := files[0].Next()
			if err == nil {
				block.Release()
				read = true
				continue
			}
			if read {
				break
			}
			set.Wait(ctx, 0)
			set.Scan()
		}
	}
}
