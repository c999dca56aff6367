package ui

import (
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// command is a word of the command line.
type command struct {
	name string
	help string
	args func(a *App) []string // what can follow; may be nil
	run  func(a *App, arg string) tea.Cmd
}

func commands() []command {
	// does is a command that a key does as well, with nothing to follow it.
	does := func(name, help string, act action) command {
		return command{name, help, nil, func(a *App, arg string) tea.Cmd {
			if arg != "" {
				a.say(sBad, name+" takes nothing after it, not "+quoteOr(arg, ""))
				return nil
			}
			return a.act(act)
		}}
	}
	all := []command{
		does("quit", "end the program", actQuit),
		does("q", "end the program", actQuit),
		does("sessions", "screen 1", actScreen1),
		does("calls", "screen 2", actScreen2),
		does("processes", "screen 3", actScreen3),
		does("findings", "screen 4", actScreen4),
		does("methods", "screen 5", actScreen5),
		does("sources", "what was read, and what could not be", actSources),
		does("help", "all keys", actHelp),
		does("freeze", "freeze the screen, or let it go on", actFreeze),
		{"export", "export what the list shows, to the current folder", nil, runExport},
		does("columns", "choose columns", actColumns),
		does("mouse", "the mouse on or off", actMouse),
		{"filter", "filter EXPRESSION; without one: clear it", nil, runFilter},
		{"sort", "sort COLUMN; again: turn the order round", sortArgs, runSort},
		{"theme", "theme NAME", func(*App) []string { return Themes() }, runTheme},
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all
}

func sortArgs(a *App) []string { return model.SortColumns(a.screen) }

func runExport(a *App, arg string) tea.Cmd {
	if arg != "" {
		a.say(sBad, "export names its file itself, in the current folder; sessiontop export -o FILE takes a name")
		return nil
	}
	return a.act(actExport)
}

func runFilter(a *App, arg string) tea.Cmd {
	f := a.filter
	if f.set(arg); f.err != nil {
		a.say(sBad, "filter: "+f.err.Error())
		return nil
	}
	a.filter = f
	return a.requery()
}

func runSort(a *App, arg string) tea.Cmd {
	if !a.list().sortBy(arg) {
		a.say(sBad, "cannot sort by "+quoteOr(arg, "nothing")+"; one of "+strings.Join(sortArgs(a), ", "))
		return nil
	}
	return a.requery()
}

func runTheme(a *App, arg string) tea.Cmd {
	name, err := ParseTheme(arg)
	if err != nil {
		a.say(sBad, err.Error())
		return nil
	}
	a.theme = name
	a.relook()
	return nil
}

func quoteOr(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return `"` + s + `"`
}

// newCommandPrompt is the command line.
func newCommandPrompt(a *App) *prompt {
	p := newPrompt(":", "")
	p.accept = func(a *App, text string) tea.Cmd { return a.run(text) }
	p.complete = func(text string, cursor int) []model.Completion { return completeCommand(a, text, cursor) }
	p.renew()
	return p
}

// run runs a line of the command line.
func (a *App) run(line string) tea.Cmd {
	name, arg, _ := strings.Cut(strings.TrimSpace(line), " ")
	if name == "" {
		return nil
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(a, strings.TrimSpace(arg))
		}
	}
	a.say(sBad, "unknown command "+quoteOr(name, "")+"; : and Tab list them")
	return nil
}

// completeCommand offers commands, and what can follow them.
func completeCommand(a *App, text string, cursor int) []model.Completion {
	var out []model.Completion
	name, arg, more := strings.Cut(text[:cursor], " ")
	for _, c := range commands() {
		switch {
		case !more && strings.HasPrefix(c.name, name) && c.name != "q":
			out = append(out, model.Completion{Text: c.name, Help: c.help, To: cursor})
		case more && c.name == name && c.args != nil:
			for _, s := range c.args(a) {
				if strings.HasPrefix(s, arg) {
					out = append(out, model.Completion{Text: s, From: len(name) + 1, To: cursor})
				}
			}
		}
	}
	return out
}
