package ui

import "strings"

// KeysMarkdown is the table of keys for the README.
func KeysMarkdown() string {
	var b strings.Builder
	b.WriteString("| key | |\n| --- | --- |\n")
	for _, k := range bindings() {
		if k.help == "" {
			continue
		}
		b.WriteString("| ")
		for i, name := range strings.Fields(k.show) {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString("`" + strings.ReplaceAll(name, "|", `\|`) + "`")
		}
		b.WriteString(" | " + strings.ReplaceAll(k.help, "|", `\|`) + " |\n")
	}
	return b.String()
}
