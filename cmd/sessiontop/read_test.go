package main

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// What is missing is told in the words of where it came from: a log has lines,
// a live capture messages.
func TestMissingIsReported(t *testing.T) {
	for _, tt := range []struct {
		paths []string
		lost  uint64
		want  string
	}{
		{[]string{"a.jsonl"}, 1, "a.jsonl: 1 line missing, "},
		{[]string{"a.jsonl"}, 2000, "a.jsonl: 2,000 lines missing, "},
		{nil, 1, "live: 1 message missing: dropped in the kernel, or cut off as the connection ended"},
		{nil, 0, ""},
	} {
		name := "live"
		if tt.paths != nil {
			name = tt.paths[0]
		}
		var out strings.Builder
		snap := &model.Snapshot{Sources: []model.SourceStat{{Name: name, Lost: tt.lost}}}
		snap.Totals.Calls = 1
		if err := reportSources(&out, tt.paths, snap); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
