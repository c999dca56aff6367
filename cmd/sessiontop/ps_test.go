package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/live"
)

// hostileCandidate has a name and arguments that a terminal would obey.
var hostileCandidate = live.Candidate{
	PID: 7, PPID: 1, NSPID: 3, Comm: "w\x1b]0;x\a\u009b2J", Command: "python3 \u202e\x7f https://h/v3/hunter2-0123456789abcdef",
	Sockets: []live.Socket{{Ino: 1, Peer: "/run/\u2066geth.ipc", PIDs: []int32{7, 8}, Likely: true}},
}

func TestPSNeutralisesWhatItPrints(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"table": func(b *bytes.Buffer) error { return (&app{}).writeCandidates(b, []live.Candidate{hostileCandidate}) },
		"JSON":  func(b *bytes.Buffer) error { return writeCandidatesJSON(b, []live.Candidate{hostileCandidate}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); strings.ContainsAny(text, "\x1b\a\x7f\u009b\u202e\u2066") || strings.Contains(text, "hunter2") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestPSJSONKeepsWhatItNeutralises(t *testing.T) {
	var b bytes.Buffer
	if err := writeCandidatesJSON(&b, []live.Candidate{hostileCandidate}); err != nil {
		t.Fatal(err)
	}
	var row candidateJSON
	if err := json.Unmarshal(b.Bytes(), &row); err != nil {
		t.Fatal(err)
	}
	if row.NSPID != 3 || row.Comm != hostileCandidate.Comm || row.Sockets[0].Peer != "/run/\u2066geth.ipc" {
		t.Errorf("%+v", row)
	}
}
