package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/sessiontop/sessiontop/ui/pretty"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// note prints one line about the input, which what is printed quotes from.
func note(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, "sessiontop:", sanitize.Text(fmt.Sprintf(format, args...)))
}

func thousands(n uint64) string { return pretty.Thousands(strconv.FormatUint(n, 10)) }

// counted is "1 call", "2 calls"; "1 reply", "2 replies" where one is "reply".
func counted(n uint64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	switch stem, y := strings.CutSuffix(one, "y"); {
	case y:
		one = stem + "ies"
	case strings.HasSuffix(one, "s"):
		one += "es"
	default:
		one += "s"
	}
	return thousands(n) + " " + one
}

// clock is the time of day, UTC, to the microsecond.
func clock(ns int64) string { return time.Unix(0, ns).UTC().Format("15:04:05.000000") }
