package ui

import (
	"context"
	"testing"
)

// What stands after a command is used, or said to be too much.
func TestCommandsDropNothing(t *testing.T) {
	d := fleet(t, func(c *Config) {
		c.Export = func(context.Context, Export) (string, error) {
			t.Error("exported, but not to where it was asked to")
			return "elsewhere.jsonl", nil
		}
	})
	d.Press(":").Type("export /nonexist/x").Press("enter").
		Sees("export names its file itself, in the current folder").SeesNot("wrote", "exporting")
	d.Press(":").Type("calls pid:4120").Press("enter").Sees(`calls takes nothing after it, not "pid:4120"`)
	d.Press(":").Type("quit now").Press("enter").Sees("quit takes nothing after it")
	if d.quit {
		t.Error(":quit now quits")
	}
}
