package demo_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// line is a line of a session log.
type line struct {
	PID, Opener, Child int
	Comm, Ev           string
	Mono               int64
	Ino, Cookie        uint64
	Local, URL, Err    string
	Off                *int64
	Msg                json.RawMessage
	Code               *int
	Seq, Status        int
}

// message is what the tests look at in a request or a reply.
type message struct {
	ID     int
	Method string
	Params []json.RawMessage
	Result json.RawMessage
}

// messages is the line's message, or the items of its batch; none where the
// bytes are no JSON.
func (l line) messages(t *testing.T) []message {
	t.Helper()
	if l.Msg == nil {
		return nil
	}
	var one message
	if err := json.Unmarshal(l.Msg, &one); err == nil {
		return []message{one}
	}
	var many []message
	if err := json.Unmarshal(l.Msg, &many); err != nil {
		t.Fatalf("%s: %v", l.Msg, err)
	}
	return many
}

// readLogs is all whole lines of all logs in a directory, by time, and their text.
func readLogs(t *testing.T, dir string) (lines []line, text string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b = b[:bytes.LastIndexByte(b, '\n')+1] // a live file may end within a line
		text += string(b)
		seq := 0
		for s := range bytes.Lines(b) {
			var l line
			if err := json.Unmarshal(s, &l); err != nil {
				t.Fatalf("%s: %s: %v", f, s, err)
			}
			if seq++; l.Seq != seq {
				t.Fatalf("%s: seq %d, want %d", f, l.Seq, seq)
			}
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return int(a.Mono - b.Mono) })
	return lines, text
}

// truth is what the tests know of one socket from all processes' logs together.
type truth struct {
	comm        string
	pids        []int
	asked, read []int // ids
	fails       int
	torn        int // replies that are no JSON, or come from a torn request
	wrongID     int // replies whose id is not the one their reader had asked with
	lyingTrue   int // eth_accounts said true
	sawBlock    int // replies that name another block than was asked for
}

// judge works the truth out: by socket, in time order.
func judge(t *testing.T, lines []line) map[uint64]*truth {
	t.Helper()
	type reader struct {
		ino uint64
		pid int
	}
	sockets := map[uint64]*truth{}
	asked := map[reader][]message{}
	for _, l := range lines {
		if l.Ino == 0 {
			continue
		}
		s := sockets[l.Ino]
		if s == nil {
			s = &truth{comm: l.Comm}
			sockets[l.Ino] = s
		}
		if !slices.Contains(s.pids, l.PID) {
			s.pids = append(s.pids, l.PID)
		}
		switch me := (reader{l.Ino, l.PID}); l.Ev {
		case "send":
			asked[me] = l.messages(t)
			s.asked = append(s.asked, ids(asked[me])...)
		case "recv":
			got := l.messages(t)
			if l.Status != 200 || len(got) == 0 {
				s.torn++
			}
			s.read = append(s.read, ids(got)...)
			s.compare(asked[me], got)
		case "fail":
			s.fails++
		}
	}
	return sockets
}

func ids(messages []message) (out []int) {
	for _, m := range messages {
		out = append(out, m.ID)
	}
	return out
}

func (s *truth) compare(asked, got []message) {
	for i, m := range got {
		if i >= len(asked) || m.ID != asked[i].ID {
			s.wrongID++
		}
	}
	if len(asked) != 1 || len(got) != 1 {
		return
	}
	q, r := asked[0], got[0]
	if q.Method == "eth_accounts" && string(r.Result) == "true" {
		s.lyingTrue++
	}
	var block struct{ Number string }
	if q.Method == "eth_getBlockByNumber" && json.Unmarshal(r.Result, &block) == nil && strings.Trim(string(q.Params[0]), `"`) != block.Number {
		s.sawBlock++
	}
}
