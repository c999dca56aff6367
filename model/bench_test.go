package model_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// traffic is n calls and their replies, round robin over the sessions, two
// processes a session where shared.
func traffic(store *model.Store, n, sessions int, shared bool) []model.Batch {
	conns := make([]*model.ConnInfo, sessions)
	procs := make([]*model.ProcInfo, 2*sessions)
	for i := range conns {
		conns[i] = &model.ConnInfo{Local: fmt.Sprintf("127.0.0.1:%d", i), Peer: "127.0.0.1:8545", URL: "http://127.0.0.1:8545"}
		conns[i].Identify("", 1)
		procs[2*i] = &model.ProcInfo{PID: int32(1000 + 2*i)}
		procs[2*i+1] = &model.ProcInfo{PID: int32(1001 + 2*i)}
	}
	var methods []model.Sym
	for i := range 16 {
		methods = append(methods, store.Strings().Intern(fmt.Appendf(nil, "eth_method%d", i)))
	}
	const perBatch = 1024
	var out []model.Batch
	var b model.Batch
	at := int64(1e18)
	add := func(kind model.EventKind, i int, m model.Message) {
		s := i % sessions
		p := procs[2*s]
		if shared && (i/sessions)%2 == 1 {
			p = procs[2*s+1]
		}
		at += 1000
		b.Events = append(b.Events, model.Event{
			Time: at, Kind: kind, Proc: p, Conn: conns[s], Msg: uint32(len(b.Messages)), NMsg: 1,
			Origin: model.Origin{Offset: int64(i) * 200, Len: 200},
		})
		m.Len = 100
		b.Messages = append(b.Messages, m)
	}
	for i := range n {
		id := model.IntID(int64(i))
		fp := model.Fingerprint{Kinds: 6, Tx: uint64(i + 1)}
		add(model.Send, i, model.Message{Kind: model.Request, ID: id, Method: methods[i%16], Print: fp})
		add(model.Recv, i, model.Message{Kind: model.Result, ID: id, Print: fp})
		if len(b.Events) >= perBatch {
			out = append(out, b)
			b = model.Batch{}
		}
	}
	return append(out, b)
}

func BenchmarkApply(b *testing.B) {
	for _, bb := range []struct {
		name     string
		sessions int
		shared   bool
	}{{"1 session", 1, false}, {"1000 sessions", 1000, false}, {"1000 shared sessions", 1000, true}} {
		b.Run(bb.name, func(b *testing.B) {
			const calls = 1 << 18
			store := model.NewStore(model.Options{})
			batches := traffic(store, calls, bb.sessions, bb.shared)
			b.ReportAllocs()
			b.ResetTimer()
			messages := 0
			for b.Loop() {
				store := model.NewStore(model.Options{})
				for i := range batches {
					store.Apply(&batches[i])
				}
				store.Finish()
				messages += 2 * calls
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(messages), "ns/message")
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	const sessions = 100_000
	store := model.NewStore(model.Options{})
	for _, batch := range traffic(store, sessions, sessions, false) {
		store.Apply(&batch)
	}
	store.Snapshot()
	for _, dirty := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("%d of 100000 sessions changed", dirty), func(b *testing.B) {
			batches := traffic(store, dirty, sessions, false)
			for b.Loop() {
				b.StopTimer()
				for i := range batches {
					store.Apply(&batches[i])
				}
				b.StartTimer()
				store.Snapshot()
			}
		})
	}
}

// BenchmarkStorm is a thousand processes on one socket, all in flight at once,
// each reading whoever's reply comes.
func BenchmarkStorm(b *testing.B) {
	const procs = 1000
	const rounds = 10
	store := model.NewStore(model.Options{})
	conn := &model.ConnInfo{Local: "127.0.0.1:1", Peer: "127.0.0.1:8545", URL: "http://127.0.0.1:8545"}
	conn.Identify("", 1)
	method := store.Strings().Intern([]byte("eth_call"))
	rng := rand.New(rand.NewPCG(1, 1))
	var batch model.Batch
	at := int64(1e18)
	add := func(kind model.EventKind, pid int, m model.Message) {
		at += 5_000 + rng.Int64N(20_000)
		batch.Events = append(batch.Events, model.Event{
			Time: at, Kind: kind, Proc: &model.ProcInfo{PID: int32(pid)}, Conn: conn, Msg: uint32(len(batch.Messages)), NMsg: 1,
			Origin: model.Origin{Offset: at, Len: 200},
		})
		m.Len = 100
		batch.Messages = append(batch.Messages, m)
	}
	for round := range rounds {
		id := model.IntID(int64(round))
		for _, pid := range rng.Perm(procs) {
			add(model.Send, 1+pid, model.Message{Kind: model.Request, ID: id, Method: method})
		}
		for _, pid := range rng.Perm(procs) {
			add(model.Recv, 1+pid, model.Message{Kind: model.Result, ID: id})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		s := model.NewStore(model.Options{})
		s.Apply(&batch)
		s.Finish()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(batch.Events)), "ns/message")
}
