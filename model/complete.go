package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Completion is a way to go on with a filter: Text in place of the bytes from
// From up to To.
type Completion struct {
	Text     string
	Help     string
	From, To int
}

// maxCompletions bounds what is offered at once.
const maxCompletions = 50

// Complete offers ways to go on with the word at the cursor, a byte offset:
// the names of fields, the words that a field knows, and the methods,
// processes and sessions of snap, which may be nil.
func Complete(text string, cursor int, snap *Snapshot) []Completion {
	cursor = max(0, min(cursor, len(text), maxFilter))
	tok := tokenAt(text, cursor)
	c := completer{snap: snap, from: tok.pos, to: max(tok.end, cursor)}
	if tok.kind == tokenTerm && cursor >= tok.at {
		c.from, c.to = tok.at, max(tok.end, tok.at)
		c.prefix = lower(strings.TrimPrefix(text[tok.at:cursor], `"`))
		c.values(tok.field)
		return c.found
	}
	if tok.quoted {
		return nil
	}
	c.prefix = lower(text[tok.pos:max(cursor, tok.pos)])
	for i := range fieldTable {
		f := &fieldTable[i]
		if strings.HasPrefix(f.name, c.prefix) || f.also != "" && c.prefix != "" && strings.HasPrefix(f.also, c.prefix) {
			c.add(f.name+":", f.help+", "+f.example())
		}
	}
	if c.prefix != "" {
		c.flags("is:")
	}
	return c.found
}

// tokenAt is the word or term that the cursor is in or at the end of, else an
// empty one.
func tokenAt(text string, cursor int) token {
	l := lexer{src: text}
	for {
		t := l.next()
		switch {
		case t.kind == tokenEnd || t.pos > cursor:
			return token{kind: tokenWord, pos: cursor, end: cursor}
		case t.kind >= tokenAnd && cursor <= t.end:
			return t
		}
	}
}

// completer gathers what fits the prefix.
type completer struct {
	snap     *Snapshot
	prefix   string // in lower case
	from, to int
	found    []Completion
}

func (c *completer) full() bool { return len(c.found) >= maxCompletions }

func (c *completer) add(text, help string) {
	if !c.full() {
		c.found = append(c.found, Completion{text, help, c.from, c.to})
	}
}

// value offers a value that starts with the prefix, once.
func (c *completer) value(text, help string) {
	if len(text) < len(c.prefix) || !foldPrefix(text, c.prefix) {
		return
	}
	if hasGlob(text) || !plainValue(text) {
		var b strings.Builder
		writeQuoted(&b, text)
		text = b.String()
	}
	if !slices.ContainsFunc(c.found, func(o Completion) bool { return o.Text == text }) {
		c.add(text, help)
	}
}

func (c *completer) flags(before string) {
	for i := range flagFields {
		if f := &flagFields[i]; strings.HasPrefix(f.name, c.prefix) {
			c.add(before+f.name, f.help)
		}
	}
}

func (c *completer) values(f *field) {
	switch {
	case f.kind == kindFlag:
		c.flags("")
	case f.enum != nil:
		for _, name := range f.enum.names {
			if name != "" {
				c.value(name, "")
			}
		}
	case c.snap != nil:
		c.seen(f)
	}
	if len(c.found) == 0 && c.prefix == "" {
		c.add(f.eg, f.help)
	}
}

// seen offers values that stand in the snapshot.
func (c *completer) seen(f *field) {
	switch f.name {
	case "method":
		c.methods()
	case "pid", "asker", "reader", "owner", "proc":
		c.eachProcess(func(p *Process) { c.value(strconv.Itoa(int(p.Info.PID)), p.Info.Comm) })
	case "ppid":
		c.eachProcess(func(p *Process) { c.value(strconv.Itoa(int(p.Info.PPID)), "") })
	case "comm":
		c.eachProcess(func(p *Process) { c.value(p.Info.Comm, "") })
	case "host":
		c.eachProcess(func(p *Process) { c.value(p.Info.Host, "") })
	case "session":
		c.eachConn((*ConnInfo).Label)
	case "url":
		c.eachConn((*ConnInfo).Endpoint)
	case "local":
		c.eachConn(func(o *ConnInfo) string { return o.Local })
	case "peer":
		c.eachConn(func(o *ConnInfo) string { return o.Peer })
	}
}

// methods offers those called most.
func (c *completer) methods() {
	all := make([]*Method, len(c.snap.Methods))
	for i := range all {
		all[i] = &c.snap.Methods[i]
	}
	slices.SortStableFunc(all, func(a, b *Method) int {
		switch {
		case a.Calls > b.Calls:
			return -1
		case a.Calls < b.Calls:
			return 1
		}
		return 0
	})
	for _, m := range all {
		c.value(c.snap.Name(m.Sym), fmt.Sprintf("%d calls", m.Calls))
	}
}

func (c *completer) eachProcess(f func(*Process)) {
	for i := 0; i < c.snap.Processes.Len() && !c.full(); i++ {
		if p := c.snap.Processes.At(i); p.Kept() {
			f(p)
		}
	}
}

func (c *completer) eachConn(get func(*ConnInfo) string) {
	for i := 0; i < c.snap.Sessions.Len() && !c.full(); i++ {
		if s := c.snap.Sessions.At(i); s.Serial != 0 && s.Conn != nil {
			if v := get(s.Conn); v != "" {
				c.value(v, "")
			}
		}
	}
}
