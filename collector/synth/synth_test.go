package synth_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
)

// logs are the lines of a simulation, by file.
func logs(t *testing.T, cfg synth.Config) (map[string][]byte, *synth.Truth) {
	t.Helper()
	files := make(map[string][]byte)
	truth, err := synth.Generate(cfg, func(file string, line []byte) error {
		files[file] = append(files[file], line...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, truth
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	for _, c := range scenarios() {
		c.cfg.Calls = min(c.cfg.Calls, 10)
		a, truthA := logs(t, c.cfg)
		b, truthB := logs(t, c.cfg)
		c.cfg.Seed += 100
		other, _ := logs(t, c.cfg)
		jsonA, _ := json.Marshal(truthA)
		jsonB, _ := json.Marshal(truthB)
		differ := false
		for name := range a {
			if !bytes.Equal(a[name], b[name]) {
				t.Errorf("%s: %s differs from run to run", c.name, name)
			}
			differ = differ || !bytes.Equal(a[name], other[name])
		}
		if !bytes.Equal(jsonA, jsonB) || !differ {
			t.Errorf("%s: the truth differs from run to run, or the logs of two seeds do not", c.name)
		}
	}
}

// Every request is answered once and its reply is read once, unless bytes were
// mixed, swallowed, waited for in vain or sent twice.
func TestNothingIsLostOrMade(t *testing.T) {
	for _, c := range scenarios() {
		f := &c.cfg.Fleets[0]
		if f.Timeout > 0 || f.OverReads || f.Faults.Duplicate+f.Faults.Unsolicited > 0 {
			continue
		}
		c.cfg.Calls = min(c.cfg.Calls, 30)
		_, truth := logs(t, c.cfg)
		if truth.Calls != truth.Served || truth.Served != truth.Read {
			t.Errorf("%s: %d calls, %d served, %d read", c.name, truth.Calls, truth.Served, truth.Read)
		}
		owners := make(map[*synth.Call]bool)
		for i := range truth.Replies {
			owner := truth.Replies[i].Owner
			if owner == nil || owners[owner] {
				t.Fatalf("%s: the reply at %+v answers no call, or one that has its reply", c.name, truth.Replies[i].Line)
			}
			owners[owner] = true
		}
	}
}

func TestHealthyIsHealthy(t *testing.T) {
	_, truth := logs(t, synth.Healthy(5))
	for i := range truth.Replies {
		if r := &truth.Replies[i]; r.Astray() || r.Kind != "" {
			t.Fatalf("%+v", r)
		}
	}
	for _, s := range truth.Sessions {
		if s.Kind != "" {
			t.Fatalf("%+v", s)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	cfg := synth.SharedSockets(1)
	cfg.Calls, cfg.Fleets[0].Host = 5, "w1"
	files, _ := logs(t, cfg)
	if _, err := synth.Write(dir, cfg); err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v, %d bytes, want %d", name, err, len(got), len(want))
		}
	}
	var truth synth.Truth
	text, err := os.ReadFile(filepath.Join(dir, synth.TruthFile))
	if err != nil || json.Unmarshal(text, &truth) != nil || len(truth.Replies) == 0 {
		t.Errorf("truth: %v, %d replies", err, len(truth.Replies))
	}
	if _, err := synth.Write(filepath.Join(dir, synth.TruthFile), cfg); err == nil || !strings.Contains(err.Error(), synth.TruthFile) {
		t.Errorf("writing below a file: %v", err)
	}
}

func TestASinkThatFailsEndsTheSimulation(t *testing.T) {
	full := errors.New("full")
	n := 0
	_, err := synth.Generate(synth.Healthy(1), func(string, []byte) error { n++; return full })
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("%v after %d lines", err, n)
	}
}

func TestMarkdown(t *testing.T) {
	cfg := synth.SharedSockets(1)
	cfg.Calls = 40
	table := simulate(t, cfg).score()
	lines := strings.Split(strings.TrimSpace(table.Markdown()), "\n")
	for _, l := range lines {
		if strings.Count(l, "|") != strings.Count(lines[0], "|") {
			t.Errorf("a row of another width: %s", l)
		}
	}
	if !strings.Contains(table.Markdown(), "| swapped-reply | all |") {
		t.Errorf("no row of swapped replies:\n%s", table.Markdown())
	}
}
