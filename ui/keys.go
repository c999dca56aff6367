package ui

// action is what a key does.
type action uint8

const (
	actNone action = iota
	actQuit
	actBack
	actHelp
	actUp
	actDown
	actLeft
	actRight
	actTop
	actBottom
	actPageUp
	actPageDown
	actHalfUp
	actHalfDown
	actScreen1
	actScreen2
	actScreen3
	actScreen4
	actScreen5
	actPrevScreen
	actNextScreen
	actOpen
	actPane
	actZoom
	actFilter
	actNextMatch
	actPrevMatch
	actNextFinding
	actPrevFinding
	actFindingsOnly
	actFreeze
	actFollow
	actSort
	actSortBack
	actReverse
	actTree
	actOnlyProcess
	actOnlySession
	actMark
	actJump
	actColumns
	actCopy
	actExport
	actVerify
	actCommand
	actSources
	actMouse
	actFormat
	actPager
	actSuspend
)

// place is where the user is; it decides which keys the footer shows.
type place uint8

const (
	inList place = 1 << iota
	inLadder
	inEvidence
	inPayload
	inView // any other view

	anywhere = inList | inLadder | inEvidence | inPayload | inView
)

// binding is one line of the key table.
type binding struct {
	keys  []string // as Bubble Tea calls them
	show  string   // as a person calls them
	act   action
	group string // heading in the overlay
	short string // label in the footer
	foot  place  // where the footer shows it
	help  string
}

// bindings is the one list of keys: the footer, the overlay and the README
// table come from it, in this order.
func bindings() []binding {
	return []binding{
		{[]string{"?", "f1"}, "?", actHelp, "General", "help", anywhere, "this help"},
		{[]string{"q", "ctrl+c"}, "q ctrl-c", actQuit, "General", "", 0, "quit"},
		{[]string{"ctrl+z"}, "ctrl-z", actSuspend, "General", "", 0, "suspend; the shell's fg comes back"},
		{[]string{"esc"}, "Esc", actBack, "General", "back", anywhere &^ inList, "back: close, then clear what restricts the list"},
		{[]string{":"}, ":", actCommand, "General", "", 0, "command line: :sort p95, :theme light, :sources"},
		{[]string{"M"}, "M", actMouse, "General", "", 0, "mouse on or off (off: the terminal selects text)"},

		{[]string{"up", "k"}, "↑ k", actUp, "Move", "", 0, "up"},
		{[]string{"down", "j"}, "↓ j", actDown, "Move", "", 0, "down"},
		{[]string{"left", "h"}, "← h", actLeft, "Move", "", 0, "left: previous lanes, previous message"},
		{[]string{"right", "l"}, "→ l", actRight, "Move", "message", inEvidence, "right: next lanes, next message"},
		{[]string{"g", "home"}, "g Home", actTop, "Move", "", 0, "first row"},
		{[]string{"G", "end"}, "G End", actBottom, "Move", "", 0, "last row, and follow what comes"},
		{[]string{"pgup", "ctrl+b"}, "PgUp", actPageUp, "Move", "", 0, "a page up"},
		{[]string{"pgdown", "ctrl+f"}, "PgDn", actPageDown, "Move", "", 0, "a page down"},
		{[]string{"ctrl+u"}, "ctrl-u", actHalfUp, "Move", "", 0, "half a page up"},
		{[]string{"ctrl+d"}, "ctrl-d", actHalfDown, "Move", "", 0, "half a page down"},
		{[]string{"m"}, "m", actMark, "Move", "", 0, "mark this place with a letter"},
		{[]string{"'"}, "'", actJump, "Move", "", 0, "jump to a mark"},

		{[]string{"1"}, "1", actScreen1, "Screens", "", 0, "sessions"},
		{[]string{"2"}, "2", actScreen2, "Screens", "", 0, "calls"},
		{[]string{"3"}, "3", actScreen3, "Screens", "", 0, "processes"},
		{[]string{"4"}, "4", actScreen4, "Screens", "", 0, "findings"},
		{[]string{"5"}, "5", actScreen5, "Screens", "", 0, "methods"},
		{[]string{"[", "shift+f6"}, "[", actPrevScreen, "Screens", "", 0, "previous screen; in a payload: previous part"},
		{[]string{"]", "f6"}, "]", actNextScreen, "Screens", "", 0, "next screen; in a payload: next part"},
		{[]string{"i"}, "i", actSources, "Screens", "", 0, "inputs: what was read, and what could not be"},

		{[]string{"/"}, "/", actFilter, "Find", "filter", inList | inPayload, "filter the list; in a payload: search"},
		{[]string{"enter"}, "Enter", actOpen, "Find", "open", inList | inLadder | inEvidence, "open: session, then its messages, then a payload"},
		{[]string{"e"}, "e", actNextFinding, "Find", "next finding", inList | inLadder | inEvidence, "next finding, errors before warnings"},
		{[]string{"E"}, "E", actPrevFinding, "Find", "", 0, "previous finding, wherever it is"},
		{[]string{"n"}, "n", actNextMatch, "Find", "next match", inPayload, "next match"},
		{[]string{"N"}, "N", actPrevMatch, "Find", "", 0, "previous match"},
		{[]string{"!"}, "!", actFindingsOnly, "Find", "", 0, "only rows with findings"},
		{[]string{"p"}, "p", actOnlyProcess, "Find", "", 0, "only this process"},
		{[]string{"o"}, "o", actOnlySession, "Find", "", 0, "only this session"},

		{[]string{"space"}, "Space", actFreeze, "Look", "freeze", inList | inLadder, "freeze the screen; collecting goes on"},
		{[]string{"F"}, "F", actFollow, "Look", "follow", inLadder, "follow what comes"},
		{[]string{"tab", "shift+tab"}, "Tab", actPane, "Look", "pane", inList | inLadder, "the other pane"},
		{[]string{"z"}, "z", actZoom, "Look", "zoom", inLadder, "zoom the pane"},
		{[]string{"s"}, "s", actSort, "Look", "sort", inList, "sort by the next column"},
		{[]string{"S"}, "S", actSortBack, "Look", "", 0, "sort by the previous column"},
		{[]string{"r"}, "r", actReverse, "Look", "", 0, "turn the order round"},
		{[]string{"t"}, "t", actTree, "Look", "", 0, "processes as a tree, or flat"},
		{[]string{"c"}, "c", actColumns, "Look", "", 0, "choose columns"},
		{[]string{"f"}, "f", actFormat, "Look", "pretty/raw/hex", inPayload, "payload: pretty, raw, hex"},

		{[]string{"y"}, "y", actCopy, "Act", "copy", inEvidence | inPayload, "copy: the row, the message or the payload"},
		{[]string{"|"}, "|", actPager, "Act", "$PAGER", inPayload, "payload in $PAGER"},
		{[]string{"x"}, "x", actExport, "Act", "", 0, "export what the list shows"},
		{[]string{"v"}, "v", actVerify, "Act", "verify", inEvidence, "ask the node again (read-only methods, asks first)"},
		{[]string{"q"}, "q", actQuit, "", "quit", anywhere, ""},
	}
}

// keymap finds the action of a key.
type keymap map[string]action

func newKeymap() keymap {
	m := make(keymap)
	for _, b := range bindings() {
		for _, k := range b.keys {
			if _, taken := m[k]; !taken {
				m[k] = b.act
			}
		}
	}
	return m
}
