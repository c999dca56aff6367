package decode

import (
	"math"

	"github.com/sessiontop/sessiontop/model"
)

// event makes an event of the line's fields; on what is wrong with them it
// keeps the fault and returns false.
func (d *Decoder) event() bool {
	pid, ok := d.integer(fPID)
	if !ok {
		return false
	}
	ev := model.Event{Origin: d.origin, Msg: uint32(d.first)}
	if !d.sequence(&ev, int32(pid)) || !d.when(&ev) {
		return false
	}
	if pid == 0 {
		return d.absent(fPID)
	}
	if !d.kind(&ev) {
		return false
	}
	who := d.identity(int32(pid))
	if who == nil {
		return false
	}
	ev.Proc = who.proc
	if who.session || ev.Kind <= model.Close {
		ev.Conn = who.conn
	}
	if !d.details(&ev) {
		return false
	}
	ev.NMsg = uint32(len(d.out.Messages) - d.first)
	d.out.Events = append(d.out.Events, ev)
	return true
}

// absent keeps the fault that a field is not there.
func (d *Decoder) absent(f field) bool {
	d.fault = fault{why: badAbsent, key: f}
	return false
}

// wrong keeps the fault that a field's value is not what it must be.
func (d *Decoder) wrong(why reason, f field) bool {
	d.fault = fault{why: why, key: f, at: d.fields[f].start}
	return false
}

// when reads the event's times and thread.
func (d *Decoder) when(ev *model.Event) bool {
	raw := d.raw(fTS)
	if raw == nil {
		return d.absent(fTS)
	}
	var ok bool
	if raw[0] == '"' {
		if ev.Time, ok = d.clock.parse(raw[1 : len(raw)-1]); !ok {
			ev.Time, ok = d.clock.parse(text(raw, d.scratch[:0])) // may have escapes
		}
	} else {
		var n integer
		if n, ok = parseInteger(raw); ok {
			ev.Time, ok = n.int64()
		}
	}
	if !ok {
		return d.wrong(badTime, fTS)
	}
	if ev.Mono, ok = d.integer(fMono); !ok {
		return false
	}
	tid, ok := d.integer(fTID)
	ev.TID = int32(tid)
	return ok
}

// kind reads what the process did.
func (d *Decoder) kind(ev *model.Event) bool {
	raw := d.raw(fEv)
	if raw == nil {
		return d.absent(fEv)
	}
	if raw[0] == '"' {
		if ev.Kind = kindOf(pack(raw[1 : len(raw)-1])); ev.Kind == 0 {
			ev.Kind = kindOf(pack(text(raw, d.scratch[:0]))) // may have escapes
		}
	}
	return ev.Kind != 0 || d.wrong(badEvent, fEv)
}

func kindOf(ev word) model.EventKind {
	switch ev {
	case 's' | 'e'<<8 | 'n'<<16 | 'd'<<24:
		return model.Send
	case 'r' | 'e'<<8 | 'c'<<16 | 'v'<<24:
		return model.Recv
	case 'f' | 'a'<<8 | 'i'<<16 | 'l'<<24:
		return model.Fail
	case 'o' | 'p'<<8 | 'e'<<16 | 'n'<<24:
		return model.Open
	case 'c' | 'l'<<8 | 'o'<<16 | 's'<<24 | 'e'<<32:
		return model.Close
	case 'f' | 'o'<<8 | 'r'<<16 | 'k'<<24:
		return model.Fork
	case 'e' | 'x'<<8 | 'e'<<16 | 'c'<<24:
		return model.Exec
	case 'e' | 'x'<<8 | 'i'<<16 | 't'<<24:
		return model.Exit
	case 'l' | 'o'<<8 | 's'<<16 | 't'<<24:
		return model.Lost
	}
	return 0
}

// details reads what only some events have.
func (d *Decoder) details(ev *model.Event) (ok bool) {
	if ev.Kind == model.Send || ev.Kind == model.Recv {
		return d.transfer(ev)
	}
	d.out.Messages = d.out.Messages[:d.first]
	switch ev.Kind {
	case model.Fail:
		return d.failure(ev)
	case model.Open:
		return d.flag(ev, fBefore, model.Before)
	case model.Fork:
		if d.raw(fChild) == nil {
			return d.absent(fChild)
		}
		ev.N, ok = d.integer(fChild)
		return ok && d.flag(ev, fBefore, model.Before)
	case model.Exit:
		if d.raw(fCode) == nil {
			ev.N = model.NoCode
			return true
		}
		ev.N, ok = d.integer(fCode)
		return ok
	case model.Lost:
		if d.raw(fN) == nil {
			return d.absent(fN)
		}
		ev.N, ok = d.integer(fN)
		if ok {
			st := &d.out.Stats
			st.LostReported += min(uint64(ev.N), math.MaxUint64-st.LostReported)
		}
		return ok
	}
	return true
}

// transfer reads the rest of a send or recv.
func (d *Decoder) transfer(ev *model.Event) (ok bool) {
	if d.batch {
		ev.Flags |= model.IsBatch
	}
	if ev.Kind == model.Recv {
		status, ok := d.integer(fStatus)
		if ev.Status = uint16(status); !ok {
			return false
		}
	}
	return d.place(ev) && d.flag(ev, fPart, model.Partial) && d.flag(ev, fRest, model.Partial|model.Rest) && d.content(ev)
}

// place reads where on its connection the message stands.
func (d *Decoder) place(ev *model.Event) (ok bool) {
	if d.has&(1<<fOff|1<<fUpTo) == 0 {
		return true
	}
	if ev.Size, ok = d.integer(fSize); !ok {
		return false
	}
	if d.raw(fOff) != nil {
		ev.Flags |= model.HasOff
		ev.Off, ok = d.integer(fOff)
		return ok
	}
	end, ok := d.integer(fUpTo)
	if ok && ev.Size > 0 && ev.Size <= end {
		ev.Flags |= model.OffAtMost
		ev.Off = end - ev.Size
	}
	return ok
}

// flag sets the flags where the field is true.
func (d *Decoder) flag(ev *model.Event, f field, flags model.EventFlags) bool {
	raw := d.raw(f)
	switch {
	case raw == nil || raw[0] == 'f':
	case raw[0] == 't':
		ev.Flags |= flags
	default:
		return d.wrong(badBool, f)
	}
	return true
}

// content settles which messages a send or recv has: what stands in msg; where
// that is absent or null, the one that raw tells of; of a part that the writer
// did not keep, one of no bytes.
func (d *Decoder) content(ev *model.Event) bool {
	if d.raw(fMsg) == nil {
		m := model.Message{Why: model.WhyNotJSON}
		switch raw := d.raw(fRaw); {
		case raw != nil && raw[0] != '"':
			return d.wrong(badText, fRaw)
		case raw != nil:
			at := d.fields[fRaw]
			m.At, m.Len = uint32(at.start-d.start), uint32(at.end-at.start)
			ev.Flags |= model.NotJSON
		case d.has>>fMsg&1 != 0: // the message null, which is already there
			m = d.out.Messages[d.first]
		case ev.Flags&model.Partial == 0:
			return d.absent(fMsg)
		}
		d.out.Messages = append(d.out.Messages[:d.first], m)
	}
	if ev.Flags&model.IsBatch != 0 {
		return true
	}
	if m := &d.out.Messages[d.first]; m.Kind == model.Invalid {
		switch {
		case ev.Flags&model.Partial != 0:
			m.Why = model.WhyPartial
		case ev.Status >= 400 && (m.Why == model.WhyNotJSON || m.Why == model.WhyNotObject || m.Why == model.WhyNeither):
			m.Why = model.WhyHTTP
		}
	}
	return true
}

// failure reads the rest of a fail. Its id becomes a Request without a method.
func (d *Decoder) failure(ev *model.Event) bool {
	if raw := d.raw(fErr); raw != nil {
		if raw[0] != '"' {
			return d.wrong(badText, fErr)
		}
		// An HTTP library's error quotes the URL, key and all. Redacted before it
		// is cut: half a key may not look like one.
		why := model.RedactText(string(cut(text(raw, d.scratch[:0]), maxText)))
		ev.Err = d.syms.Intern(cut([]byte(why), maxName))
	}
	if d.has>>fID&1 == 0 {
		return true
	}
	at := d.fields[fID]
	id, ok := d.id(d.b[at.start:at.end])
	if !ok {
		return d.wrong(badID, fID)
	}
	d.out.Messages = append(d.out.Messages, model.Message{
		Kind: model.Request, ID: id,
		At: uint32(at.start - d.start), Len: uint32(at.end - at.start),
	})
	return true
}
