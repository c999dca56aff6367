package ui

// rungTimes is how a ladder tells the times of its rungs: whole, or without what
// those on the screen have in common, which is their head.
type rungTimes struct {
	head    string
	cut     int // characters of the time of day that are not told
	decimal int
}

func timesOf(l *ladder, whole bool) rungTimes {
	if whole {
		return rungTimes{"TIME UTC", 0, 4}
	}
	const hour, minute = len("15:"), len("15:04:")
	first, same := "", minute
	for i := l.top; i < min(l.top+l.height, len(l.rungs)); i++ {
		t := timeOfDay(l.rungs[i].time, 0)
		if first == "" {
			first = t
		}
		for t[:same] != first[:same] {
			same -= minute - hour
		}
	}
	switch {
	case first == "":
		return rungTimes{head: "TIME"}
	case same == minute:
		return rungTimes{first[:minute], minute, 4}
	case same == hour:
		return rungTimes{first[:hour], hour, 2}
	}
	return rungTimes{"TIME", hour, 2}
}

func (t *rungTimes) of(r *rung) string { return timeOfDay(r.time, t.decimal)[t.cut:] }
