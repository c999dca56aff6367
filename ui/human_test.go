package ui

import (
	"testing"
	"time"
)

func TestCount(t *testing.T) {
	for _, tc := range []struct {
		n    uint64
		w    int
		want string
	}{
		{0, 6, "0"}, {999, 6, "999"}, {41203, 6, "41,203"}, {41203, 5, "41.2k"},
		{1234567, 7, "1.2M"}, {999_960, 6, "1.0M"}, {12_345_678_901, 8, "12.3G"},
	} {
		if got := count(tc.n, tc.w); got != tc.want {
			t.Errorf("count(%d, %d) = %q, want %q", tc.n, tc.w, got, tc.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "0s", 0: "0s", 900 * time.Millisecond: "0s", 12 * time.Second: "12s", 182 * time.Second: "3m02s",
		2*time.Hour + 5*time.Minute: "2h05m", 5*24*time.Hour + 3*time.Hour: "5d03h",
	} {
		if got := span(int64(d)); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestLatency(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-1: "", 0: "0ns", 450 * time.Microsecond: "450µs", 8200 * time.Microsecond: "8.2ms", 31 * time.Millisecond: "31ms",
		1240 * time.Millisecond: "1.24s", 999_900 * time.Microsecond: "1.00s", 130 * time.Second: "2m10s",
	} {
		if got := latency(int64(d)); got != want {
			t.Errorf("latency(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int64][2]string{
		0: {"0 B", "0"}, 812: {"812 B", "812"}, 1229: {"1.2 KiB", "1.2K"}, 3_565_158: {"3.4 MiB", "3.4M"}, 1 << 30: {"1.0 GiB", "1.0G"},
	} {
		if got := bytesText(n); got != want[0] {
			t.Errorf("bytesText(%d) = %q, want %q", n, got, want[0])
		}
		if got := sizeText(n); got != want[1] {
			t.Errorf("sizeText(%d) = %q, want %q", n, got, want[1])
		}
	}
}

func TestClock(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 3, 104_512_000, time.UTC).UnixNano()
	for n, want := range map[int]string{0: "09:00:03", 3: "09:00:03.104", 4: "09:00:03.1045", 9: "09:00:03.104512000"} {
		if got := clock(at, n); got != want {
			t.Errorf("clock(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestSparkline(t *testing.T) {
	if got := sparkline([]uint32{0, 1, 50, 100}); got != " ▁▄▇" {
		t.Errorf("got %q", got)
	}
	if got := sparkline([]uint32{0, 0}); got != "  " {
		t.Errorf("got %q", got)
	}
}
