package ui

import (
	"math"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// methodDetail is the view of one method: a histogram of its latency.
type methodDetail struct{ index int }

func (m *methodDetail) where() place { return inView }

func (m *methodDetail) sync(*env) {}

func (m *methodDetail) act(*env, action) outcome { return outcome{} }

func (m *methodDetail) click(*env, int, int) outcome { return taken }

func (m *methodDetail) wants(*env) (whole, glimpses []model.Origin) { return nil, nil }

func (m *methodDetail) draw(e *env, r canvas.Region, _ bool) {
	if m.index < 0 || m.index >= len(e.snap.Methods) {
		return
	}
	x := &e.snap.Methods[m.index]
	end := r.Cut(1, 0, r.W/2, sTitle, methodName(e.snap, x))
	r.Cut(end+3, 0, r.W-end-4, sDim, plural(x.Calls, "call")+" · "+plural(x.Errors, "error")+" · p50 "+quantile(x, 0.5)+
		" · p95 "+quantile(x, 0.95)+" · p99 "+quantile(x, 0.99)+" · max "+quantile(x, 1))
	chart := r.Sub(1, 2, r.W-2, r.H-2)
	if x.Latency.Count() == 0 {
		text := "no call of it has been answered yet"
		if x.Calls == 0 {
			text = "replies that nobody asked for: " + count(x.Mismatches, 12)
		}
		chart.Cut(0, 0, chart.W, sDim, text)
		return
	}
	histogram(chart, &x.Latency)
}

// histBuckets is how many buckets a Hist has between two latencies: eight to
// the power of two.
func histBuckets(lo, hi uint32) int {
	return max(1, int(8*math.Log2(float64(max(hi, 1))/float64(max(lo, 1)))))
}

// histogram draws a histogram of latencies with its scale below.
func histogram(r canvas.Region, h *model.Hist) {
	const axis = 9
	eighths := [...]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
	n := min(r.W-axis, 96)
	_, low, high := h.Bars(1)
	buckets := histBuckets(low, high)
	height := r.H - 2
	if n < 8 || height < 2 {
		return
	}
	step := max(1, min(4, n/buckets))
	values, lo, hi := h.Bars(min(n/step, buckets))
	most := uint64(1)
	for _, v := range values {
		most = max(most, v)
	}
	r.Right(0, 0, axis-2, sDim, short(float64(most)))
	r.Right(0, height-1, axis-2, sDim, "0")
	r.Fill(axis-1, 0, 1, height, sBorder, "│")
	for i, v := range values {
		full := int(v * uint64(height) * 8 / most)
		if v > 0 {
			full = max(full, 1)
		}
		for y := range height {
			part := min(8, full-8*(height-1-y))
			if part > 0 {
				r.Fill(axis+i*step, y, max(1, step-b2i(step > 2)), 1, sSpark, eighths[part-1])
			}
		}
	}
	r.Fill(axis-1, height, max(len(values)*step, 40)+1, 1, sBorder, "─")
	r.Text(axis, height+1, sDim, latency(int64(lo)*1000))
	wide := max(len(values)*step, 40)
	middle := "latency, logarithmic"
	r.Text(axis+(wide-len(middle))/2, height+1, sDim, middle)
	r.Right(axis, height+1, wide, sDim, latency(int64(hi)*1000))
}
