package ui

import (
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
	end := r.Cut(1, 0, r.W/2, sTitle, e.snap.Name(x.Sym))
	r.Cut(end+3, 0, r.W-end-4, sDim, plural(x.Calls, "call")+" · "+plural(x.Errors, "error")+" · p50 "+quantile(x, 0.5)+
		" · p95 "+quantile(x, 0.95)+" · p99 "+quantile(x, 0.99)+" · max "+quantile(x, 1))
	chart := r.Sub(1, 2, r.W-2, r.H-2)
	if x.Latency.Count() == 0 {
		chart.Text(0, 0, sDim, "no call of it has been answered yet")
		return
	}
	histogram(chart, &x.Latency)
}

// histogram draws a histogram of latencies with its scale below.
func histogram(r canvas.Region, h *model.Hist) {
	const axis = 9
	eighths := [...]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}
	n := min(r.W-axis, 96)
	height := r.H - 2
	if n < 8 || height < 2 {
		return
	}
	step := max(1, n/32)
	values, lo, hi := h.Bars(n / step)
	high := uint64(1)
	for _, v := range values {
		high = max(high, v)
	}
	r.Right(0, 0, axis-2, sDim, short(float64(high)))
	r.Right(0, height-1, axis-2, sDim, "0")
	r.Fill(axis-1, 0, 1, height, sBorder, "│")
	for i, v := range values {
		full := int(v * uint64(height) * 8 / high)
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
	r.Fill(axis-1, height, len(values)*step+1, 1, sBorder, "─")
	r.Text(axis, height+1, sDim, latency(int64(lo)*1000))
	middle := "latency, logarithmic"
	r.Text(axis+(len(values)*step-len(middle))/2, height+1, sDim, middle)
	r.Right(axis, height+1, len(values)*step, sDim, latency(int64(hi)*1000))
}
