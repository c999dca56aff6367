package table_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/table"
)

var cols = []table.Column{
	{Key: "mark", Title: "!", Min: 1},
	{Key: "name", Title: "NAME", Min: 8, Max: 20},
	{Key: "calls", Title: "CALLS", Min: 6, Right: true, Prio: 1},
	{Key: "rate", Title: "RATE", Min: 8, Prio: 3},
}

func keys(p []table.Placed) string {
	var k []string
	for _, c := range p {
		k = append(k, c.Key)
	}
	return strings.Join(k, " ")
}

func TestFit(t *testing.T) {
	for _, tc := range []struct {
		width  int
		hidden map[string]bool
		want   string
	}{
		{80, nil, "mark name calls rate"},
		{26, nil, "mark name calls rate"},
		{25, nil, "mark name calls"},
		{12, nil, "mark name"},
		{3, nil, "mark name"},
		{80, map[string]bool{"rate": true, "mark": true}, "mark name calls"},
	} {
		if got := keys(table.Fit(cols, tc.width, tc.hidden)); got != tc.want {
			t.Errorf("width %d: %s, want %s", tc.width, got, tc.want)
		}
	}
}

func TestFitUsesTheRoomThereIs(t *testing.T) {
	p := table.Fit(cols, 30, nil)
	if w := p[1].W; w != 12 {
		t.Errorf("name is %d wide, want 12", w)
	}
	if last := p[len(p)-1]; last.X+last.W != 30 {
		t.Errorf("ends at %d, want 30", last.X+last.W)
	}
	if got := table.At(p, p[2].X); got != "calls" {
		t.Errorf("At = %q", got)
	}
}

func TestWindowKeepsTheSelectionOnTheScreen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w table.Window
		w.Resize(rapid.IntRange(1, 30).Draw(t, "height"))
		w.Replace(rapid.IntRange(0, 200).Draw(t, "len"), 0)
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "op") {
			case 0:
				w.Move(rapid.IntRange(-300, 300).Draw(t, "d"))
			case 1:
				w.Scroll(rapid.IntRange(-50, 50).Draw(t, "d"))
			case 2:
				w.Resize(rapid.IntRange(1, 60).Draw(t, "h"))
			case 3:
				w.Replace(rapid.IntRange(0, 300).Draw(t, "n"), rapid.IntRange(0, 300).Draw(t, "sel"))
			}
			if w.Len == 0 {
				if w.Sel != 0 || w.Top != 0 {
					t.Fatalf("empty: %+v", w)
				}
				continue
			}
			if w.Sel < 0 || w.Sel >= w.Len || w.Top < 0 || w.Sel < w.Top || w.Sel >= w.Top+w.Height {
				t.Fatalf("lost the selection: %+v", w)
			}
			if w.Len >= w.Height && w.Top+w.Height > w.Len {
				t.Fatalf("blank below the end: %+v", w)
			}
		}
	})
}

func TestReplaceKeepsTheLine(t *testing.T) {
	w := table.Window{Len: 100, Height: 10, Top: 40, Sel: 45}
	w.Replace(120, 65)
	if w.Sel-w.Top != 5 {
		t.Errorf("moved on the screen: %+v", w)
	}
}

func TestBodyDrawsOnlyWhatIsVisible(t *testing.T) {
	c := canvas.New(40, 5)
	w := table.Window{Len: 100000, Height: 5, Top: 500, Sel: 502}
	drawn := 0
	n := table.Body(c.All(), table.Fit(cols, 39, nil), &w, table.Look{Selected: canvas.Reverse}, func(r canvas.Region, i int, col *table.Placed) {
		drawn++
		r.Text(0, 0, 0, col.Key)
	})
	if n != 5 || drawn != 5*len(cols) {
		t.Errorf("drew %d rows and %d cells", n, drawn)
	}
}
