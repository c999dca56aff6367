//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A note is what a worker wrote down of one of its calls.
type note struct {
	Call   string          `json:"call"` // its name, "PID-n"
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Reply  string          `json:"reply"` // the name of the call that the reply answers
	Error  string          `json:"error"` // why none was read
}

func (n *note) pid() string {
	pid, _, _ := strings.Cut(n.Call, "-")
	return pid
}

// A place is one in a session log: that of a message, or of a line.
type place struct {
	File   string `json:"file"` // base name
	Offset int64  `json:"offset"`
}

// A logLine is as much of a line of a session log as says what it is.
type logLine struct {
	at  place
	PID int             `json:"pid"`
	Ev  string          `json:"ev"`
	Msg json.RawMessage `json:"msg"`
}

func (l *logLine) asks(n *note) bool {
	var msg struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
	}
	return l.Ev == "send" && json.Unmarshal(l.Msg, &msg) == nil && bytes.Equal(msg.ID, n.ID) && msg.Method == n.Method
}

// readLogs returns the lines of each session log in dir, by file.
func readLogs(dir string) (map[string][]logLine, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	logs := map[string][]logLine{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var offset int64
		for text := range bytes.Lines(content) {
			l := logLine{at: place{filepath.Base(file), offset}}
			if err := json.Unmarshal(text, &l); err != nil {
				return nil, fmt.Errorf("%s, offset %d: %w", file, offset, err)
			}
			logs[l.at.File] = append(logs[l.at.File], l)
			offset += int64(len(text))
		}
	}
	return logs, nil
}

func readNotes(dir string) ([]note, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var notes []note
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var n note
			if err := json.Unmarshal(lines.Bytes(), &n); err != nil {
				f.Close()
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			notes = append(notes, n)
		}
		f.Close()
	}
	return notes, nil
}

// A call is the truth about one request of a worker.
type call struct {
	note
	send place             // its line
	torn bool              // its bytes, or those of what it read, were mixed with another's
	body [sha256.Size]byte // digest of the reply to it, whoever read that
}

func (c *call) swapped() bool { return c.Reply != "" && c.Reply != c.Call && !c.torn }

// alike says that the swapped reply is, byte for byte, the one that the call
// should have got: no reader of the logs can tell, and no program is harmed.
func (c *cell) alike(one *call) bool {
	owner := c.byName[one.Reply]
	return owner != nil && owner.body == one.body
}

// cell is all that is true of one run.
type cell struct {
	calls  []*call
	byName map[string]*call
	byLine map[place]*call            // the lines of its request and of what was read for it
	lines  map[string][]int64         // where the lines of each log begin
	askers map[string]map[string]bool // client's end → PIDs that sent there
}

// truthOf joins what the workers noted, what passed on the wires, and where
// the logs speak of it. It fails where a call is not in the logs.
func truthOf(notes []note, wires []wire, logs map[string][]logLine) (*cell, error) {
	c := &cell{byName: map[string]*call{}, byLine: map[place]*call{},
		lines: map[string][]int64{}, askers: map[string]map[string]bool{}}
	for _, n := range notes {
		one := &call{note: n}
		c.calls = append(c.calls, one)
		c.byName[n.Call] = one
	}
	arrived := map[*call]bool{}
	for _, w := range wires {
		c.wire(&w, arrived)
	}
	for _, one := range c.calls {
		one.torn = one.torn || one.Reply == tornRequest || !arrived[one]
	}
	return c, c.places(logs)
}

func (c *cell) wire(w *wire, arrived map[*call]bool) {
	pids := map[string]bool{}
	c.askers[w.local] = pids
	for i, r := range w.requests {
		one := c.byName[r.Call]
		if one == nil {
			continue
		}
		arrived[one] = true
		pids[one.pid()] = true
		one.torn = one.torn || r.Torn
		if i < len(w.replies) {
			one.body = w.replies[i]
		}
	}
}

// places finds the lines of the calls: a worker's log has them in its order.
func (c *cell) places(logs map[string][]logLine) error {
	unused := map[string][]logLine{} // by PID
	for file, lines := range logs {
		for _, l := range lines {
			pid := strconv.Itoa(l.PID)
			unused[pid] = append(unused[pid], l)
			c.lines[file] = append(c.lines[file], l.at.Offset)
		}
	}
	for _, one := range c.calls {
		lines := unused[one.pid()]
		i := slices.IndexFunc(lines, func(l logLine) bool { return l.asks(&one.note) })
		if i < 0 && one.torn {
			i = slices.IndexFunc(lines, func(l logLine) bool { return l.Ev == "send" && l.Msg == nil })
		}
		if i < 0 && (one.Error != "" || one.torn) {
			continue // the connection had ended, and nothing was sent; or its bytes are others' lines
		}
		if i < 0 {
			return fmt.Errorf("call %s (%s) is not in the logs", one.Call, one.Method)
		}
		one.send = lines[i].at
		c.byLine[one.send] = one
		for i++; i < len(lines) && (lines[i].Ev != "send" || one.torn && lines[i].Msg == nil); i++ {
			c.byLine[lines[i].at] = one
		}
		unused[one.pid()] = lines[i:]
	}
	return nil
}

// line is the place where the line begins that has p in it.
func (c *cell) line(p *place) place {
	if p == nil {
		return place{}
	}
	begin := c.lines[p.File]
	i, exact := slices.BinarySearch(begin, p.Offset)
	if !exact {
		i--
	}
	if i < 0 {
		return *p
	}
	return place{p.File, begin[i]}
}
