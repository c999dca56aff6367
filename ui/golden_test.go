package ui

import "testing"

func TestGoldens(t *testing.T) {
	for _, tc := range []struct {
		name string
		keys []string
	}{
		{"sessions", nil},
		{"ladder", []string{"enter"}},
		{"evidence", []string{"enter", "enter"}},
		{"calls", []string{"2"}},
		{"processes", []string{"3", "j"}},
		{"findings", []string{"4"}},
		{"methods", []string{"5"}},
		{"payload", []string{"2", "enter"}},
		{"help", []string{"?"}},
		{"columns", []string{"c"}},
		{"sources", []string{"i"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sizes(t, func(t *testing.T, w, h int, suffix string) {
				fleet(t).Size(w, h).Press(tc.keys...).Golden(tc.name + "-" + suffix)
			})
		})
	}
}

func TestGoldenBeside(t *testing.T) {
	fleet(t).Size(200, 40).Golden("sessions-beside-200x40")
	fleet(t).Size(400, 120).Press("4", "j").Golden("findings-beside-400x120")
}
