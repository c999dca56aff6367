package ui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"
	"github.com/valyala/fastjson"

	"github.com/sessiontop/sessiontop/model"
)

// preview is a message in a line: its id, and its params, result or error.
type preview struct {
	id, body string
}

// Bounds of what previews take.
const (
	keptPreviews   = 8192
	previewBytes   = 240     // of a body that are kept
	previewLargest = 1 << 20 // a message longer than this is not read for a preview
	previewsAtOnce = 256
)

// previewCache holds the previews of the rows that were on the screen last.
type previewCache struct {
	have    map[model.Origin]preview
	old     map[model.Origin]preview // the generation before: dropped whole
	reading bool
}

func newPreviewCache() *previewCache {
	return &previewCache{have: make(map[model.Origin]preview)}
}

// glimpsesRead brings previews.
type glimpsesRead map[model.Origin]preview

// of is the preview of the message at o, empty while there is none.
func (c *previewCache) of(o model.Origin) preview {
	if p, ok := c.have[o]; ok {
		return p
	}
	return c.old[o]
}

func (c *previewCache) add(m glimpsesRead) {
	c.reading = false
	if len(c.have) > keptPreviews {
		c.old, c.have = c.have, make(map[model.Origin]preview)
	}
	for o, p := range m {
		c.have[o] = p
	}
}

// read is the command that reads those of want that are not here yet; nil if
// all are, or while another one is under way.
func (c *previewCache) read(bodies model.Bodies, want []model.Origin) tea.Cmd {
	if c.reading {
		return nil
	}
	missing := make(map[model.Origin]preview)
	for _, o := range want {
		if o.Len == 0 || len(missing) == previewsAtOnce {
			continue
		}
		if _, ok := c.have[o]; ok {
			continue
		}
		if p, ok := c.old[o]; ok {
			c.have[o] = p
			continue
		}
		missing[o] = preview{}
	}
	if len(missing) == 0 {
		return nil
	}
	c.reading = true
	return func() tea.Msg {
		var parser fastjson.Parser
		for o := range missing {
			missing[o] = glimpse(&parser, bodies, o)
		}
		return glimpsesRead(missing)
	}
}

// glimpse reads one message for its preview.
func glimpse(parser *fastjson.Parser, bodies model.Bodies, o model.Origin) preview {
	if o.Len > previewLargest {
		return preview{body: "(" + bytesText(int64(o.Len)) + ")"}
	}
	body, err := bodies.Body(o)
	if err != nil {
		return preview{body: "(" + err.Error() + ")"}
	}
	v, err := parser.ParseBytes(body)
	if err != nil || v.Type() != fastjson.TypeObject {
		return preview{body: clip(string(body))}
	}
	var p preview
	if id := v.Get("id"); id != nil {
		p.id = clip(id.String())
	}
	switch {
	case v.Exists("error"):
		e := v.Get("error")
		p.body = clip("error " + strconv.Itoa(e.GetInt("code")) + " " + string(e.GetStringBytes("message")))
	case v.Exists("result"):
		p.body = clip(v.Get("result").String())
	case v.Exists("params"):
		p.body = clip(v.Get("params").String())
	}
	return p
}

// clip bounds a preview.
func clip(s string) string {
	if len(s) > previewBytes {
		return s[:previewBytes]
	}
	return s
}
