//go:build linux && (amd64 || arm64)

package live_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/live"
	"github.com/sessiontop/sessiontop/model"
)

// observer is a way to watch the client. begin returns how to end it.
type observer struct {
	name  string
	begin func(b *testing.B, client, server int32, port string) (end func())
}

// BenchmarkCost has a client make calls in alternating rounds: unwatched,
// captured, under tcpdump and under strace. It reports calls a second in the
// median round, their ratio to the unwatched ones, and the processor time that
// capturing takes in user space for each call. Clients are one in Go that does
// nothing else, and two workers in Python.
func BenchmarkCost(b *testing.B) {
	const size = 150
	goClient := func(calls, rate int) func(string) *helper {
		return func(address string) *helper {
			return start(b, "client", address, "8", fmt.Sprint(calls), fmt.Sprint(rate), fmt.Sprint(size))
		}
	}
	b.Run("20000 calls a second", func(b *testing.B) { benchmarkCost(b, 24_000, goClient(24_000, 20_000)) })
	const calls = 72_000 // what attaching takes itself is not to count
	b.Run("as fast as can be", func(b *testing.B) { benchmarkCost(b, calls, goClient(calls, 0)) })
	b.Run("Python workers", func(b *testing.B) {
		benchmarkCost(b, calls, func(address string) *helper {
			return startProgram(b, "python3", "", "testdata/workers.py", address, "2", fmt.Sprint(calls), fmt.Sprint(size))
		})
	})
}

func benchmarkCost(b *testing.B, calls int, startClient func(address string) *helper) {
	server := start(b, "server")
	address := server.line(b)
	client := startClient(address)
	_, port, _ := strings.Cut(address, ":")
	observers := []observer{
		{"none", func(*testing.B, int32, int32, string) func() { return func() {} }},
		{"capture", beginCapture},
		{"tcpdump", beginProgram("tcpdump", "-i", "lo", "-s", "0", "-w", os.DevNull, "port", "PORT")},
		{"strace", beginProgram("strace", "-f", "-qq", "-e", "trace=network,read,write", "-s", "1000", "-o", os.DevNull, "-p", "PIDS")},
	}
	rates := map[string][]float64{}
	captured, captureTime := 0, time.Duration(0)
	for b.Loop() {
		for _, o := range observers {
			end := o.begin(b, client.pid(), server.pid(), port)
			if end == nil {
				continue
			}
			began := processorTime()
			fmt.Fprintln(client.in, "go")
			_, nanos, _ := strings.Cut(client.line(b), " ")
			end()
			if o.name == "capture" {
				captured, captureTime = captured+calls, captureTime+processorTime()-began
			}
			n, _ := strconv.ParseFloat(nanos, 64)
			rates[o.name] = append(rates[o.name], float64(calls)/n*float64(time.Second))
		}
	}
	median := func(name string) float64 {
		slices.Sort(rates[name])
		return rates[name][len(rates[name])/2]
	}
	for name := range rates {
		b.ReportMetric(median(name), name+"-calls/s")
		b.ReportMetric(median(name)/median("none"), name+"/none")
	}
	b.ReportMetric(float64(captureTime)/float64(captured), "ns/call-captured")
	b.ReportMetric(0, "ns/op") // of all rounds together: says nothing
}

// processorTime is what this process has used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func beginCapture(b *testing.B, client, _ int32, _ string) func() {
	engine := model.NewEngine(model.Options{Live: true}, nil)
	c, err := live.Attach(live.Options{Select: live.Selector{PIDs: []int32{client}}, Source: 1, Strings: engine.Strings()})
	if err != nil {
		b.Skip(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx, engine) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		if st := c.Stats(); st.Lost > 0 {
			b.Logf("%+v", st)
		}
		c.Close()
	}
}

// beginProgram runs a program, or does nothing where it isn't installed. PORT
// and PIDS, the client's and its children's, are replaced among its arguments.
func beginProgram(name string, args ...string) func(*testing.B, int32, int32, string) func() {
	return func(b *testing.B, client, _ int32, port string) func() {
		if _, err := exec.LookPath(name); err != nil {
			return nil
		}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", client))
		if err != nil {
			b.Skip(err)
		}
		pids := fmt.Sprint(client, " ", string(children))
		given := slices.Clone(args)
		for i := range given {
			given[i] = strings.NewReplacer("PORT", port, "PIDS", pids).Replace(given[i])
		}
		cmd := exec.Command(name, given...)
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond) // until it has begun
		return func() {
			cmd.Process.Signal(syscall.SIGINT)
			cmd.Wait()
		}
	}
}
