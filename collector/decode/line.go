package decode

// object reads the members of a line into d.fields; of a key that stands
// twice, the last one counts.
func (d *Decoder) object(i int) int {
	d.has, d.runs, d.guessed, d.batch = 0, d.runs[:0], 0, false
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
		end := d.guess(i)
		if end == 0 {
			end = d.member(i)
		}
		if end < 0 {
			return -1
		}
		if end < len(b) && b[end] == ',' { // as more does, without the call
			i = end + 1
		} else if i, more = d.more(end, '}'); i < 0 {
			return -1
		}
	}
	return i
}

// member reads one member.
func (d *Decoder) member(i int) (end int) {
	key, at := d.key(i)
	if at < 0 {
		return -1
	}
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
	return end
}

// run adds a member, its key included, to the text of the identity.
func (d *Decoder) run(start, end int) {
	d.guessed = noGuess
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

// integer is the field's value within its bounds, 0 where it is absent. On what
// is no such integer it keeps the fault and returns false.
func (d *Decoder) integer(f field) (v int64, ok bool) {
	raw := d.raw(f)
	if raw == nil {
		return 0, true
	}
	lo, hi := f.bounds()
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
	return 0, d.wrong(badInt, f)
}
