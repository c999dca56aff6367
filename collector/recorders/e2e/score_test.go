//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A finding is one line of check --json.
type finding struct {
	Finding   string `json:"finding"`
	Certainty string `json:"certainty"`
	Session   string `json:"session"`
	Reader    struct {
		PID int `json:"pid"`
	} `json:"reader"`
	Call    *place `json:"call"`
	Reply   *place `json:"reply"`
	Owner   *place `json:"owner"`
	Message string `json:"message"`
}

// A summary is the last line.
type summary struct {
	Lines     uint64            `json:"lines"`
	Malformed uint64            `json:"malformed"`
	Lost      uint64            `json:"lost"`
	Processes uint64            `json:"processes"`
	Calls     uint64            `json:"calls"`
	Replies   uint64            `json:"replies"`
	Findings  map[string]uint64 `json:"findings"`
}

// check has sessiontop say what is wrong in a folder of logs.
func check(dir string) ([]finding, *summary, error) {
	out, err := exec.Command(sessiontop, "check", "--json", dir).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() != 1 || err != nil && exit == nil {
		return nil, nil, fmt.Errorf("sessiontop check: %w: %s", err, exit.Stderr)
	}
	var all []finding
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var last struct{ Summary *summary }
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			return nil, nil, err
		}
		if last.Summary != nil {
			return all, last.Summary, nil
		}
		var f finding
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			return nil, nil, err
		}
		for _, p := range []*place{f.Call, f.Reply, f.Owner} {
			if p != nil {
				p.File = filepath.Base(p.File)
			}
		}
		all = append(all, f)
	}
	return nil, nil, errors.New("sessiontop check: no summary")
}

// A score holds the findings against the truth.
type score struct {
	calls   int
	swapped int      // replies that were read for another call than theirs
	alike   int      // of these, those that no byte tells from the right one
	unlike  int      // found of the others
	found   int      // found of all
	owner   int      // of the found, those whose owner is named, and right
	shared  int      // connections that more than one process used
	held    int      // connections that a child inherited and let alone: so it is, and is said
	faults  []string // found, and another owner named
	missed  []string // swapped replies, and shared connections
	wrong   []string // findings that are not true
	even    int      // of these, those that take a reply for another one that is its like byte for byte
}

// add counts another run of the same program.
func (s *score) add(o *score) {
	s.calls += o.calls
	s.swapped += o.swapped
	s.alike += o.alike
	s.unlike += o.unlike
	s.found += o.found
	s.owner += o.owner
	s.shared += o.shared
	s.held += o.held
	s.faults = append(s.faults, o.faults...)
	s.missed = append(s.missed, o.missed...)
	s.wrong = append(s.wrong, o.wrong...)
	s.even += o.even
}

func (c *cell) score(findings []finding) *score {
	s := &score{calls: len(c.calls)}
	about := map[*call][]*finding{}
	shared := map[string]bool{}
	for i := range findings {
		f := &findings[i]
		local, _, _ := strings.Cut(f.Session, ">")
		one := c.about(f)
		switch {
		case !c.isTrue(f, one, local):
			s.wrong = append(s.wrong, fmt.Sprintf("%s (%s): %s", f.Finding, f.Certainty, f.Message))
			if owner := c.byLine[c.line(f.Owner)]; one != nil && owner != nil && owner.body == one.body {
				s.even++
			}
		case f.Finding == "inherited-session":
			s.held++
		case one != nil:
			about[one] = append(about[one], f)
		case f.Finding == "shared-session":
			shared[local] = true
		}
	}
	for _, one := range c.calls {
		if one.swapped() {
			s.judge(c, one, about[one])
		}
	}
	for local, pids := range c.askers {
		if len(pids) > 1 {
			s.shared++
		}
		if len(pids) > 1 && !shared[local] {
			s.missed = append(s.missed, fmt.Sprintf("%s: shared by %d processes", local, len(pids)))
		}
	}
	return s
}

// judge counts one swapped reply.
func (s *score) judge(c *cell, one *call, about []*finding) {
	s.swapped++
	alike := c.alike(one)
	if alike {
		s.alike++
	}
	found, owner := false, false
	for _, f := range about {
		found = found || f.Finding != "lost-reply"
		owner = owner || f.Owner != nil && c.byLine[c.line(f.Owner)] == c.byName[one.Reply]
	}
	switch {
	case found && !alike:
		s.unlike++
		fallthrough
	case found:
		s.found++
	case !alike:
		s.missed = append(s.missed, fmt.Sprintf("%s %s read the reply to %s", one.Call, one.Method, one.Reply))
	}
	if owner {
		s.owner++
	} else if found {
		s.faults = append(s.faults, fmt.Sprintf("%s %s read the reply to %s, and that is not what is said: %s", one.Call, one.Method, one.Reply, about[0].Message))
	}
}

// about is the call that a finding speaks of, nil if of none.
func (c *cell) about(f *finding) *call {
	if f.Call != nil {
		return c.byLine[c.line(f.Call)]
	}
	return c.byLine[c.line(f.Reply)]
}

// isTrue says whether a finding is so.
func (c *cell) isTrue(f *finding, one *call, local string) bool {
	switch f.Finding {
	case "shared-session":
		return len(c.askers[local]) > 1
	case "inherited-session": // not used by the reader, but by another
		return len(c.askers[local]) > 0 && !c.askers[local][strconv.Itoa(f.Reader.PID)]
	case "lost-reply":
		return one != nil && one.Reply != one.Call
	case "torn-message", "bad-message":
		return one != nil && (one.torn || one.Error != "")
	default:
		return one != nil && (one.torn || one.Reply != one.Call)
	}
}
