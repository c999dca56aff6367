package live

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/model"
)

// passed is a message that a process wrote or read.
type passed struct {
	kind   sampleKind
	pid    int32
	caller int32 // whose call it is of
	id     int
}

// shareConnection has processes that count their ids alike share one HTTP
// connection to a server that answers one request after the other. Each asks,
// and takes what it reads first for its reply.
func shareConnection(random *rand.Rand, processes, calls int) (all []passed) {
	asked := make([]int, processes)
	waits := make([]bool, processes)
	var requests, replies []passed
	for len(all) < 2*calls {
		if len(requests) > 0 && random.IntN(3) > 0 {
			replies, requests = append(replies, requests[0]), requests[1:]
		}
		p := random.IntN(processes)
		m := passed{pid: int32(10 + p), caller: int32(10 + p), id: asked[p]}
		switch {
		case !waits[p]:
			m.kind = sampleSent
			requests = append(requests, m)
			asked[p]++
		case len(replies) > 0:
			m.kind, m.caller, m.id = sampleReceived, replies[0].caller, replies[0].id
			replies = replies[1:]
		default:
			continue
		}
		waits[p] = !waits[p]
		all = append(all, m)
	}
	return all
}

// astray counts, by the finding that they are worth, the replies that went to
// another call than that which asked, where that was seen.
func astray(seen []passed) map[model.FindingKind]int {
	n := map[model.FindingKind]int{}
	asked := map[int32]int{}
	for _, m := range seen {
		first, known := asked[m.caller]
		switch {
		case m.kind == sampleSent && !known:
			asked[m.caller], asked[-m.caller] = m.id, m.id
		case m.kind == sampleSent:
			asked[-m.caller] = m.id
		case !known || m.id < first:
		case m.caller != m.pid:
			n[model.SwappedReply]++
		case m.id != asked[-m.caller]:
			n[model.StaleReply]++
		}
	}
	return n
}

// attachedBefore is what is found where these messages are the first that are seen
// of a connection.
func attachedBefore(seen []passed, e endpoints, processes int) map[model.FindingKind]int {
	r := newRing()
	var by []int32
	for p := range processes {
		by = append(by, int32(10+p))
	}
	r.tracker.known(heldBy(e, by...), r.now)
	var offsets [sampleReceived + 1]int64
	if !e.unix {
		offsets = [...]int64{sampleSent: 4001, sampleReceived: 5000}
	}
	began := offsets
	for _, m := range seen {
		data := post(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"eth_chainId","params":[]}`, m.id))
		if m.kind == sampleReceived {
			data = answer(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"result":"0x1"}`, m.id))
		}
		s := sample{kind: m.kind, pid: m.pid, tid: m.pid, flags: hasOffset, off: offsets[m.kind], data: []byte(data)}
		if s.off == began[m.kind] {
			s.flags |= first
		}
		offsets[m.kind] += int64(len(data))
		r.take(s)
	}
	var log []byte
	for _, rec := range r.records {
		log = record.AppendRecord(log, rec)
	}
	store, out := model.NewStore(model.Options{}), decode.Out{}
	decode.New(store.Strings(), model.NoDialect{}).Block(1, 0, log, &out)
	slices.SortStableFunc(out.Events, func(a, b model.Event) int { return cmp.Compare(a.Time, b.Time) })
	store.Apply(&model.Batch{Events: out.Events, Messages: out.Messages})
	store.Finish()
	found := map[model.FindingKind]int{}
	snap := store.Snapshot()
	for i := range snap.Findings.Len() {
		if f := snap.Findings.At(i); !f.Void && f.Kind.Misread() {
			found[f.Kind]++
		}
	}
	return found
}

// TestAttachedAnywhere: wherever in the life of a shared connection watching
// begins, what goes astray is found, and nothing is said of a reply to what was
// asked before.
func TestAttachedAnywhere(t *testing.T) {
	const processes, calls = 3, 60
	conn := record.Conn{Cookie: cookie, Ino: 4242, Local: "127.0.0.1:51234", Peer: "127.0.0.1:8545"}
	for name, e := range map[string]endpoints{
		"TCP":  {conn: conn, localPort: 51234, peerPort: 8545},
		"Unix": {conn: record.Conn{Cookie: cookie, Ino: 4242, Peer: "/run/geth.ipc"}, unix: true},
	} {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				all := shareConnection(rand.New(rand.NewPCG(seed, 1)), processes, calls)
				for from := range calls {
					found, want := attachedBefore(all[from:], e, processes), astray(all[from:])
					if !maps.Equal(found, want) {
						t.Errorf("run %d from message %d: found %v, want %v", seed, from, found, want)
					}
				}
			}
		})
	}
}
