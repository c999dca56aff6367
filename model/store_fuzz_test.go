package model_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sessiontop/sessiontop/model"
)

// wild makes a history of the bytes, six an event: who, where, what, which id,
// what it says, and how long after the one before.
func wild(store *model.Store, data []byte) *model.Batch {
	b := &model.Batch{}
	var procs [4]*model.ProcInfo
	for i := range procs {
		procs[i] = &model.ProcInfo{PID: int32(i + 1), PPID: int32(i / 2), Comm: "web"}
	}
	kinds := [...]model.EventKind{model.Send, model.Recv, model.Send, model.Recv, model.Send, model.Recv, model.Fail,
		model.Open, model.Close, model.Fork, model.Exec, model.Exit, model.Lost}
	at := int64(1)
	for n := 0; len(data) >= 6; n, data = n+1, data[6:] {
		at += [...]int64{0, 1000, 20_000, 300_000, 300_000_000, -50_000}[data[5]%6]
		ev := model.Event{
			Kind: kinds[int(data[2])%len(kinds)], Time: at, Proc: procs[data[0]%4], Conn: wildConn(data[1], procs[data[0]%4].PID),
			N: int64(data[3] % 5), TID: int32(data[4] % 2), Msg: uint32(len(b.Messages)), Origin: model.Origin{Offset: int64(n) * 100, Len: 90},
		}
		if data[1]&0x40 != 0 {
			ev.Off, ev.Flags = int64(data[3])*10, model.HasOff
		}
		if data[1]&0x80 != 0 {
			ev.Off, ev.Size = int64(data[3])*10, 10+10*int64(data[4]%4)
			if ev.Flags == 0 {
				ev.Flags = model.OffAtMost
			}
		}
		wildMessages(store, b, &ev, data)
		ev.NMsg = uint32(len(b.Messages)) - ev.Msg
		b.Events = append(b.Events, ev)
	}
	return b
}

func wildConn(b byte, pid int32) *model.ConnInfo {
	c := &model.ConnInfo{URL: [...]string{"http://node", "ws://node", "ipc:/node", "stdio:node"}[b>>2%4], Opener: int32(b>>4) % 4}
	switch b % 4 {
	case 0:
		c.Local, c.Peer = "10.0.0.1:1", "10.0.0.2:1"
	case 1:
		c.Cookie, c.Local, c.Peer = 7, "10.0.0.1:2", "10.0.0.2:1"
	case 2:
		c.Name = "cache"
	}
	c.Identify("", pid)
	return c
}

func wildMessages(store *model.Store, b *model.Batch, ev *model.Event, data []byte) {
	n := 0
	switch ev.Kind {
	case model.Send, model.Recv:
		n = 1
		if data[4]&0x40 != 0 {
			n, ev.Flags = 1+int(data[4]%3), ev.Flags|model.IsBatch
		}
	case model.Fail:
		n = int(data[4] % 2)
	}
	for i := range n {
		m := model.Message{ID: model.IntID(int64(data[3]%4) + int64(i)), At: uint32(10 * i), Len: 10}
		m.Print = model.Fingerprint{Kinds: model.Kinds(data[4] % 4), Lo: uint64(data[4]>>2) % 3, Tx: uint64(data[4]>>3) % 3, Aux: uint64(data[3]>>4) % 3, Rule: model.Rule(data[3]>>6) % 3}
		m.Print.Hi = m.Print.Lo
		kinds := [...]model.MsgKind{model.Result, model.ErrorReply, model.Invalid, model.Notification, model.Result, model.Result}
		if ev.Kind == model.Send {
			kinds = [...]model.MsgKind{model.Request, model.Request, model.Request, model.Request, model.Notification, model.Invalid}
		}
		switch m.Kind = kinds[data[4]>>4%6]; m.Kind {
		case model.Request, model.Notification:
			m.Method = store.Strings().Intern([]byte{'m', data[4] % 3})
		case model.Invalid:
			m.Why = model.Why(1 + data[3]%9)
		case model.ErrorReply:
			if m.Code = -32000; data[3]&0x20 != 0 {
				m.Code, m.ID = -32700, model.ID{Kind: model.IDNull}
			}
		}
		b.Messages = append(b.Messages, m)
	}
}

// FuzzStore has the engine read any history, in one piece and line by line: it
// says the same, what it counts is there, and no reply has two findings.
func FuzzStore(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x01\x01\x00\x02\x01\x00\x01\x01\x00\x01\x01\x00\x02\x00\x00\x01\x01\x00\x02"))
	f.Add([]byte("\x00\x04\x00\x01\x00\x01\x00\x04\x02\x01\x00\x01\x01\x04\x01\x01\x00\x02\x00\x04\x06\x01\x01\x04\x00\x04\x08\x00\x00\x01"))
	f.Add([]byte("\x00\x40\x00\x01\x40\x01\x01\x40\x00\x02\x41\x01\x01\x40\x01\x01\x40\x02\x00\x40\x01\x02\x41\x02\x00\x00\x0b\x00\x00\x03"))
	f.Add([]byte("\x00\x02\x00\x01\x01\x01\x01\x02\x00\x01\x02\x01\x01\x02\x01\x01\x01\x02\x00\x02\x01\x01\x02\x02\x00\x00\x09\x02\x00\x01"))
	f.Add([]byte("\x00\xc0\x00\x01\x00\x01\x01\xc0\x02\x02\x00\x01\x01\x80\x01\x01\x00\x02\x00\x80\x06\x02\x01\x01\x01\xc0\x00\x03\x00\x01\x00\x80\x01\x04\x00\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 6*400 {
			return
		}
		whole, lines := model.NewStore(model.Options{}), model.NewStore(model.Options{})
		b := wild(whole, data)
		whole.Apply(b)
		whole.Finish()
		b = wild(lines, data)
		for i := range b.Events {
			lines.Apply(&model.Batch{Events: b.Events[i : i+1], Messages: b.Messages})
			if i%7 == 0 {
				lines.Snapshot()
			}
		}
		lines.Finish()
		snap := whole.Snapshot()
		if diff := cmp.Diff(findings(snap), findings(lines.Snapshot())); diff != "" {
			t.Errorf("in one piece, and line by line (-want +got):\n%s", diff)
		}
		holds(t, snap)
	})
}

// holds checks what is true of every snapshot.
func holds(t *testing.T, snap *model.Snapshot) {
	t.Helper()
	replies := map[string]model.FindingKind{}
	var counts []uint64
	kinds := model.FindingKinds()
	for range kinds {
		counts = append(counts, 0)
	}
	for i := range snap.Findings.Len() {
		f := snap.Findings.At(i)
		if f.Void {
			continue
		}
		counts[slices.Index(kinds, f.Kind)]++
		if snap.Session(f.Session) == nil || snap.Process(f.Reader) == nil || snap.Explain(f).Message == "" {
			t.Errorf("%s of no session or no process, or without words", f.Kind)
		}
		if f.Kind == model.SwappedReply && (!f.Owner.Known() || f.Owner.Proc == f.Reader) {
			t.Errorf("a swapped reply of no other's: %+v", f)
		}
		if !f.Kind.Misread() || f.Reply.Len == 0 {
			continue
		}
		at := fmt.Sprint(f.Reply)
		if was, ok := replies[at]; ok {
			t.Errorf("%s and %s about one reply", was, f.Kind)
		}
		replies[at] = f.Kind
	}
	for i, k := range kinds {
		if counts[i] != snap.Totals.Of(k) {
			t.Errorf("%d %s, counted %d", counts[i], k, snap.Totals.Of(k))
		}
	}
	for seq := snap.Calls.First(); seq < snap.Calls.End(); seq++ {
		if c := snap.Calls.At(seq); c.State == model.Answered && (c.Reply.Len == 0 || c.Reader == model.NoProc) {
			t.Errorf("call %d is answered by nothing, or nobody", seq)
		}
	}
}
