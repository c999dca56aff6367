package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
)

// act does what a key means where no view has its own meaning for it.
func (a *App) act(act action) tea.Cmd {
	if a.top() == nil && a.list().move(act) {
		a.moved = a.cfg.now()
		a.redetail()
		return nil
	}
	switch act {
	case actQuit:
		return tea.Quit
	case actBack:
		return a.back()
	case actScreen1, actScreen2, actScreen3, actScreen4, actScreen5:
		return a.goTo(model.Screen(act - actScreen1))
	case actPrevScreen:
		return a.goTo((a.screen + screens - 1) % screens)
	case actNextScreen:
		return a.goTo((a.screen + 1) % screens)
	case actOpen:
		return a.open()
	case actPane:
		a.onDetail = !a.onDetail && a.detail != nil
		a.zoomList, a.zoomDetail = false, false
	case actZoom:
		a.zoom()
	case actSort, actSortBack, actReverse, actTree, actFollow, actFindingsOnly, actOnlyProcess, actOnlySession:
		return a.rearrange(act)
	case actNextFinding:
		return a.nextFinding(1)
	case actPrevFinding:
		return a.nextFinding(-1)
	case actFreeze:
		return a.freeze()
	default:
		return a.tool(act)
	}
	return nil
}

// tool does the actions that open something or leave the screen.
func (a *App) tool(act action) tea.Cmd {
	switch act {
	case actHelp:
		a.layers = append(a.layers, newHelp())
	case actColumns:
		a.layers = append(a.layers, newChooser(a.list()))
	case actFilter:
		a.layers = append(a.layers, newFilterPrompt(a))
	case actCommand:
		a.layers = append(a.layers, newCommandPrompt(a))
	case actMark:
		a.pending = 'm'
	case actJump:
		a.pending = '\''
	case actSources:
		a.push(&sources{})
	case actMouse:
		a.mouse = !a.mouse
		a.say(sAccent, "mouse "+onOff(a.mouse))
	case actCopy:
		return a.copyRow()
	case actExport:
		return a.export()
	case actVerify:
		return a.askVerify(a.selectedCall())
	}
	return nil
}

// holds says that an action is about the row that is selected, which from then
// on stays selected wherever it goes.
func (act action) holds() bool {
	switch act {
	case actOpen, actPane, actZoom, actFreeze, actMark, actCopy, actVerify, actOnlyProcess, actOnlySession:
		return true
	}
	return false
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// push puts a view over list and detail.
func (a *App) push(v view) {
	v.sync(a.env())
	a.pages = append(a.pages, v)
	a.dirty = true
}

// back closes the last thing that was opened, then clears what narrows the
// list, the last first.
func (a *App) back() tea.Cmd {
	switch {
	case len(a.pages) > 0:
		a.pages = a.pages[:len(a.pages)-1]
		a.syncViews()
		return nil
	case a.onDetail || a.zoomDetail || a.zoomList:
		a.onDetail, a.zoomDetail, a.zoomList = false, false, false
		return nil
	case a.only != unrestricted():
		a.only = unrestricted()
	case a.filter.text != "":
		a.filter.set("")
	default:
		return nil
	}
	return a.requery()
}

// goTo shows another screen.
func (a *App) goTo(s model.Screen) tea.Cmd {
	a.pages, a.onDetail, a.zoomDetail, a.zoomList = nil, false, false, false
	if s != a.screen {
		a.screen, a.detail = s, nil
		a.redetail()
	}
	return a.requery()
}

// roomy says whether list and detail have room for both to be read.
func (a *App) roomy() bool { return a.h >= 30 || sideBySide(a.w, a.h) }

// open moves into the detail; in a small terminal the detail takes it all.
func (a *App) open() tea.Cmd {
	if a.detail == nil {
		return nil
	}
	a.onDetail, a.zoomList = true, false
	a.zoomDetail = a.zoomDetail || !a.roomy()
	a.syncViews()
	return nil
}

func (a *App) zoom() {
	if a.top() == nil {
		a.zoomList = !a.zoomList
		return
	}
	a.zoomDetail = !a.zoomDetail
}

// freeze stops the screen at what it shows, or lets it go on.
func (a *App) freeze() tea.Cmd {
	if a.frozen != nil {
		a.frozen = nil
		return a.requery()
	}
	if a.list().snap != nil {
		a.frozen, a.frozenAt = a.list().snap, a.cfg.now()
	}
	return nil
}
