package ui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/pretty"
)

// document is a message as it was read, ready to be shown.
type document struct {
	raw    []byte
	text   []byte // indented where it is JSON, else raw
	lines  []int  // where each line of text starts
	isJSON bool
	err    error // it could not be read
}

func newDocument(raw []byte, err error) *document {
	d := &document{raw: raw, err: err}
	d.text, d.isJSON = pretty.JSON(raw)
	d.lines = pretty.Lines(d.text)
	return d
}

// line is line i of the text.
func (d *document) line(i int) string {
	end := len(d.text)
	if i+1 < len(d.lines) {
		end = d.lines[i+1] - 1
	}
	return string(d.text[d.lines[i]:end])
}

// What the cache keeps: a screenful of evidence is four documents.
const (
	keptDocuments = 16
	keptBytes     = 96 << 20
)

// bodyCache holds the messages that were looked at last.
type bodyCache struct {
	docs  map[model.Origin]*document
	order []model.Origin // oldest first
	bytes int
	under map[model.Origin]bool // being read
}

func newBodyCache() *bodyCache {
	return &bodyCache{docs: make(map[model.Origin]*document), under: make(map[model.Origin]bool)}
}

// bodyRead brings a message.
type bodyRead struct {
	origin model.Origin
	doc    *document
}

// of is the message at o, nil while it has not been read.
func (c *bodyCache) of(o model.Origin) *document { return c.docs[o] }

func (c *bodyCache) add(m bodyRead) {
	delete(c.under, m.origin)
	if c.docs[m.origin] == nil {
		c.order = append(c.order, m.origin)
	}
	c.docs[m.origin] = m.doc
	c.bytes += len(m.doc.raw) + len(m.doc.text)
	for len(c.order) > 1 && (len(c.order) > keptDocuments || c.bytes > keptBytes) {
		old := c.docs[c.order[0]]
		c.bytes -= len(old.raw) + len(old.text)
		delete(c.docs, c.order[0])
		c.order = c.order[1:]
	}
}

var errNoBodies = errors.New("this source does not keep payloads")

// readBody is the command that reads the message at o.
func (a *App) readBody(o model.Origin) tea.Cmd {
	a.bodies.under[o] = true
	bodies := a.cfg.Bodies
	return func() tea.Msg {
		if bodies == nil {
			return bodyRead{o, newDocument(nil, errNoBodies)}
		}
		return bodyRead{o, newDocument(bodies.Body(o))}
	}
}

// fetch starts reading what the views on the screen want and do not have.
func (a *App) fetch() tea.Cmd {
	var whole, glimpses []model.Origin
	l, e := a.list(), a.env()
	if l.kind.wants != nil && a.cfg.Bodies != nil && len(a.pages) == 0 && !a.zoomDetail {
		l.visible(func(id int64) { glimpses = append(glimpses, l.kind.wants(l.snap, id)...) })
	}
	for _, v := range append([]view{a.detail}, a.pages...) {
		if v != nil {
			w, g := v.wants(e)
			whole, glimpses = append(whole, w...), append(glimpses, g...)
		}
	}
	var cmd tea.Cmd
	for _, o := range whole {
		if o.Len > 0 && a.bodies.of(o) == nil && !a.bodies.under[o] {
			cmd = both(cmd, a.readBody(o))
		}
	}
	if a.cfg.Bodies == nil {
		return cmd
	}
	return both(cmd, a.previews.read(a.cfg.Bodies, glimpses))
}
