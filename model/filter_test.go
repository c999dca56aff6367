package model

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParseFilterCanonical(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"  ", ""},
		{"timeout", "timeout"},
		{"pid:4120 method:eth_get* is:mismatch lat>100ms host:w1 -error", "pid:4120 method:eth_get* is:mismatch lat>100ms host:w1 -error"},
		{"a and b AND c", "a b c"},
		{"a or b c", "a or b c"},
		{"(a or b) c", "(a or b) c"},
		{"a (b (c d))", "a b c d"},
		{"a or (b or c)", "a or b or c"},
		{"not not a", "a"},
		{"not (a b)", "-(a b)"},
		{"-(a or -b)", "-(a or -b)"},
		{"LATENCY > 100ms", "lat>100ms"},
		{"pid: 4120", "pid:4120"},
		{"sess:51234>8545", "session:51234>8545"},
		{"kind:Swapped-Reply", "finding:Swapped-Reply"},
		{"IS:Mismatch", "is:mismatch"},
		{"is!=mismatch", "is!=mismatch"},
		{`err:"read timeout"`, `err:"read timeout"`},
		{`err:""`, `err:""`},
		{`"a \"b\" \\ c"`, `"a \"b\" \\ c"`},
		{`"abc"`, "abc"},
		{`"error"`, `"error"`},
		{`"and"`, `"and"`},
		{`"pid"`, `"pid"`},
		{`pid "<5"`, `"pid" "<5"`},
		{`method:"eth_*"`, `method:"eth_*"`},
		{`method:"eth_call"`, "method:eth_call"},
		{`"localhost:8545"`, `"localhost:8545"`},
		{"http://node:8545/x", "http://node:8545/x"},
		{"127.0.0.1:51234", "127.0.0.1:51234"},
		{"time>-5m time<=09:00:01.5 time:2026-11-22T09:00:00Z", "time>-5m time<=09:00:01.5 time:2026-11-22T09:00:00Z"},
		{"certainty>=inferred size>64Ki calls>1.5k age<1h30m", "certainty>=inferred size>64Ki calls>1.5k age<1h30m"},
	} {
		f, err := ParseFilter(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if got := f.String(); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
		if again, err := ParseFilter(f.String()); err != nil || again.String() != f.String() {
			t.Errorf("%q: its canonical text gives %q, %v", c.text, again.String(), err)
		}
	}
}

func TestParseFilterErrors(t *testing.T) {
	for _, c := range []struct {
		text     string
		pos, len int
		want     string // a part of the message
	}{
		{"pid:", 0, 4, "value is missing after pid:"},
		{"a pid:x", 6, 1, `pid: "x" is no number`},
		{"metod:x", 0, 5, "did you mean method"},
		{"localhost:8545", 0, 9, "in quotes"},
		{"is:mismatched", 3, 10, "did you mean mismatch?"},
		{"finding:nothing", 8, 7, "shared-session"},
		{"lat>fast", 4, 4, "for example lat>100ms"},
		{"lat>99999999999999d", 4, 15, "too large"},
		{"pid:99999999999999999999999", 4, 23, "too large"},
		{"time>noon", 5, 4, "is no time"},
		{"time=-5m", 5, 3, "no exact time"},
		{"time>0001-01-01", 5, 10, "out of range"},
		{"method>x", 7, 1, "method has no order"},
		{"id>abc", 3, 3, "no whole number"},
		{"id:a*", 3, 2, "no wildcards"},
		{"severity>e*", 9, 2, "one value"},
		{"(a", 0, 1, "not closed"},
		{"a)", 1, 1, "closes nothing"},
		{"()", 1, 1, "term is wanted before )"},
		{"a or", 4, 0, "ends where a term is wanted"},
		{"or a", 0, 2, "term is wanted before or"},
		{"- a", 0, 1, "nothing follows the minus"},
		{`err:"x`, 4, 2, "quote is not closed"},
		{">5", 0, 1, "comparison without a field"},
		{strings.Repeat("(", 100), 64, 1, "nested too deeply"},
		{strings.Repeat("x", 5000), 4096, 904, "longer than"},
	} {
		_, err := ParseFilter(c.text)
		var bad *FilterError
		if !errors.As(err, &bad) {
			t.Errorf("%.40q: got %v, want a FilterError", c.text, err)
			continue
		}
		if bad.Pos != c.pos || bad.Len != c.len || !strings.Contains(bad.Error(), c.want) {
			t.Errorf("%.40q: got %d+%d %q, want %d+%d %q", c.text, bad.Pos, bad.Len, bad.Error(), c.pos, c.len, c.want)
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, s := range []string{"", "pid:4120 -error", `(a or "b c") not method:eth_*`, "time>-5m", "lat >= 1.5ms", "is:", `err:"`, "\xff:\x00", "id!=null"} {
		f.Add(s, 3)
	}
	snap := world(1, 5, 5, 20, 5)
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		for _, c := range Complete(text, cursor, snap) {
			if c.From < 0 || c.To < c.From || c.To > len(text) {
				t.Fatalf("completion %+v is outside of %q", c, text)
			}
		}
		filter, err := ParseFilter(text)
		if err != nil {
			var bad *FilterError
			if !errors.As(err, &bad) || bad.Pos < 0 || bad.Len < 0 || bad.Pos+bad.Len > len(text) || bad.Msg == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		canon := filter.String()
		again, err := ParseFilter(canon)
		if err != nil && len(canon) <= maxFilter {
			t.Fatalf("%q: canonical %q: %v", text, canon, err)
		}
		if err == nil && again.String() != canon {
			t.Fatalf("%q: canonical %q, then %q", text, canon, again.String())
		}
		if err == nil && text != "" {
			screen := screens[uint(cursor)%uint(len(screens))]
			a, b := rowsOf(t, snap, screen, filter), rowsOf(t, snap, screen, again)
			if !slices.Equal(a, b) {
				t.Fatalf("%q and its canonical %q differ: %v, %v", text, canon, a, b)
			}
		}
	})
}

func TestTextMatch(t *testing.T) {
	for _, c := range []struct {
		want          string
		literal, part bool
		in            string
		match         bool
	}{
		{"eth_call", false, false, "ETH_Call", true},
		{"eth_call", false, false, "eth_callMany", false},
		{"call", false, true, "eth_CALLMany", true},
		{"many", false, true, "eth_callMan", false},
		{"aab", false, true, "aaab", true},
		{"", false, true, "x", false},
		{"", false, true, "", true},
		{"8545", false, true, "node:8545", true},
		{"eth_*number", false, false, "eth_getBlockByNumber", true},
		{"*a*b*c", false, false, "xxaxxbxbxc", true},
		{"*a*b*c", false, false, "xxaxxbxbx", false},
		{"a?c", false, false, "aßc", true},
		{"a?c", false, false, "ac", false},
		{"a*c", true, false, "abc", false},
		{"a*c", true, false, "a*c", true},
		{"*", false, false, "", true},
	} {
		want := newText(c.want, c.literal, c.part)
		if got := want.in(c.in); got != c.match {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}
