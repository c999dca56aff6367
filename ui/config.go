package ui

import (
	"context"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// Config is what the screens stand on. Only Source is required.
type Config struct {
	// Source is the newest snapshot, nil before the first. It is called on
	// every tick and must not block: an atomic pointer's Load.
	Source func() *model.Snapshot
	// Bodies reads messages back; nil: payloads are not available. It is
	// called from commands.
	Bodies model.Bodies
	// Progress is how far the sources have been read before there is a
	// snapshot to say it; nil: only the snapshots say it.
	Progress func() Progress
	// Stream says that what is read is one stream, which nothing follows once it
	// has ended.
	Stream bool
	// Attached says that running processes are watched, and Title what selects
	// them.
	Attached bool
	Title    string // what is looked at: "logs/ (64 files)"
	Theme    string // one of Themes; "" is auto
	NoColor  bool   // no colour, whatever the theme
	ASCII    bool   // nothing but ASCII
	Mouse    bool   // the mouse is on at the start
	Filter   string // the filter at the start
	// Clipboard copies text; nil: by OSC 52.
	Clipboard func(text string) tea.Cmd
	// Pager is the command that shows a text given on its standard input;
	// nil: $PAGER, else less.
	Pager func() *exec.Cmd
	// Verify asks the endpoint the call's question again and says in a few
	// lines how the answer compares; nil: not available. It is called from a
	// command, after the user has agreed.
	Verify func(ctx context.Context, s *model.Snapshot, c *model.Call) (string, error)
	// Export writes what is selected and returns the path of what it wrote;
	// nil: not available. It is called from a command.
	Export func(ctx context.Context, e Export) (path string, err error)
	// Ended is how the program that writes the logs ended, the zero Ending
	// while it runs; nil: there is no such program. It is called on every tick
	// until all is over and must not block.
	Ended func() Ending
	// Shell says whether there is a shell to suspend to; nil: the system is
	// asked.
	Shell func() bool
	// Now is the wall clock; nil: time.Now.
	Now func() time.Time
}

// Progress is how far the sources have been read.
type Progress struct {
	Bytes, Size int64 // read, and to be read; Size 0: unknown
	Done, Files int
}

// Export is what a list shows, to be written to a file.
type Export struct {
	Snapshot *model.Snapshot
	Query    model.Query
	Rows     model.Rows
}

func (c *Config) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}
