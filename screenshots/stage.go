package main

import (
	"io"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/collector"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui"
	"github.com/sessiontop/sessiontop/ui/shot"
)

// stage runs the screens without a terminal and keeps the last frame.
type stage struct {
	inner         tea.Model
	program       *tea.Program
	width, height int
	theme         string
	done          chan struct{}

	mu      sync.Mutex
	frame   string
	changed time.Time
}

func newStage(snap *model.Snapshot, files *collector.Files, theme string, width, height int) *stage {
	s := &stage{width: width, height: height, theme: theme, done: make(chan struct{})}
	s.inner = ui.New(ui.Config{
		Source: func() *model.Snapshot { return snap },
		Bodies: files,
		Title:  "logs/",
		Theme:  theme,
		Mouse:  true,
		Now:    func() time.Time { return time.Unix(0, snap.Now) },
	})
	s.program = tea.NewProgram(s, tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithWindowSize(width, height),
		tea.WithoutSignalHandler(), tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor"}))
	go func() {
		defer close(s.done)
		s.program.Run()
	}()
	s.program.Send(tea.WindowSizeMsg{Width: width, Height: height})
	s.wait()
	return s
}

// Init, Update and View pass everything on.
func (s *stage) Init() tea.Cmd { return s.inner.Init() }

func (s *stage) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	inner, cmd := s.inner.Update(msg)
	s.inner = inner
	return s, cmd
}

func (s *stage) View() tea.View {
	v := s.inner.View()
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.Content != s.frame {
		s.frame, s.changed = v.Content, time.Now()
	}
	return v
}

// press presses the keys one after the other; "type:text" types a text.
func (s *stage) press(keys ...string) {
	for _, k := range keys {
		if text, ok := strings.CutPrefix(k, "type:"); ok {
			for _, r := range text {
				s.program.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
		} else {
			s.program.Send(keyOf(k))
		}
		s.wait()
	}
}

func keyOf(name string) tea.KeyPressMsg {
	switch name {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	case "esc":
		return tea.KeyPressMsg{Code: tea.KeyEscape}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// wait returns when the frame has been still for a while.
func (s *stage) wait() {
	s.mu.Lock()
	s.changed = time.Now()
	s.mu.Unlock()
	for {
		time.Sleep(still / 10)
		s.mu.Lock()
		quiet := s.frame != "" && time.Since(s.changed) > still
		s.mu.Unlock()
		if quiet {
			return
		}
	}
}

func (s *stage) svg(title string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	look := shot.Dark(title)
	if s.theme == "light" {
		look = shot.Light(title)
	}
	return shot.SVG(s.frame, s.width, s.height, look)
}

func (s *stage) close() {
	s.program.Quit()
	<-s.done
}
