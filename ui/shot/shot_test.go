package shot_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/ui/shot"
)

const frame = "\x1b[1;38;2;97;175;239mPIDs 4119\x1b[m <&> ├─▶│ ▃█ 漢字\n\x1b[7mselected row\x1b[m"

func TestSVG(t *testing.T) {
	svg := shot.SVG(frame, 40, 3, shot.Dark("a <frame>"))
	for _, want := range []string{
		`font-weight="bold">PIDs</text>`, `>4119</text>`, `>&lt;&amp;&gt;</text>`, `>漢</text>`,
		`fill="#61afef"`, `<title>a &lt;frame&gt;</title>`, `>▶</text>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
	for _, not := range []string{"\x1b", "├", "─", "█"} {
		if strings.Contains(svg, not) {
			t.Errorf("%q stands in the SVG", not)
		}
	}
}

func TestSVGIsWellFormedAndTheSameEachTime(t *testing.T) {
	svg := shot.SVG(frame, 40, 3, shot.Light("x"))
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if shot.SVG(frame, 40, 3, shot.Light("x")) != svg {
			t.Fatal("another SVG")
		}
	}
}

func TestReverseSwapsTheColours(t *testing.T) {
	svg := shot.SVG("\x1b[7mrow\x1b[m", 3, 1, shot.Dark(""))
	if !strings.Contains(svg, `height="18" fill="#d6dbe3"/>`) || !strings.Contains(svg, `fill="#12161c" textLength`) {
		t.Errorf("not reversed:\n%s", svg)
	}
}

func TestRectanglesMeetWithoutSeams(t *testing.T) {
	svg := shot.SVG("\x1b[7m██\x1b[m│", 3, 1, shot.Dark(""))
	root, _, _ := strings.Cut(svg, ">")
	if !strings.Contains(root, `shape-rendering="crispEdges"`) {
		t.Errorf("the shapes are smoothed: %s", root)
	}
	if strings.Contains(svg, "text-rendering") {
		t.Error("text is told how to be drawn as well")
	}
}
