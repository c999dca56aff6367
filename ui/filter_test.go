package ui

import "testing"

func TestFilterNarrowsWhileItIsTyped(t *testing.T) {
	fleet(t).Press("/").Type("pid:5200").Sees("5200", "1/1").SeesNot("4132").
		Press("enter").Sees("filter: pid:5200").
		Press("esc").Sees("4132").SeesNot("filter:")
}

func TestFilterSaysWhatIsWrongAndWhere(t *testing.T) {
	d := fleet(t).Press("/").Type("pid:5200 foo:1").Sees("✗ column 10", "foo")
	d.SeesNot("4132") // the last valid filter goes on
	d.Press("enter").Sees("✗ column 10").Press("esc").SeesNot("pid:5200").Sees("1/10")
	sizes(t, func(t *testing.T, w, h int, suffix string) {
		fleet(t).Size(w, h).Press("/").Type("pid:4120 method:eth_get* foo:1").Golden("filter-wrong-" + suffix)
	})
}

func TestFilterCompletes(t *testing.T) {
	d := fleet(t).Press("/").Type("meth").Sees("method:")
	d.Press("tab").Type("eth_bl").Sees("eth_blockNumber").Press("tab")
	if got := d.app.filter.text; got != "method:eth_blockNumber" {
		t.Errorf("completed to %q", got)
	}
	sizes(t, func(t *testing.T, w, h int, suffix string) {
		fleet(t).Size(w, h).Press("/").Type("is:").Press("down").Golden("filter-complete-" + suffix)
	})
}

func TestFilterFromTheCommandLine(t *testing.T) {
	fleet(t, func(c *Config) { c.Filter = "pid:6001" }).Sees("6001", "filter: pid:6001").SeesNot("5200")
}

func TestPasteGoesIntoTheFilter(t *testing.T) {
	d := fleet(t).Press("/")
	d.send(pasteOf("pid:5200\x1b[2J"))
	d.Sees("pid:5200")
}

func TestHalfAFilterIsNoFilter(t *testing.T) {
	d := fleet(t).Press("/")
	for _, r := range "is:mismatch" {
		d.Type(string(r)).SeesNot("No session matches", "column 1: a value is missing")
	}
	d.Sees("1/1").Press("enter").Sees("filter: is:mismatch", "1/1")
	d = fleet(t).Press("/").Type("pid:5200 ")
	for _, r := range "or pid:6001" {
		d.Type(string(r)).SeesNot("No session matches")
	}
	d.Sees("1/2")
}

func TestUnfinished(t *testing.T) {
	for _, tc := range []struct {
		text, rest string
		half       bool
	}{
		{"", "", false},
		{"i", "", true},
		{"is", "", true},
		{"is:", "", true},
		{"is:mis", "is:mis", false},
		{"lat>", "", true},
		{"pid:4120 m", "pid:4120", true},
		{"pid:4120 -m", "pid:4120", true},
		{"pid:4120 or (comm:", "pid:4120 or (", true},
		{"gunicorn", "gunicorn", false},
		{"is ", "is ", false},
		{`"is`, `"is`, false},
		{"foo:", "foo:", false},
		{"51234", "51234", false},
	} {
		if rest, half := unfinished(tc.text); half != tc.half || rest != tc.rest {
			t.Errorf("%q: %q, %v; want %q, %v", tc.text, rest, half, tc.rest, tc.half)
		}
	}
}

func TestHalfAFieldIsAWordOnceItIsAccepted(t *testing.T) {
	fleet(t).Press("/").Type("n").Sees("1/10").Type("ode").Press("enter").Sees("filter: node")
	fleet(t).Press("/").Type("is:").Press("enter").Sees("a value is missing").Press("esc").SeesNot("filter:")
}
