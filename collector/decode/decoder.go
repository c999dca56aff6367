package decode

import (
	"bytes"

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
	has     uint64 // a bit a field: those that this line has
	runs    []span // the text of the identity fields, in as few pieces as can be
	guessed int    // how many of runs were guessed; noGuess: guess no more
	batch   bool   // msg is an array
	origin  model.Origin
	out     *Out
	start   int // of this line in the block
	first   int // of this line's messages in out.Messages
	clock   clock
	who     identities
	holes   []hole // of the block
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

// Stats says what stood in a block. Malformed lines are among Lines; blank lines
// are not.
type Stats struct {
	Lines        uint64
	Malformed    uint64 // lines that could not be used
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
// data holds whole lines; its last one needs no "\n". An event's Origin is its
// line without the "\n". Block keeps nothing of data.
// A line that cannot be used is counted in out.Stats, and the rest goes on.
func (d *Decoder) Block(source uint32, offset int64, data []byte, out *Out) {
	out.Stats = Stats{}
	d.b, d.out, d.origin, d.holes = data, out, model.Origin{Source: source}, d.holes[:0]
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
	v, ok := d.integer(fV)
	switch {
	case uint64(v) > version: // its keys may mean something else
		d.wrong(badVersion, fV)
		d.malformed()
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
