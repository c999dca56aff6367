package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/canvas"
)

// App is the one tea.Model: it routes messages and holds what is on the screen.
type App struct {
	cfg    Config
	keys   keymap
	theme  string
	dark   bool
	look   *canvas.Palette
	w, h   int
	mouse  bool
	screen model.Screen
	lists  [screens]*list
	detail view   // below or beside the list, nil where there is nothing to show
	pages  []view // over both, the last on top
	layers []overlay

	onDetail             bool // keys go to the detail
	zoomList, zoomDetail bool

	newest   *model.Snapshot // as the source gave it
	frozen   *model.Snapshot // what the screen stays at; nil: it goes on
	frozenAt time.Time       // since when
	ended    Ending
	only     restriction
	filter   filterLine
	load     loading
	marks    map[rune]mark
	pending  rune // m or ' was pressed and waits for its letter

	toast  toast
	moved  time.Time // the user last moved: the order settles
	clicks clickMemory

	bodies   *bodyCache
	previews *previewCache

	canvas *canvas.Canvas
	frame  string
	cursor *tea.Cursor
	zones  []zone
	dirty  bool
	drawn  int  // frames drawn so far
	unread bool // the last frame may show messages that have not been read
}

// screens is how many screens there are.
const screens = 5

// New returns the program's model. It is not started: tea.NewProgram does, or
// Run.
func New(cfg Config) tea.Model { return newApp(cfg) }

func newApp(cfg Config) *App {
	theme, err := ParseTheme(cfg.Theme)
	a := &App{
		cfg: cfg, keys: newKeymap(), theme: theme, dark: true, mouse: cfg.Mouse,
		marks: make(map[rune]mark), bodies: newBodyCache(), previews: newPreviewCache(),
		canvas: canvas.New(0, 0), dirty: true, only: unrestricted(),
	}
	if err != nil {
		a.theme = "auto"
		a.say(sBad, err.Error())
	}
	if cfg.NoColor {
		a.theme = "none"
	}
	a.load.start = cfg.now()
	a.relook()
	for s := range a.lists {
		a.lists[s] = newList(model.Screen(s))
	}
	a.filter.start(cfg.Filter)
	return a
}

// relook rebuilds the palette.
func (a *App) relook() { a.look = newPalette(a.theme, a.dark, a.cfg.ASCII) }

// Init starts the ticks and asks for the terminal's background.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.poll(), tea.RequestBackgroundColor)
}

// View is the frame: drawn anew only if something changed.
func (a *App) View() tea.View {
	if a.dirty {
		a.dirty = false
		a.drawn++
		a.unread = true
		a.frame = a.render()
	}
	v := tea.NewView(a.frame)
	v.AltScreen = true
	v.WindowTitle = windowTitle(a.cfg.Title)
	v.Cursor = a.cursor
	if a.mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// list is the list of the current screen.
func (a *App) list() *list { return a.lists[a.screen] }

// shown is the snapshot that the screen is to show.
func (a *App) shown() *model.Snapshot {
	if a.frozen != nil {
		return a.frozen
	}
	return a.newest
}

// env is what views draw from: the snapshot of the list that is on the screen,
// so that both are of one moment.
func (a *App) env() *env {
	e := &env{
		snap: a.list().snap, wall: a.cfg.now(), loading: !a.load.done, bodies: a.bodies, previews: a.previews,
		canRead: a.cfg.Bodies != nil, verify: a.cfg.Verify != nil, since: a.load.start.Add(-recent).UnixNano(),
	}
	if e.snap == nil {
		e.snap = new(model.Snapshot)
	}
	e.live = a.live(e.snap)
	if e.now = e.snap.Now; e.live {
		e.now = max(e.now, a.moment().UnixNano())
	}
	return e
}

// moment is the one that the screen is of: now, or when it was frozen.
func (a *App) moment() time.Time {
	if a.frozen != nil {
		return a.frozenAt
	}
	return a.cfg.now()
}

// top is the view that keys go to, nil where they go to the list.
func (a *App) top() view {
	switch {
	case len(a.pages) > 0:
		return a.pages[len(a.pages)-1]
	case a.onDetail && a.detail != nil:
		return a.detail
	}
	return nil
}

// where is where the user is.
func (a *App) where() place {
	if v := a.top(); v != nil {
		return v.where()
	}
	return inList
}

// arrangement is what the layout follows from, besides the size.
func (a *App) arrangement() arrangement {
	rows := -1
	if l := a.list(); l.snap != nil {
		rows = l.rows.Len()
	}
	return arrangement{
		rows:     rows,
		zoomList: a.zoomList, zoomDetail: a.zoomDetail && a.detail != nil,
		page: len(a.pages) > 0, noDetail: a.detail == nil,
	}
}
