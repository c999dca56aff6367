// Package world makes up fleets for the tests of ui: events written by hand,
// applied to a real Store, with the messages in memory.
package world

import (
	"encoding/json"
	"fmt"
	"sort"
	"time"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// Start is when every world begins.
var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// World is a fleet in the making. Times are milliseconds from its start.
type World struct {
	store  *model.Store
	events []model.Event
	msgs   []model.Message
	procs  map[int]*model.ProcInfo
	text   Bodies
	stats  []model.SourceStat
}

// New returns an empty world. A live one's snapshots say that they go on.
func New(live bool) *World {
	return &World{store: model.NewStore(model.Options{Live: live}), procs: make(map[int]*model.ProcInfo)}
}

// Bodies are the messages of a world, one after another.
type Bodies struct{ all []byte }

// Body is the bytes at o.
func (b *Bodies) Body(o model.Origin) ([]byte, error) {
	if o.Offset+int64(o.Len) > int64(len(b.all)) {
		return nil, fmt.Errorf("worker.jsonl: offset %d is beyond its end: the file was truncated", o.Offset)
	}
	return b.all[o.Offset : o.Offset+int64(o.Len)], nil
}

// Bodies of the world.
func (w *World) Bodies() *Bodies { return &w.text }

// Now is the wall clock ms milliseconds after the start.
func Now(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// Proc names a process.
func (w *World) Proc(pid, ppid int, comm string) {
	w.procs[pid] = &model.ProcInfo{PID: int32(pid), PPID: int32(ppid), Comm: comm}
}

// Inside says which PID a process has in its container.
func (w *World) Inside(pid, nspid int) { w.proc(pid).NSPID = int32(nspid) }

// On says which host a process runs on.
func (w *World) On(pid int, host string) { w.proc(pid).Host = host }

func (w *World) proc(pid int) *model.ProcInfo {
	if w.procs[pid] == nil {
		w.Proc(pid, 0, "worker")
	}
	return w.procs[pid]
}

// Conn is a connection from a local port to a peer.
func Conn(local, peer, url string) *model.ConnInfo {
	c := &model.ConnInfo{Local: local, Peer: peer, URL: url, Client: "web3.py/7.6"}
	c.Identify("", 0)
	return c
}

func (w *World) event(ms float64, pid int, kind model.EventKind, c *model.ConnInfo) *model.Event {
	at := start.Add(time.Duration(ms * float64(time.Millisecond))).UnixNano()
	w.events = append(w.events, model.Event{Time: at, Mono: at, Kind: kind, Proc: w.proc(pid), Conn: c, Msg: uint32(len(w.msgs))})
	return &w.events[len(w.events)-1]
}

// Open, Close, Fork and Exit are what a process does besides talking.
func (w *World) Open(ms float64, pid int, c *model.ConnInfo) { w.event(ms, pid, model.Open, c) }

// Close says that pid closed the connection.
func (w *World) Close(ms float64, pid int, c *model.ConnInfo) { w.event(ms, pid, model.Close, c) }

// Fork says that pid has a child.
func (w *World) Fork(ms float64, pid, child int) { w.event(ms, pid, model.Fork, nil).N = int64(child) }

// Exit says that pid ended.
func (w *World) Exit(ms float64, pid int, code int64) { w.event(ms, pid, model.Exit, nil).N = code }

// Lost has pid tell that n events of the connection are lost.
func (w *World) Lost(ms float64, pid int, c *model.ConnInfo, n int64) {
	w.event(ms, pid, model.Lost, c).N = n
}

// Send writes a request; params is JSON.
func (w *World) Send(ms float64, pid int, c *model.ConnInfo, id any, method, params string) {
	name, _ := json.Marshal(method)
	w.message(w.event(ms, pid, model.Send, c), fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%s,"params":%s}`, js(id), name, params))
}

// Recv reads a reply with a result, which is JSON.
func (w *World) Recv(ms float64, pid int, c *model.ConnInfo, id any, result string) {
	w.message(w.event(ms, pid, model.Recv, c), fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, js(id), result))
}

// RecvError reads an error reply.
func (w *World) RecvError(ms float64, pid int, c *model.ConnInfo, id any, code int, text string) {
	w.message(w.event(ms, pid, model.Recv, c), fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%s}}`, js(id), code, js(text)))
}

// Call is a request and its reply after took milliseconds.
func (w *World) Call(ms, took float64, pid int, c *model.ConnInfo, id any, method, params, result string) {
	w.Send(ms, pid, c, id, method, params)
	w.Recv(ms+took, pid, c, id, result)
}

// Fail gives up on a call.
func (w *World) Fail(ms float64, pid int, c *model.ConnInfo, id int64, why string) {
	ev := w.event(ms, pid, model.Fail, c)
	ev.Err = w.store.Strings().Intern([]byte(why))
	ev.NMsg = 1
	w.msgs = append(w.msgs, model.Message{ID: model.IntID(id), Kind: model.Request})
}

// Source says how far a source was read.
func (w *World) Source(s model.SourceStat) { w.stats = append(w.stats, s) }

func js(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// message stores a body and what matching needs of it.
func (w *World) message(ev *model.Event, body string) {
	dialect := ethereum.New()
	var m struct {
		ID     json.RawMessage
		Method *string
		Params json.RawMessage
		Result json.RawMessage
		Error  *struct{ Code int32 }
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		panic(err)
	}
	ev.Origin = model.Origin{Offset: int64(len(w.text.all)), Len: uint32(len(body))}
	w.text.all = append(append(w.text.all, body...), '\n')
	msg := model.Message{Len: uint32(len(body)), ID: idOf(m.ID)}
	switch {
	case m.Method != nil:
		msg.Kind, msg.Method = model.Request, w.store.Strings().Intern([]byte(*m.Method))
		msg.Print = dialect.Ask(*m.Method, m.Params)
	case m.Error != nil:
		msg.Kind, msg.Code = model.ErrorReply, m.Error.Code
	default:
		msg.Kind, msg.Print = model.Result, dialect.Reply(m.Result)
	}
	ev.NMsg = 1
	w.msgs = append(w.msgs, msg)
}

func idOf(raw json.RawMessage) model.ID {
	var n int64
	switch {
	case string(raw) == "null":
		return model.ID{Kind: model.IDNull}
	case json.Unmarshal(raw, &n) == nil:
		return model.IntID(n)
	}
	return model.TextID(raw)
}

// Apply hands what was made so far to the store, in order of time.
func (w *World) Apply() {
	sort.SliceStable(w.events, func(i, j int) bool { return w.events[i].Time < w.events[j].Time })
	w.store.Apply(&model.Batch{Events: w.events, Messages: w.msgs, Sources: w.stats})
	w.events, w.msgs, w.stats = nil, nil, nil
}

// Snapshot applies what was made so far and takes a snapshot.
func (w *World) Snapshot() *model.Snapshot {
	w.Apply()
	w.store.Advance(0)
	return w.store.Snapshot()
}

// End is Snapshot of a world in which nothing more will happen.
func (w *World) End() *model.Snapshot {
	w.Apply()
	w.store.Finish()
	return w.store.Snapshot()
}
