package model

// unit is one request on the wire whose reply is not settled yet: a call, or a
// batch of them.
type unit struct {
	stamp
	seq    int64 // Seq of its (first) call
	origin Origin
	id     ID
	ask    Fingerprint
	items  []item     // of a batch, in order; else nil
	byID   map[ID]int // index into items, where there are many
	proc   ProcID
	tid    int32
	method Sym
	ep     *endpoint
	flags  unitFlags
	passed uint8  // how many later requests were answered before it, at most
	since  int64  // when the first one was that surely is later, 0: none
	reader ProcID // matched: who read its reply
}

type unitFlags uint8

const (
	unitTaken   unitFlags = 1 << iota // its process has read something for it
	unitGaveUp                        // its client gave up on it
	unitMatched                       // the reply that answers it is known
	unitTwin                          // another call in flight has its id, and perhaps its reply
	unitUnsure                        // its reply may be among lines that are missing
)

func (u *unit) is(f unitFlags) bool { return u.flags&f != 0 }

// waits says that its process still waits for a reply.
func (u *unit) waits() bool { return u.flags&(unitTaken|unitGaveUp) == 0 }

// surelyLater is by how much a request's stamp is after another's for it to be
// behind it on the wire, whatever the scheduler did.
const surelyLater = int64(10e6)

// pass notes that the reply of a later request was read at t.
func (u *unit) pass(later *unit, t int64) {
	if u.passed <= passedMax {
		u.passed++
	}
	sure := surelyLater
	if u.proc == later.proc {
		sure = quiet
	}
	if u.since == 0 && (u.hasOff && later.hasOff || u.after(&later.stamp) > sure) {
		u.since = t
	}
}

// over says that at t the wire has passed the unit: its reply was read, or
// thrown away, by one who did not log it.
func (u *unit) over(t int64) bool {
	return u.passed > passedMax || u.since != 0 && t-u.since > patience
}

// twin says that both are calls of one process that were in flight with one id:
// whose reply is read first is not known, and no fault.
func (u *unit) twin(v *unit) bool {
	return u.flags&v.flags&unitTwin != 0 && u.proc == v.proc && u.id == v.id
}

// calls is how many calls it is.
func (u *unit) calls() int { return max(1, len(u.items)) }

// manyItems is from how many items on a batch has an index.
const manyItems = 16

func (u *unit) indexItems() {
	if len(u.items) < manyItems {
		return
	}
	u.byID = make(map[ID]int, len(u.items))
	for i := range u.items {
		u.byID[u.items[i].id] = i
	}
}

// item is the index of the batch's item with that id, -1 if there is none.
func (u *unit) item(id ID) int {
	if u.byID != nil {
		if i, ok := u.byID[id]; ok {
			return i
		}
		return -1
	}
	for i := range u.items {
		if u.items[i].id == id {
			return i
		}
	}
	return -1
}

// repeatsID says that two items of the batch have one id.
func (u *unit) repeatsID() bool {
	if u.byID != nil {
		return len(u.byID) < len(u.items)
	}
	for i := range u.items {
		if u.item(u.items[i].id) != i {
			return true
		}
	}
	return false
}

// weight is what it takes in memory, in units: an item is about half of one.
func (u *unit) weight() int { return 1 + len(u.items)/2 }

// ref is the unit's first call, for a finding.
func (u *unit) ref() CallRef {
	return CallRef{Seq: u.seq, Time: u.t, Origin: u.origin, ID: u.id, Proc: u.proc, Method: u.method}
}

var noCall = CallRef{Seq: -1, Proc: NoProc}

// item is one call of a batch.
type item struct {
	id     ID
	ask    Fingerprint
	method Sym
}

// reply is one reply on the wire: to a call, or to a batch.
type reply struct {
	stamp
	origin  Origin
	id      ID
	print   Fingerprint
	items   []Message // of a batch; else nil
	proc    ProcID    // who read it
	tid     int32
	other   ProcID    // who read the rest of it, NoProc: nobody
	call    int64     // Seq of the unit that its reader took it for, -1: none
	session SessionID // on which it was read, where a group spans several
	code    int32
	status  uint16
	kind    MsgKind
	why     Why
	part    bool
}

// anonymous says that the reply does not name its call: an error with a null
// id, or bytes that are no message.
func (r *reply) anonymous() bool {
	return r.kind == Invalid || r.kind == ErrorReply && r.id.Kind <= IDNull
}

// stamp is when, and where on the wire, a message passed.
type stamp struct {
	t      int64 // wall clock
	mono   int64 // 0: not said
	off    int64
	size   int64 // bytes from off on, 0: not known
	hasOff bool
	atMost bool // off was known as the greatest possible only; hasOff: and proved right
	joined bool // it begins where the one before it ends
	apart  bool // if it stands there, there are bytes in between
}

func stampOf(ev *Event) stamp {
	return stamp{
		t: ev.Time, mono: ev.Mono, off: ev.Off, size: ev.Size,
		hasOff: ev.Flags&HasOff != 0, atMost: ev.Flags&OffAtMost != 0,
	}
}

func unitOf(ev *Event, p ProcID, msgs []Message, seq int64) unit {
	m := &msgs[0]
	u := unit{
		stamp: stampOf(ev), seq: seq, origin: ev.Origin.of(m), id: m.ID, ask: m.Print,
		proc: p, tid: ev.TID, method: m.Method, reader: NoProc,
	}
	if ev.Flags&IsBatch != 0 {
		u.items = make([]item, 0, len(msgs))
		for i := range msgs {
			if msgs[i].Kind == Request {
				u.items = append(u.items, item{msgs[i].ID, msgs[i].Print, msgs[i].Method})
			}
		}
		u.indexItems()
	}
	return u
}

func replyOf(ev *Event, p ProcID, msgs []Message) reply {
	m := &msgs[0]
	r := reply{
		stamp: stampOf(ev), origin: ev.Origin.of(m), id: m.ID, print: m.Print, proc: p, tid: ev.TID,
		call: -1, other: NoProc, code: m.Code, status: ev.Status, kind: m.Kind, why: m.Why,
	}
	if r.part = ev.Flags&Partial != 0; r.part {
		r.print = Fingerprint{} // what is missing may be what it named
	}
	if ev.Flags&IsBatch != 0 && m.Kind != Invalid {
		r.items = append([]Message(nil), msgs...)
		last := &msgs[len(msgs)-1]
		r.origin.Len = last.At + last.Len - m.At
	}
	return r
}

// of is where message m of the line at o lies.
func (o Origin) of(m *Message) Origin {
	return Origin{Source: o.Source, Offset: o.Offset + int64(m.At), Len: m.Len}
}
