package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/internal/world"
)

var update = flag.Bool("update", false, "write the golden files anew")

// driver drives an App as a user would: it presses keys, runs the commands that
// come of them, and looks at the screen. Time is its own.
type driver struct {
	t    *testing.T
	app  *App
	snap *model.Snapshot
	now  time.Time
	quit bool
	away int      // how often it was suspended
	sent []string // what went to the clipboard
}

// drive starts the App on a snapshot, which may be nil, at 120×40.
func drive(t *testing.T, snap *model.Snapshot, change ...func(*Config)) *driver {
	t.Helper()
	d := &driver{t: t, snap: snap, now: world.Now(10_000)}
	cfg := Config{
		Source: func() *model.Snapshot { return d.snap },
		Title:  "logs/ (6 files)", Theme: "dark", Mouse: true,
		Now:       func() time.Time { return d.now },
		Shell:     func() bool { return true },
		Clipboard: func(s string) tea.Cmd { d.sent = append(d.sent, s); return nil },
	}
	for _, f := range change {
		f(&cfg)
	}
	d.app = newApp(cfg)
	return d.Size(120, 40).Tick()
}

// ended is a world that has ended: immutable, so that tests can share it.
type ended struct {
	snap   *model.Snapshot
	bodies *world.Bodies
}

var usual = sync.OnceValue(func() ended {
	w := world.Fleet(false)
	return ended{w.End(), w.Bodies()}
})

// fleet is drive on the usual world, with its messages.
func fleet(t *testing.T, change ...func(*Config)) *driver {
	t.Helper()
	f := usual()
	return drive(t, f.snap, append([]func(*Config){func(c *Config) { c.Bodies = f.bodies }}, change...)...)
}

// send gives the App a message and runs what comes of it to its end.
func (d *driver) send(msg tea.Msg) *driver {
	_, cmd := d.app.Update(msg)
	d.run(cmd)
	d.settle()
	return d
}

// settle draws, and reads what the frame turned out to need.
func (d *driver) settle() {
	for range 3 {
		d.app.View()
		if d.app.unread {
			d.app.unread = false
			d.run(d.app.fetch())
		}
	}
}

func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case tea.QuitMsg:
		d.quit = true
	case tea.SuspendMsg:
		d.away++
		d.send(tea.ResumeMsg{})
	case tickMsg:
	default:
		d.send(msg)
	}
}

// Tick lets a second pass and the source be looked at.
func (d *driver) Tick() *driver {
	d.now = d.now.Add(time.Second)
	d.run(d.app.tick(d.now))
	d.settle()
	return d
}

// Size resizes the terminal.
func (d *driver) Size(w, h int) *driver { return d.send(tea.WindowSizeMsg{Width: w, Height: h}) }

// Press presses keys, by the names that Bubble Tea gives them.
func (d *driver) Press(keys ...string) *driver {
	d.t.Helper()
	for _, k := range keys {
		d.send(keyPress(k))
	}
	return d
}

// Type types a text.
func (d *driver) Type(text string) *driver {
	for _, r := range text {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return d
}

func keyPress(name string) tea.KeyPressMsg {
	special := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"space": {Code: tea.KeySpace, Text: " "}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "backspace": {Code: tea.KeyBackspace},
	}
	if k, ok := special[name]; ok {
		return k
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	r := []rune(name)[0]
	return tea.KeyPressMsg{Code: r, Text: name}
}

// Click clicks at a cell; twice is a double click.
func (d *driver) Click(x, y, times int) *driver {
	for range times {
		d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	}
	d.now = d.now.Add(time.Second)
	return d
}

// Screen is what the user sees, without styles.
func (d *driver) Screen() string { return ansi.Strip(d.app.View().Content) }

// Line is the first line of the screen that holds text, and its number.
func (d *driver) Line(text string) (string, int) {
	d.t.Helper()
	for i, l := range strings.Split(d.Screen(), "\n") {
		if strings.Contains(l, text) {
			return l, i
		}
	}
	d.t.Fatalf("no line holds %q:\n%s", text, d.Screen())
	return "", 0
}

// Sees fails the test unless every text is on the screen.
func (d *driver) Sees(texts ...string) *driver {
	d.t.Helper()
	for _, s := range texts {
		if !strings.Contains(d.Screen(), s) {
			d.t.Fatalf("does not see %q:\n%s", s, d.Screen())
		}
	}
	return d
}

// SeesNot fails the test if a text is on the screen.
func (d *driver) SeesNot(texts ...string) *driver {
	d.t.Helper()
	for _, s := range texts {
		if strings.Contains(d.Screen(), s) {
			d.t.Fatalf("sees %q:\n%s", s, d.Screen())
		}
	}
	return d
}

// Golden holds the screen against testdata/NAME.txt.
func (d *driver) Golden(name string) *driver {
	d.t.Helper()
	got := d.Screen() + "\n"
	d.checkShape(got)
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			d.t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatalf("%v; go test ./ui -update writes it", err)
	}
	if string(want) != got {
		d.t.Errorf("the screen is not %s:\n%s\nwant:\n%s", path, got, want)
	}
	return d
}

// checkShape holds that no line is wider than the terminal and that there are
// not more than it has.
func (d *driver) checkShape(screen string) {
	d.t.Helper()
	lines := strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
	if len(lines) > d.app.h {
		d.t.Errorf("%d lines on a terminal of %d", len(lines), d.app.h)
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w > d.app.w {
			d.t.Errorf("line %d is %d cells wide of %d: %q", i, w, d.app.w, l)
		}
	}
}

// sizes are the terminals of the goldens.
func sizes(t *testing.T, f func(t *testing.T, w, h int, suffix string)) {
	for _, s := range [][2]int{{60, 15}, {80, 24}, {120, 40}, {200, 60}} {
		suffix := fmt.Sprintf("%dx%d", s[0], s[1])
		t.Run(suffix, func(t *testing.T) { f(t, s[0], s[1], suffix) })
	}
}
