package tail_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/tail"
)

func TestReadsAFolderOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.jsonl"), "a3\na4 without newline")
	write(t, filepath.Join(dir, "a.jsonl.1"), "a2\n")
	write(t, filepath.Join(dir, "a.jsonl.2.gz"), string(gz(t, []byte("a1\r\n\x00\n"))))
	write(t, filepath.Join(dir, "a.jsonl.3.zst"), string(zst(t, []byte("a0\npartial"))))
	write(t, filepath.Join(dir, "sub", "deep", "b.log"), "b\n")
	write(t, filepath.Join(dir, "trace.4121"), "c\n")
	write(t, filepath.Join(dir, "wire.pcap"), "d\n")
	write(t, filepath.Join(dir, "notes.txt"), "not a log\n")
	write(t, filepath.Join(dir, ".hidden.log"), "hidden\n")
	write(t, filepath.Join(dir, "empty.ndjson"), "")
	r := newReader(t, []string{dir}, tail.Options{})
	r.all()
	want := []struct{ name, text string }{
		{"a.jsonl.3.zst", "a0\npartial"},
		{"a.jsonl.2.gz", "a1\r\n\x00\n"},
		{"a.jsonl.1", "a2\n"},
		{"a.jsonl", "a3\na4 without newline"},
		{"empty.ndjson", ""},
		{"trace.4121", "c\n"},
		{"wire.pcap", "d\n"},
		{filepath.Join("sub", "deep", "b.log"), "b\n"},
	}
	all := r.set.Sources()
	if len(all) != len(want) {
		t.Fatalf("%d sources, want %d: %+v", len(all), len(want), all)
	}
	for i, w := range want {
		if all[i].Name != w.name || string(r.got[uint32(i)]) != w.text {
			t.Errorf("source %d is %q with %q, want %q with %q", i, all[i].Name, r.got[uint32(i)], w.name, w.text)
		}
		if s := all[i]; !s.Done || s.Err != nil || s.Read != s.Size || s.Offset != int64(len(w.text)) {
			t.Errorf("%s: %+v", s.Name, s)
		}
	}
}

func TestNamedFilesGlobsAndLinksAreReadOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "odd name"), "odd\n")
	write(t, filepath.Join(dir, "x1.jsonl"), "x1\n")
	write(t, filepath.Join(dir, "x2.jsonl"), "x2\n")
	write(t, filepath.Join(dir, "y[1].jsonl"), "y\n")
	must(t, os.Symlink("x1.jsonl", filepath.Join(dir, "link.jsonl")))
	must(t, os.Link(filepath.Join(dir, "x2.jsonl"), filepath.Join(dir, "hard.jsonl")))
	r := newReader(t, []string{
		filepath.Join(dir, "odd name"), filepath.Join(dir, "x*.jsonl"),
		filepath.Join(dir, "y[1].jsonl"), filepath.Join(dir, ".", "x1.jsonl"), dir,
	}, tail.Options{})
	r.all()
	var texts []string
	for _, got := range r.got {
		texts = append(texts, string(got))
	}
	if len(texts) != 4 {
		t.Errorf("%d sources with text, want 4: %q", len(texts), texts)
	}
	for _, name := range []string{"odd", "x1", "x2", "y"} {
		if n := strings.Count(strings.Join(texts, ""), name+"\n"); n != 1 {
			t.Errorf("%s was read %d times", name, n)
		}
	}
}

func TestPathsThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		"":                                 "empty path",
		filepath.Join(dir, "gone.jsonl"):   "no such file",
		filepath.Join(dir, "*.jsonl"):      "no file matches",
		filepath.Join(dir, "["):            "syntax error in pattern",
		filepath.Join(dir, "old.jsonl.xz"): "decompress it first",
		os.DevNull:                         "neither a file nor a folder",
	} {
		_, err := tail.NewSet([]string{path}, tail.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("NewSet(%q): %v, want the path and %q", path, err, want)
		}
	}
}

func TestFoldersTooDeepAreAProblem(t *testing.T) {
	dir := t.TempDir()
	deep := dir
	for range 9 {
		deep = filepath.Join(deep, "d")
	}
	write(t, filepath.Join(deep, "w.jsonl"), "deep\n")
	r := newReader(t, []string{dir}, tail.Options{})
	r.all()
	if p := r.set.Problems(); len(p) != 1 || p[0].Path != deep || len(r.got) != 0 {
		t.Errorf("problems %v, sources %v", p, r.set.Sources())
	}
}

// banner is longer than what files are told apart by at first.
var banner = strings.Repeat("the same banner opens every log\n", 100)

func TestLogsThatBeginAlikeAreAllRead(t *testing.T) {
	want := map[string]string{
		"w.jsonl":       banner + "3\n",
		"w.jsonl.1":     banner + "2 is as long as 1\n",
		"w.jsonl.2":     banner + "1 is as long as 2\n",
		"w.jsonl.3.gz":  banner + "0\n",
		"w.jsonl.4.zst": banner + "-1\n",
		"w.jsonl.5.zst": banner + "-2\n",
	}
	for _, follow := range []bool{false, true} {
		dir := t.TempDir()
		for name, text := range want {
			data := []byte(text)
			switch filepath.Ext(name) {
			case ".gz":
				data = gz(t, data)
			case ".zst":
				data = zst(t, data)
			}
			write(t, filepath.Join(dir, name), string(data))
		}
		opt := fast()
		opt.Follow = follow
		r := newReader(t, []string{dir}, opt)
		r.until("all logs", func() bool { return len(r.got) == len(want) })
		for name, text := range want {
			if r.text(name) != text {
				t.Errorf("follow %v: %s: %d bytes, want %d", follow, name, len(r.text(name)), len(text))
			}
		}
	}
}

func TestCopiesAreNotReadTwice(t *testing.T) {
	dir := t.TempDir()
	text := banner + "1\n2\n"
	write(t, filepath.Join(dir, "w.jsonl"), text)
	write(t, filepath.Join(dir, "w.jsonl.1"), text[:len(text)-3]) // being copied
	write(t, filepath.Join(dir, "w.jsonl.2.gz"), string(gz(t, []byte(text))))
	half := gz(t, []byte(text))
	write(t, filepath.Join(dir, "w.jsonl.3.gz"), string(half[:len(half)/2]))
	r := newReader(t, []string{dir}, tail.Options{})
	r.all()
	if len(r.got) != 1 || r.text("w.jsonl") != text {
		t.Errorf("%d sources were read: %s", len(r.got), r.describe())
	}
}

func TestCompressedCopyLongerThanTheHome(t *testing.T) {
	dir := t.TempDir()
	text := banner + "1\n2\n"
	write(t, filepath.Join(dir, "w.jsonl.1"), text[:len(text)-3]) // decompressing was broken off
	write(t, filepath.Join(dir, "w.jsonl.1.gz"), string(gz(t, []byte(text))))
	r := newReader(t, []string{dir}, tail.Options{})
	r.all()
	var got []byte
	for _, g := range r.got {
		got = append(got, g...)
	}
	if !bytes.Equal(got, []byte(text)) {
		t.Errorf("got %d bytes, want %d: %s", len(got), len(text), r.describe())
	}
}
