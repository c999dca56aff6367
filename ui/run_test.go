package ui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"

	"github.com/sessiontop/sessiontop/model"
)

// terminal is a pseudo-terminal with Run in it.
type terminal struct {
	t        *testing.T
	out, tty *os.File
	before   *term.State
	mu       sync.Mutex
	seen     bytes.Buffer
	ended    chan error
	cancel   context.CancelFunc
}

func runIn(t *testing.T, cfg Config) *terminal {
	t.Helper()
	out, tty, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	if err := pty.Setsize(out, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(tty.Fd())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	x := &terminal{t: t, out: out, tty: tty, before: before, ended: make(chan error, 1), cancel: cancel}
	t.Cleanup(func() { cancel(); tty.Close(); out.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := out.Read(buf)
			x.mu.Lock()
			x.seen.Write(buf[:n])
			x.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	go func() {
		x.ended <- Run(ctx, cfg, tea.WithInput(tty), tea.WithOutput(tty), tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	}()
	return x
}

func (x *terminal) text() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.seen.String()
}

// waits until the terminal was sent a text.
func (x *terminal) waits(text string) {
	x.t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(x.text(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			x.t.Fatalf("%q never came: %q", text, x.text())
		}
	}
}

// end waits for Run to return and checks that the terminal is as it was.
func (x *terminal) end() error {
	x.t.Helper()
	select {
	case err := <-x.ended:
		after, e := term.GetState(x.tty.Fd())
		if e != nil || *after != *x.before {
			x.t.Errorf("the terminal's mode is not as it was: %v", e)
		}
		x.waits("\x1b[?1049l")
		x.waits("\x1b[?25h")
		return err
	case <-time.After(20 * time.Second):
		x.t.Fatalf("Run did not return: %q", x.text())
		return nil
	}
}

func source() *model.Snapshot { return usual().snap }

func TestRunEndsWithQ(t *testing.T) {
	x := runIn(t, Config{Source: source})
	x.waits("opened by gunicorn 4119")
	if _, err := x.out.WriteString("q"); err != nil {
		t.Fatal(err)
	}
	if err := x.end(); err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	x := runIn(t, Config{Source: source})
	x.waits("opened by gunicorn 4119")
	x.cancel()
	if err := x.end(); !errors.Is(err, context.Canceled) {
		t.Errorf("Run: %v", err)
	}
}

func TestRunSurvivesPanics(t *testing.T) {
	calls := 0
	for name, cfg := range map[string]Config{
		"in Update": {Source: func() *model.Snapshot {
			if calls++; calls > 3 {
				panic("the source is broken")
			}
			return nil
		}},
		"in View":      {Source: source, Now: panicsLater()},
		"in a command": {Source: source, Bodies: badBodies{}},
	} {
		t.Run(name, func(t *testing.T) {
			x := runIn(t, cfg)
			var pe *PanicError
			if err := x.end(); !errors.As(err, &pe) || !strings.Contains(err.Error(), "broken") || strings.Contains(err.Error(), "\n") {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

type badBodies struct{}

func (badBodies) Body(model.Origin) ([]byte, error) { panic("broken bodies") }

// panicsLater is a clock that breaks after a while, which is in View as often
// as anywhere.
func panicsLater() func() time.Time {
	var mu sync.Mutex
	n := 0
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		if n++; n > 40 {
			panic("broken clock")
		}
		return time.Now()
	}
}
