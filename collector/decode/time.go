package decode

import (
	"encoding/binary"
	"math"
)

// clock reads RFC 3339 times. It keeps the last minute it met, for lines stand
// in order of time.
type clock struct {
	minute [16]byte // "2006-01-02T15:04"
	base   int64    // its start in Unix seconds, as if it were UTC
}

func newClock() clock {
	return clock{minute: [16]byte([]byte("1970-01-01T00:00"))}
}

// maxUnix bounds the times whose Unix nanoseconds fit 64 bits: the years 1678
// to 2261.
const maxUnix = math.MaxInt64/1_000_000_000 - 1

// parse is the Unix nanoseconds of an RFC 3339 time. As that document allows,
// the letters may be small, a blank may stand for the T, and a minute may have
// a second 60, which is the next minute's first. Digits after the ninth
// decimal are dropped.
func (c *clock) parse(t []byte) (ns int64, ok bool) {
	if len(t) < len("2006-01-02T15:04:05Z") || t[16] != ':' {
		return 0, false
	}
	if [16]byte(t[:16]) != c.minute {
		if !c.start(t) {
			return 0, false
		}
	}
	sec, ok := two(t[17:], 60)
	if !ok {
		return 0, false
	}
	frac, t, ok := fraction(t[19:])
	if !ok {
		return 0, false
	}
	zone, ok := offset(t)
	if !ok {
		return 0, false
	}
	unix := c.base + int64(sec) - zone
	if unix > maxUnix || unix < -maxUnix {
		return 0, false
	}
	return unix*1_000_000_000 + frac, true
}

// start makes the minute at the start of t the clock's.
func (c *clock) start(t []byte) bool {
	century, ok1 := two(t, 99)
	year, ok2 := two(t[2:], 99)
	month, ok3 := two(t[5:], 12)
	day, ok4 := two(t[8:], 31)
	hour, ok5 := two(t[11:], 23)
	minute, ok6 := two(t[14:], 59)
	year += 100 * century
	ok := ok1 && ok2 && ok3 && ok4 && ok5 && ok6 &&
		t[4] == '-' && t[7] == '-' && (t[10]|0x20 == 't' || t[10] == ' ') && t[13] == ':' &&
		month > 0 && day > 0 && day <= daysIn(year, month)
	if ok {
		c.minute = [16]byte(t[:16])
		c.base = int64(unixDay(year, month, day)*86400 + hour*3600 + minute*60)
	}
	return ok
}

// two is the number that two digits write, if it is at most limit.
func two(t []byte, limit int) (int, bool) {
	a, b := t[0]-'0', t[1]-'0'
	n := int(a)*10 + int(b)
	return n, a <= 9 && b <= 9 && n <= limit
}

// fraction reads the decimals of a second, if there are any, as nanoseconds.
func fraction(t []byte) (ns int64, rest []byte, ok bool) {
	if t[0] != '.' {
		return 0, t, true
	}
	scale := int64(1_000_000_000)
	i := 1
	if len(t) > 9 { // the usual six or nine digits: three at a time
		if w := binary.LittleEndian.Uint64(t[1:]); eightDigits(w) {
			ns, scale, i = int64(eight(w)), 10, 9
		}
	}
	for ; i < len(t) && isDigit(t[i]); i++ {
		if scale > 1 {
			ns, scale = ns*10+int64(t[i]-'0'), scale/10
		}
	}
	return ns * scale, t[i:], i > 1
}

// eightDigits says whether all bytes of w are digits.
func eightDigits(w uint64) bool {
	const ones = 0x0101010101010101
	return (w&(ones*0xf0))|((w+ones*6)&(ones*0xf0))>>4 == ones*0x33
}

// eight is the number that eight digits write, the first in the lowest byte.
func eight(w uint64) uint64 {
	w = (w & 0x0f0f0f0f0f0f0f0f) * (10<<8 + 1) >> 8
	w = (w & 0x00ff00ff00ff00ff) * (100<<16 + 1) >> 16
	return (w & 0x0000ffff0000ffff) * (10000<<32 + 1) >> 32
}

// offset is a zone's distance from UTC in seconds.
func offset(t []byte) (int64, bool) {
	if len(t) == 1 {
		return 0, t[0]|0x20 == 'z'
	}
	if len(t) != len("+01:00") || t[3] != ':' {
		return 0, false
	}
	hour, ok1 := two(t[1:], 23)
	minute, ok2 := two(t[4:], 59)
	sec := int64(hour*3600 + minute*60)
	switch t[0] {
	case '+':
		return sec, ok1 && ok2
	case '-':
		return -sec, ok1 && ok2
	}
	return 0, false
}

// unixDay counts the days from 1 January 1970, in the calendar whose year
// starts in March, so that the leap day comes last.
func unixDay(year, month, day int) int {
	const toEpoch = 719468 // days from 1 March of the year 0
	if month <= 2 {
		year--
		month += 12
	}
	era := (year + 400) / 400 // + 400: January of the year 0 is in the year before
	yearOfEra := year + 400 - era*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return (era-1)*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - toEpoch
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
