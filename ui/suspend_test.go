package ui

import "testing"

func TestSuspendComesBackToTheSamePlace(t *testing.T) {
	for _, keys := range [][]string{nil, {"2", "enter"}, {"/", "e", "r", "r"}, {"?"}, {"m"}} {
		d := fleet(t).Press(keys...)
		before := d.Screen()
		if d.Press("ctrl+z"); d.away != 1 {
			t.Errorf("after %q it was suspended %d times", keys, d.away)
		}
		if d.Screen() != before {
			t.Errorf("after %q it came back as\n%s\nand was\n%s", keys, d.Screen(), before)
		}
	}
}

func TestNoSuspendWithoutAShell(t *testing.T) {
	d := fleet(t, func(c *Config) { c.Shell = func() bool { return false } })
	if d.Press("ctrl+z").Sees("there is no shell to suspend to"); d.away != 0 {
		t.Error("suspended with nobody to continue it")
	}
}
