package strace

import "time"

// clock makes wall-clock times of a trace's stamps.
type clock struct {
	modified time.Time // when the trace was last written
	day      time.Time // of the line before, where stamps have no date
	now      int64     // time of the line before, Unix nanoseconds
}

const dayNanos = int64(24 * time.Hour)

func newClock(modified time.Time) clock {
	c := clock{modified: modified}
	if !modified.IsZero() {
		c.now = modified.UnixNano()
	}
	return c
}

// read is the time of the next line, Unix nanoseconds.
func (c *clock) read(s stamp) int64 {
	switch s.style {
	case sinceEpoch:
		c.now = s.nanos
	case sinceMidnight:
		c.now = c.sinceMidnight(s.nanos)
	case sinceLine:
		c.now += s.nanos
	case noStamp:
		c.now += int64(time.Microsecond)
	}
	return c.now
}

// sinceMidnight is the time of day of a line. The first is of the day on which
// the trace was last written, if that is not before it; one that goes back by
// hours is of the next day.
func (c *clock) sinceMidnight(nanos int64) int64 {
	if c.day.IsZero() {
		y, m, d := c.modified.Date()
		if c.day = time.Date(y, m, d, 0, 0, 0, 0, c.modified.Location()); c.on(nanos).After(c.modified) && y > 1 {
			c.day = c.day.AddDate(0, 0, -1)
		}
		if y <= 1 { // the day is not known
			c.day = time.Unix(0, 0).UTC()
		}
		return c.on(nanos).UnixNano()
	}
	at := c.on(nanos).UnixNano()
	if c.now-at > dayNanos/2 {
		c.day = c.day.AddDate(0, 0, 1)
		at = c.on(nanos).UnixNano()
	}
	return at
}

// on is that time of the day. It is not so long after midnight where the clocks
// are put forward or back.
func (c *clock) on(nanos int64) time.Time {
	y, m, d := c.day.Date()
	const second = int64(time.Second)
	return time.Date(y, m, d, 0, 0, int(nanos/second), int(nanos%second), c.day.Location())
}
