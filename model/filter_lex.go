package model

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is what a token is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenOpen
	tokenShut
	tokenMinus
	tokenAnd
	tokenOr
	tokenNot
	tokenWord // text
	tokenTerm // field op text
)

// token is one piece of a filter's text. A bad one carries what is wrong with
// it, so that completion can go on where parsing has to stop.
type token struct {
	kind     tokenKind
	pos, end int // bytes from pos up to end
	field    *field
	op       op
	at       int // where the value starts, tokenTerm
	text     string
	quoted   bool
	bad      *FilterError
}

// lexer cuts a filter's text into tokens.
type lexer struct {
	src string
	i   int
}

func (l *lexer) next() token {
	l.space()
	t := token{pos: l.i}
	switch {
	case l.i == len(l.src):
	case l.src[l.i] == '(':
		t.kind, l.i = tokenOpen, l.i+1
	case l.src[l.i] == ')':
		t.kind, l.i = tokenShut, l.i+1
	case l.src[l.i] == '-':
		t.kind, l.i = tokenMinus, l.i+1
	case l.src[l.i] == '"':
		t.kind, t.quoted = tokenWord, true
		t.text, t.bad = l.quoted()
	default:
		l.word(&t)
	}
	t.end = l.i
	return t
}

// word reads what starts with neither a quote nor a sign.
func (l *lexer) word(t *token) {
	name := l.letters()
	f := fieldNamed(name)
	if op, n := l.operator(f); n > 0 {
		switch {
		case f != nil:
			t.kind, t.field, t.op = tokenTerm, f, op
			l.i += n
			l.value(t)
			return
		case name != "" && strings.HasPrefix(l.src[l.i:], "://"): // a URL
		case name != "":
			t.bad = unknownField(name, t.pos)
		default:
			t.bad = &FilterError{t.pos, n, "a comparison without a field", `write a field before it, or the text in quotes`}
		}
	}
	l.run()
	t.kind, t.text = tokenWord, l.src[t.pos:l.i]
	switch strings.ToLower(t.text) {
	case "and":
		t.kind = tokenAnd
	case "or":
		t.kind = tokenOr
	case "not":
		t.kind = tokenNot
	}
}

// operator finds the comparison that stands next and its length, 0 if none.
// After a field's name there may be spaces before it, which it steps over.
func (l *lexer) operator(f *field) (op, int) {
	rest := l.src[l.i:]
	if f != nil {
		if trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace); trimmed != rest {
			o, n := leadingOp(trimmed)
			if n > 0 && o != opHas {
				l.i += len(rest) - len(trimmed)
				return o, n
			}
			return 0, 0
		}
	}
	return leadingOp(rest)
}

func leadingOp(s string) (op, int) {
	for _, o := range [...]op{opNE, opLE, opGE, opHas, opEQ, opLT, opGT} { // the longer ones first
		if sign := o.String(); strings.HasPrefix(s, sign) {
			return o, len(sign)
		}
	}
	return 0, 0
}

// value reads the value of a field after its operator.
func (l *lexer) value(t *token) {
	op := l.i
	l.space()
	t.at = l.i
	if l.i < len(l.src) && l.src[l.i] == '"' {
		t.quoted = true
		t.text, t.bad = l.quoted()
		return
	}
	l.run()
	if t.text = l.src[t.at:l.i]; t.text == "" {
		l.i, t.at = op, op
		t.bad = &FilterError{t.pos, op - t.pos, "a value is missing after " + t.field.name + t.op.String(), t.field.example()}
	}
}

// quoted reads a text in quotes.
func (l *lexer) quoted() (string, *FilterError) {
	start := l.i
	var b strings.Builder
	for l.i++; l.i < len(l.src); l.i++ {
		switch c := l.src[l.i]; c {
		case '"':
			l.i++
			return b.String(), nil
		case '\\':
			if l.i+1 == len(l.src) {
				continue
			}
			l.i++
			b.WriteByte(unescaped(l.src[l.i]))
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), &FilterError{start, len(l.src) - start, `a quote is not closed`, `end the text with "`}
}

func unescaped(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// run goes to the end of an unquoted text.
func (l *lexer) run() {
	for l.i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[l.i:])
		if unicode.IsSpace(r) || r == '(' || r == ')' {
			return
		}
		l.i += n
	}
}

// letters reads ASCII letters.
func (l *lexer) letters() string {
	start := l.i
	for l.i < len(l.src) && (l.src[l.i]|0x20) >= 'a' && (l.src[l.i]|0x20) <= 'z' {
		l.i++
	}
	return l.src[start:l.i]
}

func (l *lexer) space() {
	rest := l.src[l.i:]
	l.i += len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
}

// plainWord says that s without quotes is read as the word s.
func plainWord(s string) bool {
	l := lexer{src: s}
	t := l.next()
	return t.kind == tokenWord && !t.quoted && t.bad == nil && t.pos == 0 && t.end == len(s) && fieldNamed(s) == nil
}

// plainValue says that s without quotes is read as the value s.
func plainValue(s string) bool {
	l := lexer{src: s}
	l.run()
	return s != "" && s[0] != '"' && l.i == len(s)
}

func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}
