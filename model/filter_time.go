package model

import (
	"fmt"
	"strings"
	"time"
)

// timeValue is a span of time as it was written.
type timeValue struct {
	how  timeHow
	at   int64 // Unix nanoseconds; clock: nanoseconds since midnight; ago: before Now
	span int64 // how long what was named lasts, in nanoseconds
}

type timeHow uint8

const (
	timeAbsolute timeHow = iota
	timeClock            // a time of day, UTC
	timeAgo              // before Now
)

const day = int64(24 * time.Hour)

// bounds is the span in Unix nanoseconds, from lo up to hi, as of now.
func (v *timeValue) bounds(now int64) (lo, hi int64) {
	switch v.how {
	case timeClock:
		lo = now - mod(now, day) + v.at
		if lo > now {
			lo -= day
		}
	case timeAgo:
		lo = now - v.at
	default:
		lo = v.at
	}
	return lo, lo + v.span
}

// mod is a modulo b, never negative.
func mod(a, b int64) int64 { return ((a % b) + b) % b }

var timeLayouts = []struct {
	layout string
	clock  bool
	span   time.Duration
}{
	{"15:04", true, time.Minute},
	{"15:04:05", true, time.Second},
	{"2006-01-02", false, 24 * time.Hour},
	{"2006-01-02T15:04", false, time.Minute},
	{"2006-01-02T15:04:05", false, time.Second},
	{"2006-01-02T15:04:05Z07:00", false, time.Second},
}

func (t *term) parseTime() *FilterError {
	wrong := func(msg string) *FilterError {
		return &FilterError{Msg: fmt.Sprintf("time: %q %s", clip(t.text), msg), Hint: t.field.example()}
	}
	if ago, ok := strings.CutPrefix(t.text, "-"); ok {
		n, msg := duration(ago)
		if msg != "" {
			return wrong(msg)
		}
		if t.op == opEQ || t.op == opNE {
			return wrong("is no exact time")
		}
		t.value.time = timeValue{how: timeAgo, at: n, span: 1}
		return nil
	}
	text := strings.ToUpper(t.text)
	for _, l := range timeLayouts {
		at, err := time.Parse(l.layout, text)
		if err != nil {
			continue
		}
		v := timeValue{at: at.UnixNano(), span: int64(l.span)}
		if l.clock {
			v = timeValue{how: timeClock, at: int64(at.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))), span: v.span}
		} else if y := at.Year(); y < 1678 || y > 2261 {
			return wrong("is out of range")
		}
		if _, fraction, ok := strings.Cut(text, "."); ok {
			v.span = fractionSpan(fraction)
		}
		t.value.time = v
		return nil
	}
	return wrong("is no time")
}

// fractionSpan is what the last digit of a fraction of a second stands for.
func fractionSpan(fraction string) int64 {
	span := int64(time.Second)
	for _, c := range fraction {
		if c < '0' || c > '9' || span == 1 {
			break
		}
		span /= 10
	}
	return span
}

// overlaps says whether the time from first to last stands to the span [lo,
// hi) as o says: before it if it starts before, after it if it ends after.
func overlaps(o op, first, last, lo, hi int64) bool {
	switch o {
	case opLT:
		return first < lo
	case opLE:
		return first < hi
	case opGT:
		return last >= hi
	case opGE:
		return last >= lo
	}
	return first < hi && last >= lo
}
