package record_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/sessiontop/sessiontop/collector/record"
)

// line is what the tests look at in a line.
type line struct {
	V, PID, PPID, TID, Seq, N int
	Start                     uint64
	Mono                      int64
	Comm, Ev, URL, Err, Raw   string
	Msg                       json.RawMessage
}

func parse(t *testing.T, text string) []line {
	t.Helper()
	if !strings.HasSuffix(text, "\n") {
		t.Fatalf("the last line is cut off: %q", text)
	}
	var out []line
	for s := range strings.Lines(text) {
		var l line
		if err := json.Unmarshal([]byte(s), &l); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		out = append(out, l)
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWriterFromManyGoroutines(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	self := record.Self()
	w, err := record.Create(dir, self)
	if err != nil {
		t.Fatal(err)
	}
	const goroutines, each = 8, 100
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range each {
				w.Write(record.Record{Event: record.Send, Msg: []byte(`{"id":1,"method":"eth_accounts"}`)})
			}
		})
	}
	wg.Wait()
	w.Close()
	lines := parse(t, read(t, filepath.Join(dir, self.FileName())))
	if len(lines) != goroutines*each || w.Dropped() != 0 {
		t.Fatalf("%d lines, %d dropped; want %d and 0", len(lines), w.Dropped(), goroutines*each)
	}
	for i, l := range lines {
		if l.Seq != i+1 || (l.V == 1) != (i == 0) {
			t.Fatalf("line %d has seq %d and v %d", i, l.Seq, l.V)
		}
		if l.PID != os.Getpid() || l.PPID != os.Getppid() || l.Comm == "" {
			t.Fatalf("line %d is by %+v", i, l)
		}
		if runtime.GOOS == "linux" && (l.Start == 0 || l.Mono == 0 || l.TID == 0 || i > 0 && l.Mono < lines[i-1].Mono) {
			t.Fatalf("line %d has start %d, tid %d, mono %d", i, l.Start, l.TID, l.Mono)
		}
	}
}

// A file that was there may end within a line: its writer was killed.
func TestALineBeginsOnALineOfItsOwn(t *testing.T) {
	dir, p := t.TempDir(), record.Process{PID: 7, Comm: "w"}
	for _, c := range []struct{ before, want string }{
		{"", ""}, {"{}\n", "{}\n"}, {`{"v":1,"ts"`, `{"v":1,"ts"` + "\n"},
	} {
		path := filepath.Join(dir, p.FileName())
		if err := os.WriteFile(path, []byte(c.before), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := record.Create(dir, p)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(record.Record{Event: record.Exec})
		w.Close()
		rest, ok := strings.CutPrefix(read(t, path), c.want)
		if l := parse(t, rest); !ok || len(l) != 1 || l[0].Seq != 1 || l[0].V != 1 {
			t.Errorf("after %q the file is %q", c.before, read(t, path))
		}
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	dir := t.TempDir()
	p := record.Process{PID: 1, Comm: "worker"}
	path := filepath.Join(dir, p.FileName())
	if err := os.WriteFile(path, []byte("before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w, err := record.Create(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(record.Record{Event: record.Open})
	w.Close()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if st.Mode() != 0o600 {
		t.Errorf("mode %v, want 0600", st.Mode())
	}
	if text := read(t, path); !strings.HasPrefix(text, "before\n{") {
		t.Errorf("not appended: %q", text)
	}

	other := record.Process{PID: 2, Comm: "worker"}
	if err := os.Symlink(path, filepath.Join(dir, other.FileName())); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Create(dir, other); err == nil {
		t.Error("a symbolic link was followed")
	}
}

func TestFileName(t *testing.T) {
	for comm, want := range map[string]string{
		"worker":                 "worker-7.jsonl",
		"":                       "_-7.jsonl",
		"..":                     "_..-7.jsonl",
		"../../etc/passwd":       "_.._.._etc_passwd-7.jsonl",
		"Wörker 1\n\x1b[31m":     "W_rker_1___31m-7.jsonl",
		strings.Repeat("a", 999): strings.Repeat("a", 64) + "-7.jsonl",
	} {
		if got := (record.Process{PID: 7, Comm: comm}).FileName(); got != want {
			t.Errorf("FileName of %q = %q, want %q", comm, got, want)
		}
	}
}

func TestWriterRedacts(t *testing.T) {
	const secret = "hunter2-0123456789abcdef"
	dir := t.TempDir()
	w, err := record.Create(dir, record.Process{PID: 7, Comm: "w"})
	if err != nil {
		t.Fatal(err)
	}
	unlock := `{"id":1,"method":"personal_unlockAccount","params":["0xab","` + secret + `",300]}`
	w.Write(record.Record{Event: record.Send, URL: "https://u:" + secret + "@h/v3/" + secret + "?key=" + secret, Msg: []byte(unlock)})
	w.Write(record.Record{Event: record.Send, Msg: []byte("[" + unlock + "]")})
	w.Write(record.Record{Event: record.Recv, Raw: []byte("HTTP/1.1" + unlock[:70])})
	w.Write(record.Record{Event: record.Fail, Session: "7:https://h/v3/" + secret, Err: `Post "https://h/v3/` + secret + `": EOF`})
	w.Close()
	text := read(t, filepath.Join(dir, "w-7.jsonl"))
	if strings.Contains(text, "hunter2") {
		t.Errorf("the secret is in the log:\n%s", text)
	}
	lines := parse(t, text)
	if got, want := string(lines[0].Msg), strings.Replace(unlock, secret, "<redacted>", 1); got != want {
		t.Errorf("msg %s, want %s", got, want)
	}
	if got, want := lines[3].Err, `Post "https://h/v3/<redacted>": EOF`; got != want {
		t.Errorf("err %s, want %s", got, want)
	}
}

func TestWhatIsNoJSONBecomesRaw(t *testing.T) {
	dir := t.TempDir()
	w, err := record.Create(dir, record.Process{PID: 7, Comm: "w"})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(record.Record{Event: record.Recv, Msg: []byte(`{"id":1`)})
	w.Write(record.Record{Event: record.Fail, ID: []byte(`nonsense`)})
	w.Close()
	if lines := parse(t, read(t, filepath.Join(dir, "w-7.jsonl"))); lines[0].Raw != `{"id":1` || lines[0].Msg != nil {
		t.Errorf("msg %s, raw %q", lines[0].Msg, lines[0].Raw)
	}
}

func TestCreateSaysWhatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Create(file, record.Self()); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v does not name %s", err, file)
	}
}
