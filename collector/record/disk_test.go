package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// disk takes room bytes and is full then.
type disk struct {
	bytes.Buffer
	room   int
	writes int
}

func (d *disk) Write(p []byte) (int, error) {
	d.writes++
	if len(p) > d.room {
		n, _ := d.Buffer.Write(p[:d.room])
		d.room = 0
		return n, errors.New("no space left on device")
	}
	d.room -= len(p)
	return d.Buffer.Write(p)
}

func (d *disk) Close() error { return nil }

func TestAFullDiskLosesLinesAndSaysSo(t *testing.T) {
	const plenty = 1 << 20
	for room := range 400 { // wherever in a line the disk is full
		d := &disk{room: plenty}
		w := newWriter(d, Process{PID: 7, Comm: "w"})
		msg := []byte(`{"id":1,"method":"eth_accounts"}`)
		w.Write(Record{Event: Send, Msg: msg})
		d.room = room
		for range 5 {
			w.Write(Record{Event: Send, Msg: msg})
		}
		d.room = plenty
		w.Write(Record{Event: Recv, Msg: msg})
		w.Close()

		whole, lost, seq := 0, 0, 0
		for s := range strings.Lines(d.String()) {
			var l struct {
				Ev     string
				N, Seq int
			}
			if json.Unmarshal([]byte(s), &l) != nil {
				continue // torn by the full disk
			}
			if seq++; l.Seq != seq {
				t.Fatalf("room %d: seq %d, want %d", room, l.Seq, seq)
			}
			if l.Ev == "lost" {
				lost += l.N
			} else {
				whole++
			}
		}
		if whole+lost != 7 || uint64(lost) != w.Dropped() {
			t.Fatalf("room %d: %d lines and %d lost of 7, %d dropped:\n%s", room, whole, lost, w.Dropped(), d.String())
		}
	}
}

func TestOneWriteALine(t *testing.T) {
	d := &disk{room: 1 << 30}
	w := newWriter(d, Process{PID: 7, Comm: "w"})
	for range 10 {
		w.Write(Record{Event: Recv, Msg: []byte(`"` + strings.Repeat("x", 100_000) + `"`)})
	}
	if d.writes != 10 {
		t.Errorf("%d writes for 10 lines", d.writes)
	}
}

func TestALineThatReadersWouldSkipIsLost(t *testing.T) {
	d := &disk{room: 1 << 30}
	w := newWriter(d, Process{PID: 7, Comm: "w"})
	w.Write(Record{Event: Recv, Raw: bytes.Repeat([]byte{'x'}, MaxLine)})
	w.Close()
	if got := d.String(); !strings.Contains(got, `"ev":"lost","n":1,"seq":1`) || len(got) > 1000 {
		t.Errorf("the log says %.1000s", got)
	}
}
