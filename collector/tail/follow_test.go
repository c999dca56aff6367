package tail_test

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReadsAFolderOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.jsonl"), "a3\na4 without newline")
	write(t, filepath.Join(dir, "a.jsonl.1"), "a2\n")
	must(t, os.WriteFile(filepath.Join(dir, "a.jsonl.2.gz"), gz(t, []byte("a1\r\n\x00\n")), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "a.jsonl.3.zst"), zst(t, []byte("a0\npartial")), 0o600))
	write(t, filepath.Join(dir, "sub", "deep", "b.log"), "b\n")
	write(t, filepath.Join(dir, "notes.txt"), "not a log\n")
	write(t, filepath.Join(dir, ".hidden.log"), "hidden\n")
	write(t, filepath.Join(dir, "empty.ndjson"), "")
	r := newReader(t, []string{dir}, optionsOnce)
	r.all()
	want := []struct{ name, text string }{
		{"a.jsonl.3.zst", "a0\npartial"},
		{"a.jsonl.2.gz", "a1\r\n\x00\n"},
		{"a.jsonl.1", "a2\n"},
		{"a.jsonl", "a3\na4 without newline"},
		{"empty.ndjson", ""},
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
