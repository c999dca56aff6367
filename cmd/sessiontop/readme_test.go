package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/ui"
)

// The README's table of keys is the program's own, as are the commands that write
// logs, and what it links to exists.
func TestReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	b, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	if !strings.Contains(text, strings.TrimSpace(ui.KeysMarkdown())) {
		t.Errorf("the README's table of keys differs from the program's:\n%s", ui.KeysMarkdown())
	}
	for _, f := range collector.Formats() {
		if command, ok := strings.CutPrefix(f.What, "output of "); ok && !strings.Contains(text, "| `"+f.Name+"` | `"+command+"`") {
			t.Errorf("the README has another command for %s than the help: %s", f.Name, command)
		}
	}
	for _, m := range regexp.MustCompile(`(?:\]\(|src="|srcset=")([^)"#:]+)[)"]`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Errorf("the README links to %s: %v", m[1], err)
		}
	}
}
