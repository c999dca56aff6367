//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// patience is how long the terminal tests wait for what must come.
const patience = 30 * time.Second

// session is a program on a terminal of its own.
type session struct {
	t      *testing.T
	cmd    *exec.Cmd
	screen *os.File // the terminal's side of the pair
	tty    *os.File // the program's side
	before *term.State
	wide   bool

	mu  sync.Mutex
	out bytes.Buffer
}

func start(t *testing.T, name string, args ...string) *session {
	t.Helper()
	screen, tty, err := pty.Open()
	if err != nil {
		t.Skip("no terminal to be had:", err)
	}
	s := &session{t: t, screen: screen, tty: tty, cmd: exec.Command(name, args...)}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		tty.Close()
		screen.Close()
	})
	s.resize()
	if s.before, err = term.GetState(int(tty.Fd())); err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = tty, tty, tty
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LC_ALL=C.UTF-8", "HOME="+t.TempDir(), "XDG_CONFIG_HOME=")
	go func() { _, _ = io.Copy(s, screen) }()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// Write takes what the program writes.
func (s *session) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

func (s *session) written() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.String()
}

// resize changes the terminal's size, which has the whole screen drawn anew.
func (s *session) resize() {
	s.wide = !s.wide
	size := &pty.Winsize{Rows: 40, Cols: 140}
	if s.wide {
		size.Cols++
	}
	if err := pty.Setsize(s.screen, size); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) press(keys string) {
	if _, err := s.screen.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// see waits until a screen, drawn from scratch, holds all of the words.
func (s *session) see(words ...string) {
	s.t.Helper()
	var shown string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		from := len(s.written())
		s.resize()
		for until := time.Now().Add(time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
			shown = ansi.Strip(s.written()[from:])
			if containsAll(shown, words) {
				return
			}
		}
	}
	s.t.Fatalf("the screen never showed %q; the last one:\n%s", words, shown)
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// ends waits for the program's end, and until all that it wrote is read.
func (s *session) ends(status int) {
	s.t.Helper()
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	select {
	case err := <-done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			s.t.Fatal(err)
		}
	case <-time.After(patience):
		s.t.Fatal("the program does not end")
	}
	if got := s.cmd.ProcessState.ExitCode(); got != status {
		s.t.Errorf("exit status %d, want %d", got, status)
	}
	const marker = "-- all is read --"
	fmt.Fprint(s.tty, marker)
	for deadline := time.Now().Add(patience); !strings.Contains(s.written(), marker); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal("the program's last words do not come")
		}
	}
}

// end is ends, and checks that the terminal is as it was.
func (s *session) end(status int) {
	s.t.Helper()
	s.ends(status)
	after, err := term.GetState(int(s.tty.Fd()))
	if err != nil {
		s.t.Fatal(err)
	}
	if !reflect.DeepEqual(s.before, after) {
		s.t.Errorf("the terminal's settings are not restored: %+v, before %+v", after, s.before)
	}
	for mode, what := range map[string]string{"1049": "the alternate screen", "1002": "the mouse", "1006": "the mouse's encoding", "2004": "bracketed paste"} {
		if on, off := s.last("\x1b[?"+mode+"h"), s.last("\x1b[?"+mode+"l"); on > off {
			s.t.Errorf("%s is left on", what)
		}
	}
	if s.last("\x1b[?1049h") < 0 {
		s.t.Error("the alternate screen was never used")
	}
	if s.last("\x1b[?25h") < s.last("\x1b[?25l") {
		s.t.Error("the cursor is left hidden")
	}
}

func (s *session) last(sequence string) int { return strings.LastIndex(s.written(), sequence) }

// sickLogs is a folder with two processes that read each other's replies.
func sickLogs(t *testing.T) string {
	dir := t.TempDir()
	line := func(ms int, pid int, ev, msg string) string {
		return fmt.Sprintf(`{"v":1,"ts":"2026-11-22T09:00:00.%03dZ","pid":%d,"ppid":4119,"comm":"worker","ev":%q,"ino":88211,`+
			`"local":"127.0.0.1:51234","peer":"127.0.0.1:8545","opener":4119,"msg":%s}`+"\n", ms, pid, ev, msg)
	}
	for pid, text := range map[int]string{
		4120: line(1, 4120, "send", `{"jsonrpc":"2.0","id":1,"method":"personal_unlockAccount","params":["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","<redacted>"]}`) +
			line(5, 4120, "recv", `{"jsonrpc":"2.0","id":1,"result":["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"]}`),
		4121: line(2, 4121, "send", `{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}`) +
			line(4, 4121, "recv", `{"jsonrpc":"2.0","id":1,"result":true}`),
	} {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("worker-%d.jsonl", pid)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTerminalLookAndLeave(t *testing.T) {
	s := start(t, "sessiontop", sickLogs(t))
	s.see("127.0.0.1:51234", "Sessions", "Findings")
	s.press("2")
	s.see("eth_accounts", "personal_unlockAccount")
	s.press("j")
	s.press("/method:eth_accounts\r")
	s.see("method:eth_accounts", "4121")
	s.press("4")
	s.see("swapped-reply")
	s.press("\r")
	s.see("4120 had asked personal_unlockAccount", "cannot be a result of eth_accounts", "Cause", "Esc back")
	s.press("\x1b")
	s.see("swapped-reply", "freeze") // the list has the keys again: before, Esc and q are one
	s.press("q")
	s.end(exitClean)
}

func TestTerminalOfAnotherLocale(t *testing.T) {
	for locale, sign := range map[string]string{"LC_ALL=C": "* LIVE", "LC_ALL= LC_CTYPE= LANG=de_DE.ISO-8859-1": "* LIVE",
		"LC_ALL= LC_CTYPE= LANG=": "● LIVE", "LC_ALL= LC_CTYPE=de_DE.utf8 LANG=C": "● LIVE"} {
		t.Run(locale, func(t *testing.T) {
			s := start(t, "env", append(strings.Fields(locale), "sessiontop", sickLogs(t))...)
			s.see(sign)
			s.press("q")
			s.end(exitClean)
		})
	}
}

func TestTerminalAfterSignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			s := start(t, "sessiontop", sickLogs(t))
			s.see("127.0.0.1:51234")
			if err := s.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			s.end(exitSignal + int(sig))
		})
	}
}

func TestTerminalAfterQuit(t *testing.T) {
	s := start(t, "sessiontop", sickLogs(t))
	s.see("127.0.0.1:51234")
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	s.end(exitUnusable) // as Go's runtime has it
	left := s.last("\x1b[?1049l")
	if stacks := s.last("goroutine 1 "); stacks < left {
		t.Errorf("the stacks are at %d, the terminal was given back at %d", stacks, left)
	}
}

func TestTerminalWhoseCursorCannotBeMoved(t *testing.T) {
	s := start(t, "env", "TERM=dumb", "sessiontop", sickLogs(t))
	s.ends(exitUnusable)
	if text := s.written(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "TERM=dumb") ||
		!strings.Contains(text, "sessiontop check PATH") || strings.Contains(text, "\x1b") {
		t.Errorf("it wrote %q", text)
	}
}

func TestTerminalAfterPanic(t *testing.T) {
	s := start(t, "sessiontop-panics")
	s.end(exitUnusable)
	if !strings.Contains(s.written(), "the source is broken") {
		t.Errorf("nothing says what happened:\n%q", s.written())
	}
}
