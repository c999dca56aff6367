package decode

import "github.com/sessiontop/sessiontop/model"

// Message decodes a line, without its "\n", of a send or recv of which all is
// known but the message: ev is that, and from and to are where in line the
// value of msg stands, which need not be JSON. It appends to out what Block
// would, keeps nothing of line and leaves out.Stats alone. It returns false, and
// appends nothing, where Block would not take the line.
func (d *Decoder) Message(ev model.Event, line []byte, from, to int, out *Out) bool {
	d.b, d.out = line, out
	d.start, d.first, d.fault = 0, len(out.Messages), fault{}
	ok := len(line) <= MaxLine && d.known(&ev, from, to)
	if !ok {
		out.Messages = out.Messages[:d.first]
	}
	d.b, d.out = nil, nil
	return ok
}

func (d *Decoder) known(ev *model.Event, from, to int) bool {
	d.batch, d.has, d.fields[fMsg] = false, 1<<fMsg, span{from, to}
	if end := d.body(from); end < 0 || d.space(end) != to || d.fault.why != badNothing {
		return false
	}
	if d.batch {
		ev.Flags |= model.IsBatch
	}
	if !d.content(ev) {
		return false
	}
	ev.Msg, ev.NMsg = uint32(d.first), uint32(len(d.out.Messages)-d.first)
	d.out.Events = append(d.out.Events, *ev)
	return true
}
