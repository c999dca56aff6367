package model

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// value is a term's value, read by its field's kind.
type value struct {
	text text
	num  int64 // kindCount, kindSize, kindDuration (nanoseconds), kindID
	ids  [3]ID // kindID: what may be meant
	set  uint64
	time timeValue
}

// parseValue reads t.text as a value of t's field; an error has no place yet.
func (t *term) parseValue() *FilterError {
	f := t.field
	if t.op > opNE && !f.kind.ordered() && (f.enum == nil || !f.enum.ordered) {
		return &FilterError{Msg: f.name + " has no order", Hint: "use : or = or !="}
	}
	switch f.kind {
	case kindText, kindProc:
		t.value.text = newText(t.text, t.literal, false)
	case kindPart:
		t.value.text = newText(t.text, t.literal, t.op == opHas)
	case kindCount, kindSize:
		return t.parseNumber()
	case kindDuration:
		return t.parseDuration()
	case kindTime:
		return t.parseTime()
	case kindID:
		return t.parseID()
	case kindEnum:
		return t.parseEnum()
	case kindFlag:
		return t.parseFlag()
	}
	return nil
}

var scales = []struct {
	unit  string
	scale float64
}{{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"", 1}}

func (t *term) parseNumber() *FilterError {
	s := strings.TrimSuffix(t.text, "B")
	for _, u := range scales {
		digits, ok := strings.CutSuffix(s, u.unit)
		if !ok {
			continue
		}
		n, err := decimal(digits, u.scale)
		if err != "" {
			return &FilterError{Msg: fmt.Sprintf("%s: %q %s", t.field.name, clip(t.text), err), Hint: t.field.example()}
		}
		t.value.num = n
		return nil
	}
	return nil
}

// decimal is digits times scale, or what is wrong with it.
func decimal(digits string, scale float64) (int64, string) {
	if digits == "" || strings.Trim(digits, "0123456789.") != "" {
		return 0, "is no number"
	}
	if scale == 1 {
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			return n, ""
		}
	}
	x, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil:
		return 0, "is no number"
	case x*scale >= math.MaxInt64:
		return 0, "is too large"
	}
	return int64(math.Round(x * scale)), ""
}

var durations = []struct {
	unit  string
	scale time.Duration
}{{"ns", 1}, {"us", time.Microsecond}, {"µs", time.Microsecond}, {"ms", time.Millisecond},
	{"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}}

// duration reads a number with a unit, or several of them (1m30s).
func duration(s string) (int64, string) {
	if s == "" {
		return 0, "is no duration"
	}
	var sum int64
	for s != "" {
		n := strings.TrimLeft(s, "0123456789.")
		digits := s[:len(s)-len(n)]
		unit := strings.TrimRight(n, "0123456789.")
		if i := strings.IndexAny(n, "0123456789."); i >= 0 {
			unit = n[:i]
		}
		s = n[len(unit):]
		scale := time.Duration(0)
		for _, d := range durations {
			if d.unit == unit {
				scale = d.scale
			}
		}
		if scale == 0 {
			return 0, "is no duration"
		}
		part, err := decimal(digits, float64(scale))
		if err != "" {
			return 0, err
		}
		if sum += part; sum < 0 {
			return 0, "is too large"
		}
	}
	return sum, ""
}

func (t *term) parseDuration() *FilterError {
	n, err := duration(t.text)
	if err != "" {
		return &FilterError{Msg: fmt.Sprintf("%s: %q %s", t.field.name, clip(t.text), err), Hint: t.field.example()}
	}
	t.value.num = n
	return nil
}

// parseID lists the ids that the text may mean: a number, a string, another
// JSON number.
func (t *term) parseID() *FilterError {
	n, err := strconv.ParseInt(t.text, 10, 64)
	if err == nil {
		t.value.num, t.value.ids[0] = n, IntID(n)
	} else if t.op > opNE {
		return &FilterError{Msg: fmt.Sprintf("id: %q is no whole number", clip(t.text)), Hint: "only numbers have an order"}
	}
	if !t.literal && hasGlob(t.text) {
		return &FilterError{Msg: "an id has no wildcards", Hint: "ids are compared whole"}
	}
	if t.text == "null" {
		t.value.ids[0] = ID{Kind: IDNull}
	}
	var raw strings.Builder
	enc := json.NewEncoder(&raw)
	enc.SetEscapeHTML(false)
	if enc.Encode(t.text) == nil {
		t.value.ids[1] = TextID([]byte(strings.TrimSuffix(raw.String(), "\n")))
	}
	t.value.ids[2] = TextID([]byte(t.text))
	return nil
}

func (t *term) parseEnum() *FilterError {
	e := t.field.enum
	first, found := -1, false
	want := newText(t.text, t.literal, false)
	for i, name := range e.names {
		if name != "" && want.in(name) {
			t.value.set |= 1 << i
			first, found = i, true
		}
	}
	if !found {
		return &FilterError{Msg: fmt.Sprintf("%s: there is no %q", t.field.name, clip(t.text)), Hint: suggest(t.text, e.names)}
	}
	if t.op <= opNE {
		return nil
	}
	if want.how == textGlob {
		return &FilterError{Msg: "a comparison needs one value", Hint: t.field.example()}
	}
	t.value.set = 0
	for i := range e.names {
		if compare(t.op, int64(i), int64(first)) {
			t.value.set |= 1 << i
		}
	}
	return nil
}

func (t *term) parseFlag() *FilterError {
	f := flagNamed(t.text)
	if f == nil {
		names := make([]string, len(flagFields))
		for i := range flagFields {
			names[i] = flagFields[i].name
		}
		return &FilterError{Msg: fmt.Sprintf("is: there is no %q", clip(t.text)), Hint: suggest(t.text, names)}
	}
	t.field, t.text, t.literal = f, f.name, false
	return nil
}

// compare says whether a stands to b as o says; opNE is not its business.
func compare(o op, a, b int64) bool {
	switch o {
	case opLT:
		return a < b
	case opLE:
		return a <= b
	case opGT:
		return a > b
	case opGE:
		return a >= b
	}
	return a == b
}
