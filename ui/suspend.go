package ui

import tea "charm.land/bubbletea/v2"

// suspend gives the terminal back to the shell until the shell goes on with the
// program. Without a shell nobody would: the kernel does not stop a program that
// none can continue.
func (a *App) suspend() tea.Cmd {
	shell := a.cfg.Shell
	if shell == nil {
		shell = jobControl
	}
	if !shell() {
		a.say(sAccent, "there is no shell to suspend to")
		return nil
	}
	return tea.Suspend
}
