package ethereum

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// value is a JSON value in the plainest form: the reference that Reply is held
// against works on it, slowly and by other means.
type value struct {
	kind     byte // n b 0 " [ {
	text     string
	names    []string
	children []value
}

func parse(text []byte) (value, bool) {
	if !json.Valid(text) {
		return value{}, false
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	return parseNext(d), true
}

func parseNext(d *json.Decoder) value {
	token, err := d.Token()
	if err != nil {
		panic(err)
	}
	switch t := token.(type) {
	case nil:
		return value{kind: 'n'}
	case bool:
		return value{kind: 'b', text: map[bool]string{true: "true", false: "false"}[t]}
	case json.Number:
		return value{kind: '0', text: t.String()}
	case string:
		return value{kind: '"', text: t}
	}
	v := value{kind: byte(token.(json.Delim))}
	for d.More() {
		if v.kind == '{' {
			name, _ := d.Token()
			v.names = append(v.names, name.(string))
		}
		v.children = append(v.children, parseNext(d))
	}
	d.Token()
	return v
}

// last is the last member of that name.
func (v value) last(name string) value {
	for i := len(v.names) - 1; i >= 0; i-- {
		if v.names[i] == name {
			return v.children[i]
		}
	}
	return value{}
}

var (
	hexText     = regexp.MustCompile(`^0[xX]([0-9a-fA-F]*)$`)
	addressText = regexp.MustCompile(`^0[xX][0-9a-fA-F]{40}$`)
	wordText    = regexp.MustCompile(`^0[xX][0-9a-fA-F]{64}$`)
)

func (v value) fixed(form *regexp.Regexp) uint64 {
	if v.kind != '"' || !form.MatchString(v.text) {
		return 0
	}
	return model.Digest([]byte(strings.ToLower(v.text[2:])))
}

func (v value) number() uint64 {
	n, ok := new(big.Int), false
	switch {
	case v.kind == '"' && hexText.MatchString(v.text) && len(v.text) > 2:
		n, ok = n.SetString(v.text[2:], 16)
	case v.kind == '0' && len(v.text) <= 18:
		n, ok = n.SetString(v.text, 10)
	}
	if !ok || n.Sign() < 0 || strings.HasPrefix(v.text, "-") || !n.IsUint64() {
		return 0
	}
	return n.Uint64() + 1
}

// whole is Aux of a scalar.
func (v value) whole() uint64 {
	if v.kind != '"' || !hexText.MatchString(v.text) {
		return model.Digest([]byte(v.text))
	}
	d := strings.TrimLeft(strings.ToLower(v.text[2:]), "0")
	if len(d) > wordDigits {
		return hexDigest([]byte(d))
	}
	return model.Digest([]byte(d))
}

// referenceReply is Reply done plainly.
func referenceReply(v value) model.Fingerprint {
	switch v.kind {
	case 'n':
		return model.Fingerprint{Kinds: kindNull}
	case 'b':
		return model.Fingerprint{Kinds: kindBool, Aux: v.whole()}
	case '0':
		return model.Fingerprint{Kinds: kindNumber, Aux: v.whole()}
	case '{':
		f, _ := referenceObject(v, 0)
		return f
	case '[':
		return referenceArray(v)
	}
	f := model.Fingerprint{Kinds: referenceString(v.text), Aux: v.whole(), Tx: v.fixed(wordText), Addr: v.fixed(addressText)}
	if len(v.text) <= 18 && hexText.MatchString(v.text) {
		f.Lo = v.number()
		f.Hi = f.Lo
	}
	return f
}

// referenceString is the kind of a string by the patterns of kinds.go.
func referenceString(s string) model.Kinds {
	for _, p := range [...]struct {
		pattern string
		kind    model.Kinds
	}{
		{`^0x$`, kindHexEmpty}, {`^0x.(..){0,7}$`, kindShortOdd}, {`^0x(..){1,8}$`, kindShortEven},
		{`^0x0.{39}$`, kindAddress0}, {`^0x.{40}$`, kindAddress}, {`^0x0.{63}$`, kindWord0}, {`^0x.{64}$`, kindWord},
		{`^0x.{130}$`, kindSignature}, {`^0x0.(..){8,30}$`, kindZeroBytes},
		{`^0x.(..){8,15}$`, kindMidOdd}, {`^0x(..){9,16}$`, kindMidEven},
		{`^0x.(..){16,31}$`, kindLongOdd}, {`^0x(..){17,31}$`, kindLongEven}, {`^0x(..){32}(..)+$`, kindBytes},
	} {
		if low := strings.ToLower(s); hexText.MatchString(s) && regexp.MustCompile(p.pattern).MatchString(low) {
			return p.kind
		}
	}
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return kindDecimal
	}
	return kindText
}

func referenceArray(v value) model.Fingerprint {
	f := model.Fingerprint{Kinds: kindEmptyArray}
	if len(v.children) == 0 {
		return f
	}
	var elements []model.Fingerprint
	kinds := map[model.Kinds]bool{}
	texts, hexes, others := 0, map[int]bool{}, false
	for _, e := range v.children {
		switch e.kind {
		case '{':
			p, s := referenceObject(e, 1)
			kinds[listed(s)] = true
			elements = append(elements, p)
		case '"':
			if hexText.MatchString(e.text) {
				hexes[len(e.text)] = true
			} else {
				texts++
			}
		case '[':
			kinds[kindArrays] = true
		case 'b':
			kinds[kindBools] = true
		case '0':
			kinds[kindNumbers] = true
		case 'n':
			others = true
		}
	}
	switch {
	case texts > 0:
		kinds[kindTexts] = true
	case len(hexes) == 1 && hexes[addressDigits+2]:
		kinds[kindAddresses] = true
	case len(hexes) == 1 && hexes[wordDigits+2]:
		kinds[kindWords] = true
	case len(hexes) > 0:
		kinds[kindHexes] = true
	case len(kinds) == 0 && others:
		kinds[kindNulls] = true
	}
	f = referenceJoin(elements)
	for k := range kinds {
		f.Kinds |= k
	}
	return f
}

func referenceJoin(elements []model.Fingerprint) (f model.Fingerprint) {
	if len(elements) == 0 {
		return f
	}
	f = elements[0]
	f.Kinds, f.Aux = 0, 0
	for _, e := range elements {
		if e.Lo != 0 && (f.Lo == 0 || e.Lo < f.Lo) {
			f.Lo = e.Lo
		}
		if e.Hi > f.Hi {
			f.Hi = e.Hi
		}
		for _, p := range []struct{ all, one *uint64 }{{&f.Block, &e.Block}, {&f.Tx, &e.Tx}, {&f.Addr, &e.Addr}} {
			if *p.all != *p.one {
				*p.all = 0
			}
		}
	}
	return f
}

func referenceObject(v value, depth int) (model.Fingerprint, shape) {
	var seen member
	addresses := 0
	for _, n := range v.names {
		seen |= memberOf([]byte(n))
		if addressText.MatchString(n) {
			addresses++
		}
	}
	s := shapeOf(seen)
	if len(v.names) == 0 {
		s = shapeEmpty
	} else if addresses == len(v.names) {
		s = shapeAddressMap
	}
	f := model.Fingerprint{Kinds: alone[s]}
	switch s {
	case shapeBlock, shapeHeader:
		f.Block, f.Lo = v.last("hash").fixed(wordText), v.last("number").number()
		if k := referenceTransactions(v.last("transactions")); s == shapeBlock && k != 0 {
			f.Kinds = k
		}
	case shapeTx:
		f.Tx, f.Addr = v.last("hash").fixed(wordText), v.last("from").fixed(addressText)
		f.Block, f.Lo = v.last("blockHash").fixed(wordText), v.last("blockNumber").number()
		if i := v.last("transactionIndex"); i.kind == '"' && hexText.MatchString(i.text) && len(i.text) > 2 {
			f.Aux = i.whole()
		}
	case shapeReceipt, shapeParityTrace, shapeLog:
		f.Tx, f.Block, f.Lo = v.last("transactionHash").fixed(wordText), v.last("blockHash").fixed(wordText), v.last("blockNumber").number()
		if s == shapeLog {
			f.Addr = v.last("address").fixed(addressText)
		}
	case shapeReplay:
		f.Tx = v.last("transactionHash").fixed(wordText)
	case shapeProof:
		f.Addr = v.last("address").fixed(addressText)
	case shapeAddressMap:
		if len(v.names) == 1 {
			f.Addr = (value{kind: '"', text: v.names[0]}).fixed(addressText)
		}
	case shapeFeeHistory:
		f.Lo = v.last("oldestBlock").number()
	case shapePool:
		f.Kinds = referencePool(v)
	case shapePayloadStatus:
		if st := v.last("status"); st.kind == '"' && st.text == "VALID" {
			f.Block = v.last("latestValidHash").fixed(wordText)
		}
	case shapeForkchoice, shapeWrapped:
		f.Block, f.Lo = referenceInner(v, depth)
	}
	f.Hi = f.Lo
	return f, s
}

// referenceInner is what the last of the objects that may hold a block names.
func referenceInner(v value, depth int) (block, lo uint64) {
	for i, n := range v.names {
		if (n == "block" || n == "fullblock" || n == "payloadStatus") && v.children[i].kind == '{' && depth < nesting {
			f, _ := referenceObject(v.children[i], depth+1)
			block, lo = f.Block, f.Lo
		}
	}
	return block, lo
}

func referenceTransactions(v value) model.Kinds {
	if v.kind != '[' {
		return 0
	}
	if len(v.children) == 0 {
		return kindBlockBare
	}
	return map[byte]model.Kinds{'"': kindBlockHashes, '{': kindBlockBodies}[v.children[0].kind]
}

func referencePool(v value) model.Kinds {
	var k model.Kinds
	for i, n := range v.names {
		if n == "pending" || n == "queued" {
			k = joinPool(k, referencePoolSide(v.children[i]))
		}
	}
	if k == 0 {
		return alone[shapePool]
	}
	return k
}

func referencePoolSide(v value) model.Kinds {
	switch {
	case v.kind == '"' || v.kind == '0':
		return kindPoolStatus
	case v.kind != '{':
		return 0
	case len(v.children) == 0:
		return kindPoolContent | kindPoolInspect
	case v.children[0].kind == '"':
		return kindPoolInspect
	case len(v.names[0]) != addressDigits+2:
		return kindPoolContent
	case v.children[0].kind == '{':
		inner := v.children[0]
		if len(inner.children) == 0 {
			return kindPoolContent | kindPoolInspect
		}
		if inner.children[0].kind == '"' {
			return kindPoolInspect
		}
		return kindPoolContent
	case v.children[0].kind == '0':
		return kindPoolStatus
	}
	return 0
}
