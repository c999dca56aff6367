package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func pasteOf(s string) tea.PasteMsg { return tea.PasteMsg{Content: s} }

func TestKeysOfTheContract(t *testing.T) {
	keys := newKeymap()
	for _, k := range strings.Fields("q ctrl+c ctrl+z esc ? up down left right h j k l g G pgup pgdown ctrl+u ctrl+d 1 2 3 4 5 [ ] enter tab z / n N e E ! space F s S r t p o m ' c y x v :") {
		if keys[k] == actNone {
			t.Errorf("key %q does nothing", k)
		}
	}
}

func TestNoKeyMeansTwoThings(t *testing.T) {
	seen := make(map[string]action)
	for _, b := range bindings() {
		for _, k := range b.keys {
			if old, ok := seen[k]; ok && old != b.act {
				t.Errorf("key %q is %d and %d", k, old, b.act)
			}
			seen[k] = b.act
		}
	}
}

func TestKeysMarkdownListsEveryKey(t *testing.T) {
	md := KeysMarkdown()
	for _, b := range bindings() {
		if b.help != "" && !strings.Contains(md, strings.ReplaceAll(b.help, "|", `\|`)) {
			t.Errorf("no line for %q", b.show)
		}
	}
	if !strings.Contains(md, "| `q` `ctrl-c` | quit |") || !strings.Contains(md, "`\\|`") {
		t.Errorf("table:\n%s", md)
	}
}

func TestQuit(t *testing.T) {
	for _, k := range []string{"q", "ctrl+c"} {
		if !fleet(t).Press(k).quit {
			t.Errorf("%s does not quit", k)
		}
	}
	if !fleet(t).Press("/", "ctrl+c").quit {
		t.Error("ctrl+c does not quit while a filter is typed")
	}
	if fleet(t).Press("/", "q").quit {
		t.Error("q quits while a filter is typed")
	}
}

func TestEveryKeyEverywhere(t *testing.T) {
	screens := [][]string{nil, {"enter"}, {"enter", "enter"}, {"enter", "enter", "enter"}, {"2"}, {"2", "enter"}, {"3"}, {"3", "enter", "enter"}, {"4"}, {"4", "j", "enter"}, {"5"}, {"i"}, {"?"}, {"c"}, {":"}, {"m"}}
	for _, start := range screens {
		for _, b := range bindings() {
			if b.act == actPager {
				continue
			}
			for _, k := range b.keys {
				for _, s := range [][2]int{{60, 15}, {170, 40}} {
					d := fleet(t).Size(s[0], s[1]).Press(start...).Press(k, k).Press("esc", "down")
					d.checkShape(d.Screen())
				}
			}
		}
	}
}
