package model

import "strings"

// Filter is a compiled question to a row: does it match? One language serves
// every screen, the command line and exports:
//
//	filter = or ;
//	or     = and { "or" and } ;
//	and    = not { [ "and" ] not } ;
//	not    = { "-" | "not" } ( "(" or ")" | term ) ;
//	term   = word | field op value ;
//	op     = ":" | "=" | "!=" | "<" | "<=" | ">" | ">=" ;
//
// A word searches all text of a row; in quotes it may hold anything. A word
// that is a word of "is:" matches the rows of which that is true as well, so
// that -error leaves out both. Text is compared without regard to ASCII case;
// an unquoted * stands for any text and ? for one character, of the whole
// value. Without them ":" asks whether the value of session, local, peer, url
// and err contains the text, and of every other field whether it is the text;
// "=" is always the whole. "!=" is "not =". A comparison with a value that a
// row does not have is false.
//
// Units: us, ms, s, m, h, d of durations; k, M, G (powers of 1000) and Ki, Mi,
// Gi (of 1024) of numbers and sizes. A time is HH:MM[:SS[.fraction]] UTC, the
// last such time up to now (Query.Now); a date; RFC 3339; or -5m, before now. It
// stands for the whole minute, second or day that it names, so time:09:00 is
// that minute, and time:-5m the last five minutes.
//
// A row that has not got a field itself is asked by what it is related to, and
// one that matches is enough. A session: its processes, its kept calls, its
// findings. A call: its session, its asker and its reader, its finding. A
// process: the sessions that it is on, the kept calls that it asked or read,
// the findings that name it. A finding: its session, the processes and calls
// that it names. A method: its kept calls. Each term is asked by itself.
//
// A Filter is immutable and may be used from any goroutine.
type Filter struct{ root *node }

// FilterError is what is wrong with a filter's text, and where: Len bytes from
// byte Pos, both within the text.
type FilterError struct {
	Pos, Len int
	Msg      string // one line, no full stop
	Hint     string // what to try; may be empty
}

func (e *FilterError) Error() string {
	if e.Hint == "" {
		return e.Msg
	}
	return e.Msg + "; " + e.Hint
}

// All says that the filter matches every row.
func (f *Filter) All() bool { return f == nil || f.root == nil }

// String is the canonical text: parsing it gives the same filter and the same
// text again.
func (f *Filter) String() string {
	if f.All() {
		return ""
	}
	var b strings.Builder
	f.root.write(&b, nodeOr)
	return b.String()
}

// nodeOp is what a node does, in order of binding, the loosest first.
type nodeOp uint8

const (
	nodeOr nodeOp = iota
	nodeAnd
	nodeNot
	nodeTerm
)

// node is one node of the syntax tree. An "or" has no "or" among its kids, an
// "and" no "and", a "not" no "not".
type node struct {
	op   nodeOp
	kids []*node
	term *term // nodeTerm
}

// write appends n's canonical text, in parentheses where it binds looser than
// its place does.
func (n *node) write(b *strings.Builder, place nodeOp) {
	if n.op < place {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.op {
	case nodeTerm:
		n.term.write(b)
	case nodeNot:
		b.WriteByte('-')
		n.kids[0].write(b, nodeTerm)
	default:
		between := " "
		if n.op == nodeOr {
			between = " or "
		}
		for i, k := range n.kids {
			if i > 0 {
				b.WriteString(between)
			}
			k.write(b, n.op+1)
		}
	}
}

// term is one test of a row.
type term struct {
	field   *field // the field, the word of is:, or the search for a word
	also    *field // a bare word: the word of is: that it is as well, or nil
	op      op
	text    string // the value without quotes
	literal bool   // quoted, and that makes a difference: no wildcards, no word of is:
	value   value
}

func (t *term) write(b *strings.Builder) {
	plain := plainValue
	switch t.field.kind {
	case kindWord:
		plain = plainWord
	case kindFlag:
		b.WriteString("is")
		b.WriteString(t.op.String())
	default:
		b.WriteString(t.field.name)
		b.WriteString(t.op.String())
	}
	if t.literal || !plain(t.text) {
		writeQuoted(b, t.text)
		return
	}
	b.WriteString(t.text)
}

// op is how a field is compared with a value.
type op uint8

const (
	opHas op = iota // :
	opEQ
	opNE
	opLT
	opLE
	opGT
	opGE
)

func (o op) String() string { return [...]string{":", "=", "!=", "<", "<=", ">", ">="}[o] }

// node is the root of the tree, nil where all rows match.
func (f *Filter) node() *node {
	if f == nil {
		return nil
	}
	return f.root
}
