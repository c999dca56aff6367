package ui

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// copy puts text on the clipboard and says so.
func (a *App) copy(text, what string) tea.Cmd {
	a.say(sGood, "copied "+what+" ("+bytesText(int64(len(text)))+")")
	if a.cfg.Clipboard != nil {
		return a.cfg.Clipboard(text)
	}
	return tea.SetClipboard(text)
}

// copyRow copies the selected row as its cells, with a tab between them.
func (a *App) copyRow() tea.Cmd {
	l := a.list()
	if l.snap == nil || !l.picked.ok {
		return nil
	}
	var cells []string
	for i := range l.placed {
		c := canvas.New(200, 1)
		p := l.placed[i]
		p.X, p.W = 0, 200
		l.kind.cell(a.env(), l, c.All(), l.win.Sel, &p)
		cells = append(cells, strings.TrimSpace(ansi.Strip(c.String(a.look))))
	}
	return a.copy(strings.Join(cells, "\t"), "the row")
}

// export hands the rows of the list to whoever writes them.
func (a *App) export() tea.Cmd {
	l := a.list()
	if a.cfg.Export == nil || l.snap == nil {
		a.say(sAccent, "export is not available here; sessiontop export does it from the shell")
		return nil
	}
	e := Export{Snapshot: l.snap, Query: l.query, Rows: l.rows}
	write, n, one := a.cfg.Export, uint64(l.rows.Len()), l.kind.one
	a.say(sAccent, "exporting "+plural(n, one))
	return func() tea.Msg {
		path, err := write(context.Background(), e)
		if err != nil {
			return toastMsg{sBad, "export: " + err.Error()}
		}
		return toastMsg{sGood, "wrote " + plural(n, one) + " to " + path}
	}
}

// verified brings the answer of Config.Verify.
type verified struct {
	title, text string
	err         error
}

// askVerify asks the user whether to ask the node again.
func (a *App) askVerify(seq int64) tea.Cmd {
	s := a.env().snap
	c := s.Calls.At(seq)
	switch {
	case a.cfg.Verify == nil:
		a.say(sAccent, "verify is not available: there is no node to ask")
		return nil
	case c == nil:
		a.say(sAccent, "select a call to verify")
		return nil
	case c.State == model.Orphan:
		a.say(sAccent, "nobody asked for this reply: there is nothing to ask again")
		return nil
	}
	endpoint := "the endpoint"
	if x := s.Session(c.Session); x != nil && x.Conn.Endpoint() != "" {
		endpoint = x.Conn.Endpoint()
	}
	method, verify := s.Name(c.Method), a.cfg.Verify
	a.layers = append(a.layers, &notice{
		title: "Verify",
		lines: []string{"Ask " + endpoint, "once more: " + method, "", "This sends one request to the node."},
		yes: func(a *App) tea.Cmd {
			a.say(sAccent, "asking "+endpoint)
			return func() tea.Msg {
				text, err := verify(context.Background(), s, c)
				return verified{"Verify " + method, text, err}
			}
		},
	})
	return nil
}

func (a *App) showVerified(m verified) {
	if m.err != nil {
		a.say(sBad, "verify: "+m.err.Error())
		return
	}
	a.toast = toast{}
	a.layers = append(a.layers, &notice{title: m.title, lines: strings.Split(strings.TrimSpace(m.text), "\n")})
}

// page shows a text in the pager.
func (a *App) page(text []byte) tea.Cmd {
	return tea.ExecProcess(a.pager(safeText(text)), func(err error) tea.Msg {
		if err != nil {
			return toastMsg{sBad, "pager: " + err.Error() + "; set $PAGER"}
		}
		return nil
	})
}

func (a *App) pager(text []byte) *exec.Cmd {
	var cmd *exec.Cmd
	if a.cfg.Pager != nil {
		cmd = a.cfg.Pager()
	} else if words := strings.Fields(os.Getenv("PAGER")); len(words) > 0 {
		cmd = exec.Command(words[0], words[1:]...)
	} else {
		cmd = exec.Command("less")
	}
	cmd.Stdin = bytes.NewReader(text)
	return cmd
}

// safeText is text made safe line by line: a pager may let escapes through.
func safeText(text []byte) []byte {
	lines := strings.Split(string(text), "\n")
	for i, s := range lines {
		lines[i] = sanitize.Text(s)
	}
	return []byte(strings.Join(lines, "\n"))
}
