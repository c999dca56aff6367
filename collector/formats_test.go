package collector_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// web3py is a log of web3.py 6.15.1, with swapped replies in it.
const web3py = "foreign/web3py/testdata/web3.py-6.15.1.log"

func eth() collector.Options { return collector.Options{Dialect: ethereum.New()} }

// A log of another program says the same as a file, compressed, and on standard
// input, whatever it is called.
func TestForeignLog(t *testing.T) {
	s := load(t, eth(), web3py)
	want := told(s)
	if s.Totals.Of(model.SwappedReply) == 0 || s.Totals.Malformed > 0 {
		t.Errorf("findings: %q", want)
	}
	if name := s.Sources[0].Name; name != "web3.py-6.15.1.log (web3py)" {
		t.Errorf("the source's name is %q", name)
	}
	log, err := os.ReadFile(web3py)
	if err != nil {
		t.Fatal(err)
	}
	if got := int(s.Sources[0].Lines); got != bytes.Count(log, []byte("\n")) {
		t.Errorf("%d lines", got)
	}
	packed := filepath.Join(t.TempDir(), "app.log.gz")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(log)
	w.Close()
	if err := os.WriteFile(packed, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(want, told(load(t, eth(), packed))); d != "" {
		t.Errorf("compressed:\n%s", d)
	}
	stdin := eth()
	stdin.Stdin = bytes.NewReader(log)
	if d := gocmp.Diff(want, told(load(t, stdin, "-"))); d != "" {
		t.Errorf("standard input:\n%s", d)
	}
	named := eth()
	named.Format = "web3py"
	if d := gocmp.Diff(want, told(load(t, named, web3py))); d != "" {
		t.Errorf("named:\n%s", d)
	}
	none := eth()
	none.Format = collector.SessionLog
	if s := load(t, none, web3py); s.Totals.Malformed != uint64(bytes.Count(log, []byte("\n"))) {
		t.Errorf("%d of its lines are no session log's", s.Totals.Malformed)
	}
}

// Logs of every format are found in a folder, by the names that their programs'
// manuals give them.
func TestForeignLogsInAFolder(t *testing.T) {
	dir := t.TempDir()
	for name, from := range map[string]string{
		"app.log": web3py, "tcpdump.pcap": "foreign/pcap/testdata/calls.pcap", "wireshark.pcapng": "foreign/pcap/testdata/calls.pcapng",
		"calls.har": "foreign/har/testdata/mitmproxy-11.0.2.har", "worker.strace": "foreign/strace/testdata/yy.strace",
	} {
		b, err := os.ReadFile(from)
		if err := errors.Join(err, os.WriteFile(filepath.Join(dir, name), b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	s := load(t, eth(), dir)
	if len(s.Sources) != 5 || s.Totals.Malformed > 0 {
		t.Errorf("%+v", s.Sources)
	}
	for _, src := range s.Sources {
		if src.Lines == 0 || !strings.HasSuffix(src.Name, ")") {
			t.Errorf("%s: %d lines", src.Name, src.Lines)
		}
	}
}

// Nothing is wrong with what healthy processes log of WebSocket and IPC, and
// nothing is said of calls whose replies are not logged.
func TestForeignLogsOfSockets(t *testing.T) {
	for name, calls := range map[string]uint64{
		"6.15.1-websocket": 8, "7.16.0-websocket": 9, "5.31.4-ipc": 10, "8.0.0-ipc": 3,
		"6.20.4-persistent": 8, "8.0.0-persistent": 11, "7.16.0-persistent-ipc": 11,
	} {
		s := load(t, eth(), "foreign/web3py/testdata/web3.py-"+name+".log")
		if s.Totals.Calls != calls || s.Findings.Len() != 0 || s.Totals.Malformed > 0 {
			t.Errorf("%s: %d calls, want %d; %q", name, s.Totals.Calls, calls, told(s))
		}
	}
}

// The files of strace -ff are one trace, in a folder and while they are followed:
// a thread is none of its processes.
func TestFilesOfOneTrace(t *testing.T) {
	const dir = "foreign/strace/testdata/ff-threads"
	s := load(t, eth(), dir)
	if s.Totals.Processes != 2 || s.Totals.Calls != 8 || s.Totals.Replies != 8 || s.Totals.Malformed+s.Totals.Late > 0 || len(s.Sources) != 3 {
		t.Errorf("%+v", s.Totals)
	}
	e, _, stop := follow(t, eth(), dir)
	waitFor(t, func() bool { return e.Snapshot().Totals.Replies == 8 })
	stop()
	if followed := e.Snapshot(); followed.Totals.Processes != 2 || followed.Totals.Late > 0 {
		t.Errorf("%+v", followed.Totals)
	}
}

// A log that is followed is translated while it grows; its first lines may not
// show yet whose it is.
func TestForeignLogGrows(t *testing.T) {
	log, err := os.ReadFile(web3py)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "app.log")
	if err := os.WriteFile(path, []byte("starting\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, src, stop := follow(t, eth(), path)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	first := bytes.Index(log, []byte(" 6012 ")) // up to there, the parent made one call
	first = bytes.LastIndexByte(log[:first], '\n') + 1
	if _, err := f.Write(log[:first]); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return e.Snapshot().Totals.Replies == 1 })
	for log = log[first:]; len(log) > 0; {
		n := min(1000, len(log))
		if _, err := f.Write(log[:n]); err != nil {
			t.Fatal(err)
		}
		log = log[n:]
		time.Sleep(time.Millisecond)
	}
	waitFor(t, func() bool { return e.Snapshot().Totals.Replies == 17 })
	s := e.Snapshot()
	for i := range s.Calls.Len() {
		c := s.Calls.At(int64(i))
		body, err := src.Body(c.Ask)
		if err != nil || !strings.Contains(string(body), s.Name(c.Method)) {
			t.Errorf("call %d is %q, %v", i, body, err)
		}
	}
	stop()
}

// Logs of both kinds are merged.
func TestForeignLogBesideSessionLog(t *testing.T) {
	dir := t.TempDir()
	log, err := os.ReadFile(web3py)
	if err != nil {
		t.Fatal(err)
	}
	const own = `{"ts":"2026-11-23T04:57:15.2Z","pid":1,"ev":"send","sess":"x","msg":{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}}` + "\n"
	for name, b := range map[string][]byte{"app.log": log, "own.jsonl": []byte(own), "garbage.log": []byte("nothing\nof it\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := load(t, eth(), dir)
	if s.Totals.Processes != 4 || s.Totals.Calls != 19 || s.Totals.Malformed != 2 || s.Totals.Late != 0 {
		t.Errorf("%+v", s.Totals)
	}
}

// No session log is taken for another's, whatever its messages say.
func TestSessionLogIsNotForeign(t *testing.T) {
	line := `{"ts":1700000010,"pid":7,"ev":"send","sess":"s","msg":{"jsonrpc":"2.0","id":1,"method":"Making request HTTP. URI: http://x:1 \"POST HTTP/1.1"}}` + "\n"
	path := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(path, []byte("\n"+line+"torn line\n"+line), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := load(t, eth(), path); s.Totals.Calls != 2 || s.Totals.Malformed != 1 {
		t.Errorf("%+v", s.Totals)
	}
}

// A node's log is held against its clients' logs, in whatever order they stand,
// packed or not, and when they are followed.
func TestNodesLog(t *testing.T) {
	log, err := os.ReadFile(web3py)
	if err != nil {
		t.Fatal(err)
	}
	node, err := os.ReadFile("foreign/geth/testdata/geth-1.11.6.log")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, b []byte) string {
		path := filepath.Join(t.TempDir(), name)
		written := time.Date(2026, 11, 23, 12, 0, 0, 0, time.Local) // the node's stamps have no year
		if err := errors.Join(os.WriteFile(path, b, 0o600), os.Chtimes(path, written, written)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pack := func(b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		w.Write(b)
		w.Close()
		return out.Bytes()
	}
	client := write("client.log", log)
	for name, paths := range map[string][]string{
		"after":         {client, write("node.log", node)},
		"before":        {write("a.log", node), client},
		"packed":        {write("a.log.gz", pack(node)), client},
		"client packed": {write("a.log", node), write("c.log.gz", pack(log))},
	} {
		t.Run(name, func(t *testing.T) {
			if s := load(t, eth(), paths...); s.Totals.Of(model.SharedSession) != 1 || s.Totals.Late > 0 {
				t.Errorf("%q", told(s))
			}
		})
	}
	t.Run("followed", func(t *testing.T) {
		e, _, stop := follow(t, eth(), write("a.log", node), client)
		waitFor(t, func() bool { return e.Snapshot().Totals.Of(model.SharedSession) == 1 })
		stop()
	})
}

// Where each process has a log of its own, its name may hold the PID; swapped
// replies are found all the same, and a node's log proves what the processes
// share.
func TestForeignLogOfEachProcess(t *testing.T) {
	log, err := os.ReadFile(web3py)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, pid := range []string{"5927", "6012", "6013"} {
		var own []byte
		for line := range bytes.Lines(log) {
			if bytes.Contains(line, []byte(" "+pid+" ")) {
				own = append(own, bytes.Replace(line, []byte(" "+pid+" "), []byte(" "), 1)...)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "worker-"+pid+".log"), own, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := load(t, eth(), dir)
	if s.Totals.Of(model.SwappedReply) != 7 || s.Totals.Of(model.SharedSession) != 0 {
		t.Errorf("%q", told(s))
	}
	node, err := os.ReadFile("foreign/geth/testdata/geth-1.11.6.log")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "geth.log")
	written := time.Date(2026, 11, 23, 12, 0, 0, 0, time.Local)
	if err := errors.Join(os.WriteFile(path, node, 0o600), os.Chtimes(path, written, written)); err != nil {
		t.Fatal(err)
	}
	if s := load(t, eth(), dir); s.Totals.Of(model.SwappedReply) != 7 || s.Totals.Of(model.SharedSession) != 1 {
		t.Errorf("with the node's log: %q", told(s))
	}
}

// A log that grows while it is followed says the same as one that is whole,
// wherever in its beginning it was cut when it was first seen. An archive may be
// one line, and has no newline at its end.
func TestLogAppears(t *testing.T) {
	fleet := filepath.Join(t.TempDir(), "fleet.jsonl")
	write(t, fleet, forkedFleet(rand.New(rand.NewPCG(1, 1)), morning, 20))
	whole := map[string][]byte{}
	for _, path := range []string{
		fleet, "foreign/har/testdata/mitmproxy-11.0.2.har", "foreign/pcap/testdata/calls.pcap",
		"foreign/strace/testdata/fleet.strace", web3py, "foreign/web3py/testdata/web3.py-8.0.0-persistent.log",
	} {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		whole[filepath.Base(path)] = log
	}
	var line bytes.Buffer
	if err := json.Compact(&line, whole["mitmproxy-11.0.2.har"]); err != nil {
		t.Fatal(err)
	}
	whole["line.har"] = line.Bytes()
	for name, log := range whole {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, log, 0o600); err != nil {
			t.Fatal(err)
		}
		want := load(t, eth(), path).Totals
		for _, n := range []int{2, 10} {
			t.Run(fmt.Sprint(name, " from ", n), func(t *testing.T) {
				t.Parallel()
				testLogAppears(t, name, want, log[:n], log[n:len(log)/2], log[len(log)/2:])
			})
		}
	}
}

func testLogAppears(t *testing.T, name string, want model.Totals, parts ...[]byte) {
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e, _, stop := follow(t, eth(), path)
	size := int64(0)
	for _, part := range parts {
		waitFor(t, func() bool { s := e.Snapshot().Sources; return len(s) == 1 && s[0].Size == size })
		n, err := f.Write(part)
		if err != nil {
			t.Fatal(err)
		}
		size += int64(n)
	}
	var got model.Totals
	defer func() {
		if t.Failed() {
			t.Logf("%+v, want %+v", got, want)
		}
	}()
	waitFor(t, func() bool {
		got = e.Snapshot().Totals
		return got.Calls == want.Calls && got.Replies == want.Replies && got.Malformed == want.Malformed && got.Findings == want.Findings
	})
	stop()
	if got := e.Snapshot().Totals; got.Replies != want.Replies {
		t.Errorf("%d replies, then %d", want.Replies, got.Replies)
	}
}

// A capture that is begun anew in its file is another one, and of one that is
// removed nothing is held open.
func TestCaptureIsBegunAnew(t *testing.T) {
	capture, err := os.ReadFile("foreign/pcap/testdata/calls.pcap")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "dump.pcap")
	put := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(capture)
	e, _, stop := follow(t, eth(), path)
	waitFor(t, func() bool { return e.Snapshot().Totals.Replies == 8 })
	put(capture[:len(capture)*2/3])
	waitFor(t, func() bool { return e.Snapshot().Totals.Replies > 8 })
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool {
		for _, s := range e.Snapshot().Sources {
			if !s.Done && !s.Waiting {
				return false
			}
		}
		return true
	})
	stop()
	s := e.Snapshot()
	for i, size := range []int64{int64(len(capture)), int64(len(capture) * 2 / 3)} {
		if src := s.Sources[i]; src.Read != size || src.Err != "" {
			t.Errorf("%d of %d bytes: %+v", src.Read, size, src)
		}
	}
	if held := heldFiles(t, path); held > 0 {
		t.Errorf("%d handles of the removed file are open", held)
	}
}

// heldFiles is how many of this process's descriptors are of the path, 0 where
// there is no /proc to tell.
func heldFiles(t *testing.T, path string) (n int) {
	t.Helper()
	fds, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, path) {
			n++
		}
	}
	return n
}
