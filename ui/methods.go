package ui

import (
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

// methodsScreen lists methods with the latency of their calls.
func methodsScreen() kind {
	return kind{
		screen: model.ScreenMethods, title: "Methods", short: "Meths", one: "method",
		columns: []table.Column{
			{Key: "mark", Title: "!", Min: 1},
			{Key: "method", Title: "METHOD", Min: 20, Max: 36},
			{Key: "calls", Title: "CALLS", Min: 7, Max: 10, Right: true},
			{Key: "err", Title: "ERR", Min: 5, Right: true, Prio: 1},
			{Key: "mism", Title: "MISM", Min: 5, Right: true},
			{Key: "p50", Title: "P50", Min: 6, Right: true, Prio: 2},
			{Key: "p95", Title: "P95", Min: 6, Right: true},
			{Key: "p99", Title: "P99", Min: 6, Right: true, Prio: 3},
			{Key: "max", Title: "MAX", Min: 6, Right: true, Prio: 4},
			{Key: "latency", Title: "LATENCY", Min: 16, Max: 32, Prio: 5},
			{Key: "last", Title: "LAST", Min: 8, Prio: 6},
		},
		draw: methodCell,
		serial: func(s *model.Snapshot, id int64) uint64 {
			if id >= 0 && id < int64(len(s.Methods)) {
				return uint64(s.Methods[id].Sym)
			}
			return 0
		},
	}
}

func methodCell(_ *env, l *list, r canvas.Region, i int, col string) {
	id := l.rows.At(i)
	if id < 0 || id >= int64(len(l.snap.Methods)) {
		return
	}
	m := &l.snap.Methods[id]
	switch col {
	case "mark":
		if m.Mismatches > 0 {
			r.Text(0, 0, sBad, string(model.SwappedReply.Mark()))
		}
	case "method":
		r.Cut(0, 0, r.W, sText, methodName(l.snap, m))
	case "calls":
		number(r, sText, m.Calls)
	case "err":
		number(r, sWarn, m.Errors)
	case "mism":
		number(r, sBad, m.Mismatches)
	case "p50":
		r.Right(0, 0, r.W, sText, quantile(m, 0.50))
	case "p95":
		r.Right(0, 0, r.W, sText, quantile(m, 0.95))
	case "p99":
		r.Right(0, 0, r.W, sText, quantile(m, 0.99))
	case "max":
		r.Right(0, 0, r.W, sText, quantile(m, 1))
	case "latency":
		r.Text(0, 0, sSpark, sparkline(bars(m, r.W)))
	case "last":
		r.Text(0, 0, sDim, clock(m.Last, 0))
	}
}

// methodName is the name of a method: replies that nobody asked for are counted
// under none.
func methodName(s *model.Snapshot, m *model.Method) string {
	if name := s.Name(m.Sym); name != "" || m.Calls > 0 {
		return name
	}
	return "(nobody asked)"
}

// quantile is a quantile of the method's latency in words, "-" of no answer.
func quantile(m *model.Method, q float64) string {
	switch {
	case m.Latency.Count() == 0:
		return "-"
	case q >= 1:
		return latency(int64(m.Latency.Max()) * 1000)
	}
	return latency(int64(m.Latency.Quantile(q)) * 1000)
}

// bars is the method's histogram in n bars, for a sparkline.
func bars(m *model.Method, n int) []uint32 {
	_, lo, hi := m.Latency.Bars(1)
	all, _, _ := m.Latency.Bars(min(n, histBuckets(lo, hi)))
	out := make([]uint32, len(all))
	for i, v := range all {
		out[i] = uint32(min(v, 1<<32-1))
	}
	return out
}
