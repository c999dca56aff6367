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

// A number in a file's name is taken for the PID only where it can be nothing
// else: the log of a fleet under one wrong PID would look healthy.
func TestNames(t *testing.T) {
	const line = "2026-11-23 04:57:15,053 DEBUG "
	for name, want := range map[string]int{
		"worker-4121.log": 4121, "worker_4121.log": 4121, "worker.4121": 4121, "app.log.31337": 31337, "worker-4121.log.gz": 4121,
		"pid4121.log": 4121, "worker-pid4121.log": 4121, "PID=4121.log": 4121, "app-2026-11-23.pid-8545.log": 8545, "pid-12.log": 12,

		"": 0, "app.log": 0, "app-2026-11-23.log": 0, "app.log.2026-11-23": 0, "app-20261123.log": 0, "app-202611.log": 0,
		"app-261123.log": 0, "app-2026.log": 0, "gunicorn.8000.log": 0, "node-8545.log": 0, "app-443.log": 0, "app-80.log": 0,
		"worker-4121.log.1": 0, "worker-4121-2.log": 0, "web3.log": 0, "worker-2.log": 0, "geth1234.log": 0,
		"rapid4121.log": 0, "pid99999999.log": 0, "app-99999999999999999999.log": 0,
	} {
		head, why := pylog.NewParser(foreign.Source{Name: name}).Head([]byte(line))
		if head.PID != want || (why == "") != (want != 0) {
			t.Errorf("%s: PID %d (%s), want %d", name, head.PID, why, want)
		}
		// What the line says counts, whatever the file is called.
		if head, _ := pylog.NewParser(foreign.Source{Name: name}).Head([]byte(line + "5927 ")); head.PID != 5927 {
			t.Errorf("%s: PID %d, but the line says 5927", name, head.PID)
		}
	}
}

func TestLinesOfOneStampKeepTheirOrder(t *testing.T) {
	for _, stamps := range [][2]string{
		{"2026-11-23 04:57:15,053", "2026-11-23 04:57:15,054"}, {"2026-11-23 04:57:15", "2026-11-23 04:57:16"},
	} {
		const distinct, lines = 1000, 5000
		p := pylog.NewParser(foreign.Source{})
		last := int64(0)
		for i := range lines {
			h, _ := p.Head([]byte(stamps[0] + " 5927 "))
			if h.Time < last || h.Time == last && i < distinct {
				t.Fatalf("%s, line %d: %d after %d", stamps[0], i, h.Time, last)
			}
			last = h.Time
		}
		if h, _ := p.Head([]byte(stamps[1] + " 5927 ")); h.Time <= last {
			t.Errorf("%s: %d after %d", stamps[1], h.Time, last)
		}
	}
}
