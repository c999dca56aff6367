package model

const (
	maxFilter  = 4096 // bytes of a filter's text
	maxNesting = 64   // parentheses and signs within each other
)

// ParseFilter reads a filter; an empty text matches all. The error is a
// *FilterError.
func ParseFilter(text string) (*Filter, error) {
	if len(text) > maxFilter {
		return nil, &FilterError{maxFilter, len(text) - maxFilter, "the filter is longer than 4096 bytes", ""}
	}
	p := parser{lex: lexer{src: text}}
	p.step()
	if p.tok.kind == tokenEnd {
		return &Filter{}, nil
	}
	root, err := p.or(0)
	if err == nil && p.tok.kind != tokenEnd {
		err = &FilterError{p.tok.pos, 1, "this parenthesis closes nothing", "remove it, or open one before it"}
	}
	if err != nil {
		return nil, err
	}
	return &Filter{root}, nil
}

// parser is a recursive descent over the tokens, one token ahead.
type parser struct {
	lex lexer
	tok token
}

func (p *parser) step() { p.tok = p.lex.next() }

func (p *parser) or(depth int) (*node, *FilterError) {
	var all []*node
	for {
		n, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		if p.tok.kind != tokenOr {
			return join(nodeOr, all), nil
		}
		p.step()
	}
}

func (p *parser) and(depth int) (*node, *FilterError) {
	var all []*node
	for {
		n, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		switch p.tok.kind {
		case tokenAnd:
			p.step()
		case tokenOr, tokenShut, tokenEnd:
			return join(nodeAnd, all), nil
		}
	}
}

func (p *parser) not(depth int) (*node, *FilterError) {
	if depth >= maxNesting {
		return nil, &FilterError{p.tok.pos, p.tok.end - p.tok.pos, "nested too deeply", ""}
	}
	t := p.tok
	switch t.kind {
	case tokenMinus, tokenNot:
		p.step()
		if t.kind == tokenMinus && p.tok.pos != t.end {
			return nil, &FilterError{t.pos, 1, "nothing follows the minus", `write -word, or "-" to search for it`}
		}
		n, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		if n.op == nodeNot {
			return n.kids[0], nil
		}
		return &node{op: nodeNot, kids: []*node{n}}, nil
	case tokenOpen:
		return p.parens(depth)
	case tokenWord, tokenTerm:
		n, err := newTerm(t)
		p.step()
		return n, err
	case tokenEnd:
		return nil, &FilterError{t.pos, 0, "the filter ends where a term is wanted", "write a word or field:value here"}
	}
	word := p.lex.src[t.pos:t.end]
	return nil, &FilterError{t.pos, t.end - t.pos, "a term is wanted before " + word, "write " + `"` + word + `" in quotes to search for it`}
}

func (p *parser) parens(depth int) (*node, *FilterError) {
	open := p.tok
	p.step()
	n, err := p.or(depth + 1)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokenShut {
		return nil, &FilterError{open.pos, 1, "this parenthesis is not closed", "close it with )"}
	}
	p.step()
	return n, nil
}

// join makes one node of all, taking up the kids of those with the same op.
func join(o nodeOp, all []*node) *node {
	if len(all) == 1 {
		return all[0]
	}
	joined := &node{op: o}
	for _, n := range all {
		if n.op == o {
			joined.kids = append(joined.kids, n.kids...)
		} else {
			joined.kids = append(joined.kids, n)
		}
	}
	return joined
}

// newTerm makes a term of a word, or of a field with its value.
func newTerm(tok token) (*node, *FilterError) {
	if tok.bad != nil {
		return nil, tok.bad
	}
	t := &term{field: tok.field, op: tok.op, text: tok.text}
	if tok.kind == tokenWord {
		t.field = &wordField
		if t.also = flagNamed(tok.text); tok.quoted {
			t.literal = t.also != nil || hasGlob(tok.text)
			t.also = nil
		}
		t.value.text = newText(tok.text, t.literal, true)
		return &node{op: nodeTerm, term: t}, nil
	}
	t.literal = tok.quoted && hasGlob(tok.text)
	if err := t.parseValue(); err != nil {
		err.Pos, err.Len = tok.at, tok.end-tok.at
		return nil, err
	}
	return &node{op: nodeTerm, term: t}, nil
}
