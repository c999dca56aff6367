package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sessiontop/sessiontop/ui/pretty"
)

// count is n with thousands separators, or in k, M, G where it takes more than
// width cells: 41,203 and 41.2k.
func count(n uint64, width int) string {
	s := pretty.Thousands(strconv.FormatUint(n, 10))
	if len(s) <= width {
		return s
	}
	return short(float64(n))
}

// short is x in at most five cells: 12.4k, 3.1M, 812.
func short(x float64) string {
	for _, u := range []struct {
		at   float64
		unit string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if x >= u.at*0.9995 {
			return threeDigits(x/u.at) + u.unit
		}
	}
	if x == float64(int64(x)) {
		return strconv.FormatInt(int64(x), 10)
	}
	return threeDigits(x)
}

func threeDigits(x float64) string {
	switch {
	case x >= 99.95:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', 1, 64)
}

// bytesText is a size in bytes: 812 B, 1.2 KiB, 3.4 MiB.
func bytesText(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	x := float64(n)
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if x /= 1024; x < 1023.5 || u == "TiB" {
			return threeDigits(x) + " " + u
		}
	}
	return ""
}

// sizeText is bytesText in at most five cells, for a column: 812, 1.2K, 3.4M.
func sizeText(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	x := float64(n)
	for _, u := range []string{"K", "M", "G"} {
		if x /= 1024; x < 999.5 || u == "G" {
			return threeDigits(x) + u
		}
	}
	return ""
}

// span is a length of time in nanoseconds in at most six cells: 850ms, 12s,
// 3m02s, 2h05m, 5d03h.
func span(ns int64) string {
	d := time.Duration(max(ns, 0))
	switch {
	case d < time.Second:
		return "0s"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s"
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dd%02dh", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}

// latency is a latency in nanoseconds in at most six cells: 450µs, 8.2ms, 31ms,
// 1.24s, 2m10s; "" where it is negative, which means none.
func latency(ns int64) string {
	switch {
	case ns < 0:
		return ""
	case ns < 1000:
		return strconv.FormatInt(ns, 10) + "ns"
	case ns < 999_500:
		return strconv.FormatInt((ns+500)/1000, 10) + "µs"
	case ns < 9_950_000:
		return strconv.FormatFloat(float64(ns)/1e6, 'f', 1, 64) + "ms"
	case ns < 999_500_000:
		return strconv.FormatInt((ns+500_000)/1_000_000, 10) + "ms"
	case ns < 59_995_000_000:
		return strconv.FormatFloat(float64(ns)/1e9, 'f', 2, 64) + "s"
	}
	return span(ns)
}

// micros is latency of us microseconds, "-" of none.
func micros(us uint32) string {
	if us == 0 {
		return "-"
	}
	return latency(int64(us) * 1000)
}

// clock is the time of day in UTC with n decimals.
func clock(ns int64, n int) string {
	if ns == 0 {
		return "-"
	}
	return timeOfDay(ns, n)
}

// timeOfDay is clock of a time that is known.
func timeOfDay(ns int64, n int) string {
	n = max(0, min(n, 9))
	return time.Unix(0, ns).UTC().Format("15:04:05.000000000")[:9+n-b2i(n == 0)]
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// moment is clock with the date, for a sentence.
func moment(ns int64) string {
	if ns == 0 {
		return "before the log began"
	}
	return time.Unix(0, ns).UTC().Format("2006-01-02 15:04:05.000")
}

// plural is "1 file", "64 files".
func plural(n uint64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	if strings.HasSuffix(one, "s") {
		one += "e"
	}
	return pretty.Thousands(strconv.FormatUint(n, 10)) + " " + one + "s"
}

// sparkline draws one block for each value, the highest in full.
func sparkline(values []uint32) string {
	blocks := []rune("▁▂▃▄▅▆▇") // no full one: rows would run together
	var high uint32
	for _, v := range values {
		high = max(high, v)
	}
	out := make([]rune, len(values))
	for i, v := range values {
		out[i] = ' '
		if v > 0 {
			out[i] = blocks[(uint64(v)*uint64(len(blocks))-1)/uint64(high)]
		}
	}
	return string(out)
}
