package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// SignalError says that a signal ended the program. The terminal is back.
type SignalError struct{ Signal os.Signal }

func (e *SignalError) Error() string { return "ended by signal: " + e.Signal.String() }

// PanicError says that the program ended because of a mistake in it. The
// terminal is back.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("internal error: %v; this is a mistake in sessiontop, please report it", e.Value)
}

// framesPerSecond bounds how often Bubble Tea looks for a new frame. Half of its
// default halves what an idle screen costs, and is as smooth to the eye.
const framesPerSecond = 30

// hangUp is how long the end of the program may take once it was asked to end.
const hangUp = 2 * time.Second

// Run shows the screens until the user quits (nil), ctx is done (its error), a
// signal comes (*SignalError) or the program fails (*PanicError). However it
// ends, the terminal is as it was before Run returns, and before SIGQUIT has Go's
// runtime print every goroutine's stack and end the process. Options are for
// tests: another input and output.
func Run(ctx context.Context, cfg Config, options ...tea.ProgramOption) error {
	g := &guard{inner: New(cfg)}
	options = append([]tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithoutCatchPanics(), tea.WithFPS(framesPerSecond)}, options...)
	p := tea.NewProgram(g, options...)
	g.quit = p.Quit

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	done := make(chan struct{})
	caught := make(chan os.Signal, 1)
	go func() {
		select {
		case s := <-signals:
			if s == syscall.SIGQUIT {
				release(p)
				quitAgain()
			}
			caught <- s
			stop(p, done)
		case <-ctx.Done():
			stop(p, done)
		case <-done:
		}
	}()
	err := start(p, g)
	close(done)
	switch {
	case g.failure() != nil:
		return g.failure()
	case len(caught) > 0:
		return &SignalError{<-caught}
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, tea.ErrInterrupted):
		return nil
	}
	return err
}

// start runs the program; a panic in Bubble Tea itself is caught as well.
func start(p *tea.Program, g *guard) (err error) {
	defer func() {
		if g.fail.Load() != nil {
			p.Kill()
		}
	}()
	defer g.caught()
	_, err = p.Run()
	return err
}

// release gives the terminal back, as far as a program that may hang lets it.
func release(p *tea.Program) {
	released := make(chan struct{})
	go func() {
		_ = p.ReleaseTerminal() // there is nobody to tell: the stacks come next
		close(released)
	}()
	select {
	case <-released:
	case <-time.After(hangUp):
	}
}

// stop asks the program to end, and ends it where it does not.
func stop(p *tea.Program, done <-chan struct{}) {
	go p.Quit()
	select {
	case <-done:
	case <-time.After(hangUp):
		p.Kill()
	}
}
