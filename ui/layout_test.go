package ui

import "testing"

func TestArrange(t *testing.T) {
	for w := minWidth; w <= 400; w += 7 {
		for h := minHeight; h <= 120; h += 3 {
			for _, a := range []arrangement{{rows: -1}, {rows: 0}, {rows: 3}, {rows: 1e6}, {zoomList: true}, {zoomDetail: true}, {page: true}, {noDetail: true}} {
				checkLayout(t, w, h, a)
			}
		}
	}
}

// checkLayout holds the layout against what must be true of each: the parts
// cover the terminal and none covers another.
func checkLayout(t *testing.T, w, h int, a arrangement) {
	t.Helper()
	l := arrange(w, h, a)
	cells := make([]int, w*h)
	for _, r := range []rect{l.status, l.tabs, l.list, l.rule, l.detail, l.footer} {
		for y := r.y; y < r.y+r.h; y++ {
			for x := r.x; x < r.x+r.w; x++ {
				cells[y*w+x]++
			}
		}
	}
	for i, n := range cells {
		if n != 1 {
			t.Fatalf("%dx%d %+v: cell %d,%d covered %d times", w, h, a, i%w, i/w, n)
		}
	}
}

func TestArrangeByShape(t *testing.T) {
	for _, tc := range []struct {
		w, h   int
		beside bool
	}{{60, 15, false}, {80, 24, false}, {120, 40, false}, {200, 60, false}, {200, 40, true}, {400, 120, true}} {
		if got := arrange(tc.w, tc.h, arrangement{rows: -1}).beside; got != tc.beside {
			t.Errorf("%dx%d: beside is %v", tc.w, tc.h, got)
		}
	}
}

func TestArrangeTooSmall(t *testing.T) {
	for _, s := range [][2]int{{59, 24}, {80, 14}, {0, 0}} {
		if !arrange(s[0], s[1], arrangement{}).tooSmall {
			t.Errorf("%v is large enough?", s)
		}
	}
}
