package pylog_test

import (
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/pylog"
)

func TestHead(t *testing.T) {
	local := func(ms int) int64 {
		return time.Date(2026, 11, 23, 4, 57, 15, ms*1e6, time.Local).UnixNano()
	}
	utc := time.Date(2026, 11, 23, 4, 57, 15, 53_123_000, time.UTC).UnixNano()
	for name, tc := range map[string]struct {
		file, line string
		want       pylog.Head
	}{
		"asctime":          {"app.log", "2026-11-23 04:57:15,053 5927 DEBUG web3.RequestManager: ", pylog.Head{local(53), 5927, 0}},
		"brackets":         {"app.log", "[2026-11-23 04:57:15 +0000] [5927] [DEBUG] ", pylog.Head{utc - 53_123_000, 5927, 0}},
		"labels":           {"app.log", "2026-11-23T04:57:15.053123Z level=DEBUG thread=77 pid=5927 ", pylog.Head{utc, 5927, 77}},
		"thread":           {"app.log", "2026-11-23 04:57:15,053 5927 139803301480256 DEBUG ", pylog.Head{local(53), 5927, 139803301480256}},
		"thread first":     {"app.log", "2026-11-23 04:57:15,053 139803301480256 5927 DEBUG ", pylog.Head{local(53), 5927, 139803301480256}},
		"line number":      {"app.log", "2026-11-23 04:57:15,053 rpc.py:123 ForkPoolWorker-2 5927 ", pylog.Head{local(53), 5927, 0}},
		"created":          {"app.log", "1795409835.053123 (5927) ", pylog.Head{utc, 5927, 0}},
		"milliseconds":     {"app.log", "1795409835053 5927 ", pylog.Head{utc - 123_000, 5927, 0}},
		"zone":             {"app.log", "2026-11-23 06:57:15.053123+0200 5927 ", pylog.Head{utc, 5927, 0}},
		"the file's name":  {"worker-5927.log", "2026-11-23 04:57:15,053 DEBUG ", pylog.Head{local(53), 5927, 0}},
		"a dated file":     {"app-20261123.log", "2026-11-23 04:57:15,053 DEBUG ", pylog.Head{}},
		"no time":          {"app.log", "DEBUG 5927 ", pylog.Head{}},
		"a month too many": {"app.log", "2026-13-41 04:57:15,053 5927 ", pylog.Head{time.Date(2026, 13, 41, 4, 57, 15, 53e6, time.Local).UnixNano(), 5927, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			got, why := pylog.NewParser(foreign.Source{Name: tc.file}).Head([]byte(tc.line))
			if tc.want == (pylog.Head{}) {
				if why == "" {
					t.Errorf("got %+v, want a reason", got)
				}
				return
			}
			if got != tc.want || why != "" {
				t.Errorf("got %+v, %q, want %+v", got, why, tc.want)
			}
		})
	}
}

func TestLinesOfOneStampKeepTheirOrder(t *testing.T) {
	p := pylog.NewParser(foreign.Source{})
	last := int64(0)
	for i := range 5 {
		h, _ := p.Head([]byte("2026-11-23 04:57:15,053 5927 "))
		if h.Time <= last {
			t.Fatalf("line %d: %d after %d", i, h.Time, last)
		}
		last = h.Time
	}
}
