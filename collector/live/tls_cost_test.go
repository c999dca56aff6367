//go:build linux && (amd64 || arm64)

package live_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// BenchmarkTLSCost has a Go client make calls over TLS, four at a time, as fast
// as it can, in alternating rounds: unwatched, and captured. It reports calls a
// second in the median round, and their ratio. The client is a program of its
// own: probes stand in a file, and so in all processes that run it.
func BenchmarkTLSCost(b *testing.B) {
	const calls = 4000
	for _, protocol := range []string{"h1", "h2"} {
		b.Run(protocol, func(b *testing.B) {
			client := startProgram(b, copyOf(b, os.Args[0]), "tls", serveTLS(b), fmt.Sprint(calls), protocol)
			rates := map[bool][]float64{}
			for b.Loop() {
				for _, captured := range []bool{false, true} {
					end := func() {}
					if captured {
						end = beginCapture(b, client.pid(), 0, "")
					}
					began := time.Now()
					fmt.Fprintln(client.in, "go")
					client.line(b)
					rates[captured] = append(rates[captured], calls/time.Since(began).Seconds())
					end()
				}
			}
			for _, r := range rates {
				slices.Sort(r)
			}
			none, capture := rates[false][len(rates[false])/2], rates[true][len(rates[true])/2]
			b.ReportMetric(none, "none-calls/s")
			b.ReportMetric(capture, "capture-calls/s")
			b.ReportMetric(capture/none, "capture/none")
			b.ReportMetric(0, "ns/op") // of all rounds together: says nothing
		})
	}
}
