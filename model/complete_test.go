package model

import (
	"slices"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	snap := world(1, 20, 10, 30, 5)
	for _, c := range []struct {
		text   string // | is the cursor
		want   string // a completed text, the cursor's word replaced
		absent string // a completion that must not be offered
	}{
		{"|", "method:", "is:mismatch"},
		{"me|", "method:", "pid:"},
		{"-me|", "-method:", "pid:"},
		{"(a or me|", "(a or method:", ""},
		{"late|", "lat:", ""},
		{"mism|", "is:mismatch", ""},
		{"is:mis|", "is:mismatch", "pending"},
		{"is:mis|x pid:1", "is:mismatch pid:1", ""},
		{"finding:sw|", "finding:swapped-reply", ""},
		{"severity:|", "severity:warning", ""},
		{"method:eth_get|", "method:eth_getBalance", "net_version"},
		{`method:"eth_get|`, "method:eth_getBalance", ""},
		{"method:ETH_CA|", "method:eth_call", ""},
		{"comm:g|", "comm:gunicorn", "Worker"},
		{"transport:|", "transport:ws", ""},
		{"session:pool|", "session:pool-", ""},
		{"lat>|", "lat>100ms", ""},
		{"pid:41| -error", "pid:41", ""},
		{"é|", "", ""},
	} {
		cursor := strings.IndexByte(c.text, '|')
		text := strings.Replace(c.text, "|", "", 1)
		var got []string
		for _, o := range Complete(text, cursor, snap) {
			got = append(got, text[:o.From]+o.Text+text[o.To:])
			if c.absent != "" && o.Text == c.absent {
				t.Errorf("%s: offers %s", c.text, o.Text)
			}
		}
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c.want) }) && c.want != "" {
			t.Errorf("%s: got %v, want %s", c.text, got, c.want)
		}
		if c.want == "" && got != nil {
			t.Errorf("%s: got %v, want nothing", c.text, got)
		}
	}
}

// TestCompletionsParse takes every completion of a field and reads it.
func TestCompletionsParse(t *testing.T) {
	snap := world(2, 20, 10, 30, 5)
	for i := range fieldTable {
		text := fieldTable[i].name + ":"
		all := Complete(text, len(text), snap)
		if len(all) == 0 {
			t.Errorf("%s offers nothing", text)
		}
		for _, o := range all {
			if _, err := ParseFilter(text[:o.From] + o.Text); err != nil {
				t.Errorf("%s%s: %v", text, o.Text, err)
			}
		}
	}
}

func TestCompleteWithoutSnapshot(t *testing.T) {
	if all := Complete("pid:", 4, nil); len(all) != 1 || all[0].Text != "4120" {
		t.Errorf("got %v, want an example", all)
	}
	if all := Complete("x", 99, nil); all != nil {
		t.Errorf("got %v", all)
	}
}
