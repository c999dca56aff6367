package decode

import "encoding/binary"

// A process's lines tell of the same process and mostly of the same session,
// in the same words. So before a member is read, the next bytes are held
// against the identity of the line before, a run of members at once. A guess
// that holds gives the very fields and runs that reading would have given; one
// that fails costs a comparison of four bytes.

// noGuess as Decoder.guessed: this line's identity differs from the last one's.
const noGuess = maxRuns + 1

// run is a piece of an identity's text: members with nothing between them but
// their commas.
type run struct {
	text   []byte
	head   uint32 // its first four bytes
	has    uint64
	fields []place
}

// place is where in a run a field's value stands.
type place struct {
	field field
	at    span
}

// guess is the index after the run of the last identity that stands at i, or 0
// if it does not.
func (d *Decoder) guess(i int) int {
	runs := d.who.last.runs
	if d.guessed >= len(runs) {
		return 0
	}
	r := &runs[d.guessed]
	b := d.b[i:]
	if len(b) <= len(r.text) || len(b) < 4 || binary.LittleEndian.Uint32(b) != r.head || string(b[:len(r.text)]) != string(r.text) {
		return 0
	}
	if c := b[len(r.text)]; c != ',' && c != '}' {
		return 0 // its last number goes on
	}
	end := i + len(r.text)
	for _, p := range r.fields {
		d.fields[p.field] = span{i + p.at.start, i + p.at.end}
	}
	d.has |= r.has
	d.runs = append(d.runs, span{i, end})
	d.guessed++
	return end
}

// layout is the line's runs, cut out of text, which holds them end to end.
func (d *Decoder) layout(text []byte) []run {
	runs := make([]run, len(d.runs))
	for i, r := range d.runs {
		n := r.end - r.start
		runs[i] = newRun(text[:n])
		text = text[n:]
	}
	return runs
}

func newRun(text []byte) run {
	r := run{text: text, head: binary.LittleEndian.Uint32(text)}
	s := scanner{b: text}
	for i, more := 0, true; more; {
		key, at := s.key(i)
		end := s.value(at)
		f := fieldOf(key)
		r.fields = append(r.fields, place{f, span{at, end}})
		r.has |= 1 << f
		i, more = s.more(end, 0)
	}
	return r
}
