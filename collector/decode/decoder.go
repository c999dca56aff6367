package decode

import (
	"bytes"
	"math"

	"github.com/sessiontop/sessiontop/model"
)

const (
	// MaxLine is how long a line may be, in bytes.
	MaxLine = 64 << 20
	// MaxBatch is how many items a JSON-RPC batch may have; nodes refuse far
	// smaller ones (go-ethereum at 1000).
	MaxBatch = 1 << 16
)

// version is the greatest "v" that this decoder reads.
const version = 1

// Decoder turns blocks of session log into events. It belongs to one
// goroutine; any number of them may share an Interner. What it keeps from
// block to block are caches only: the same block gives the same events, whatever
// came before it.
type Decoder struct {
	scanner
	fields  [numFields]span
	has     uint32 // a bit a field: those that this line has
	runs    []span // the text of the identity fields, in as few pieces as can be
	batch   bool   // msg is an array
	origin  model.Origin
	out     *Out
	start   int // of this line in the block
	first   int // of this line's messages in out.Messages
	clock   clock
	who     identities
	methods methods
	syms    *model.SymCache
	dialect model.Dialect // nil: none
	scratch []byte        // for texts that have escapes
}

// span is a stretch of the block.
type span struct{ start, end int }

// Out is what a Decoder has made. Event.Msg counts in Messages.
type Out struct {
	Events   []model.Event   // Block appends
	Messages []model.Message // Block appends
	Stats    Stats           // of the last Block alone
}

// Reset empties o and keeps its memory.
func (o *Out) Reset() {
	clear(o.Events) // lets go of the ProcInfos and ConnInfos
	o.Events, o.Messages, o.Stats = o.Events[:0], o.Messages[:0], Stats{}
}

// Stats says what stood in a block. Malformed and Newer lines are among Lines;
// blank lines are not.
type Stats struct {
	Lines        uint64
	Malformed    uint64 // lines that could not be used
	Newer        uint64 // lines of a version that this program does not know ("v")
	LostReported uint64 // events that the writer says it dropped (ev lost)
	BadOffset    int64  // where the first malformed line starts in the source
	BadReason    string // and why it is one; "" if there is none
	Seq          Seq
}

// New returns a Decoder that interns in in and has dialect read the bodies.
func New(in *model.Interner, dialect model.Dialect) *Decoder {
	syms := model.NewSymCache(in)
	d := &Decoder{
		clock:   newClock(),
		who:     newIdentities(),
		methods: methods{in: in, syms: syms},
		syms:    syms,
		dialect: dialect,
		scratch: make([]byte, 0, 1024),
	}
	if _, none := dialect.(model.NoDialect); none {
		d.dialect = nil
	}
	return d
}

// Block decodes the lines of data, which starts offset bytes into the source.
// data holds whole lines; its last one needs no "\n". It keeps nothing of data.
// A line that cannot be used is counted in out.Stats, and the rest goes on.
func (d *Decoder) Block(source uint32, offset int64, data []byte, out *Out) {
	out.Stats = Stats{}
	d.b, d.out, d.origin = data, out, model.Origin{Source: source}
	i := 0
	if offset == 0 && bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		i = 3 // the byte order mark that some editors put first
	}
	for i < len(data) {
		d.origin.Offset = offset + int64(i)
		i = d.line(i)
	}
	if out.Stats.Seq.Mixed {
		out.Stats.Seq = Seq{Mixed: true}
	}
	d.b, d.out = nil, nil
}

// line decodes the line at i and returns where the next one starts.
func (d *Decoder) line(i int) int {
	d.start, d.first = i, len(d.out.Messages)
	end := d.space(i)
	if end < len(d.b) && d.b[end] == '\n' {
		return end + 1
	}
	if end == len(d.b) {
		return end
	}
	d.out.Stats.Lines++
	d.fault = fault{}
	end = d.object(end)
	if end >= 0 {
		if end = d.space(end); end < len(d.b) && d.b[end] != '\n' {
			end = d.fail(badSyntax, end)
		}
	}
	if end < 0 { // no JSON: nothing is known of it but where the next line is
		end = len(d.b)
		if n := bytes.IndexByte(d.b[i:], '\n'); n >= 0 {
			end = i + n
		}
		d.malformed()
		return end + 1
	}
	d.finish(end)
	return end + 1
}

// finish makes an event of a line that is JSON and ends at end.
func (d *Decoder) finish(end int) {
	if end-d.start > MaxLine {
		d.fail(badLong, d.start)
		d.malformed()
		return
	}
	d.origin.Len = uint32(end - d.start)
	v, ok := d.integer(fV, 1, math.MaxUint64)
	switch {
	case uint64(v) > version: // its keys may mean something else
		d.out.Messages = d.out.Messages[:d.first]
		d.out.Stats.Newer++
	case !ok || d.fault.why != badNothing || !d.event():
		d.malformed()
	}
}

// malformed counts this line as one that cannot be used, for d.fault.
func (d *Decoder) malformed() {
	d.out.Messages = d.out.Messages[:d.first]
	st := &d.out.Stats
	if st.Malformed++; st.Malformed == 1 {
		st.BadOffset, st.BadReason = d.origin.Offset, d.fault.text(d.b, d.start)
	}
}

// object reads the members of a line into d.fields; of a key that stands
// twice, the last one counts.
func (d *Decoder) object(i int) int {
	d.has, d.runs, d.batch = 0, d.runs[:0], false
	b := d.b
	if b[i] != '{' {
		if i = d.value(i); i < 0 {
			return -1
		}
		d.fault.why = badLine
		return i
	}
	if i = d.space(i + 1); i < len(b) && b[i] == '}' {
		return i + 1
	}
	for more := true; more; {
		key, at := d.key(i)
		if at < 0 {
			return -1
		}
		var end int
		f := fieldOf(key)
		if f == fMsg {
			end = d.body(at)
		} else {
			end = d.value(at)
		}
		if end < 0 {
			return -1
		}
		d.fields[f] = span{at, end}
		d.has |= 1 << f
		if f < numIdentity {
			d.run(i, end)
		}
		if i, more = d.more(end, '}'); i < 0 {
			return -1
		}
	}
	return i
}

// run adds a member, its key included, to the text of the identity.
func (d *Decoder) run(start, end int) {
	if n := len(d.runs); n > 0 && d.runs[n-1].end+1 == start {
		d.runs[n-1].end = end
		return
	}
	if len(d.runs) <= maxRuns {
		d.runs = append(d.runs, span{start, end})
	}
}

// raw is the field's value; nil where the line does not have it or it is null,
// which is how some writers say that they do not know.
func (d *Decoder) raw(f field) []byte {
	if d.has>>f&1 == 0 {
		return nil
	}
	at := d.fields[f]
	if d.b[at.start] == 'n' {
		return nil
	}
	return d.b[at.start:at.end]
}

// integer is the field's value as an integer from lo to hi, 0 where it is
// absent. On what is none of these it keeps the fault and returns false.
func (d *Decoder) integer(f field, lo int64, hi uint64) (v int64, ok bool) {
	raw := d.raw(f)
	if raw == nil {
		return 0, true
	}
	if n, ok := parseInteger(raw); ok {
		switch {
		case n.neg && n.mag != 0:
			if v, fits := n.int64(); fits && v >= lo {
				return v, true
			}
		case n.mag <= hi && (lo <= 0 || n.mag >= uint64(lo)):
			return int64(n.mag), true
		}
	}
	d.fault = fault{why: badInt, key: f, at: d.fields[f].start, lo: lo, hi: hi}
	return 0, false
}
