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
