package ethereum

import (
	"encoding/json"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sessiontop/sessiontop/model"
)

// schemas compiles the JSON Schemas of a document.
type schemas struct{ compiler *jsonschema.Compiler }

const documentURL = "openrpc:///document"

func newSchemas(document any) (*schemas, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	c.UseLoader(noLoader{})
	c.UseRegexpEngine(keepPattern)
	return &schemas{c}, c.AddResource(documentURL, document)
}

// noLoader refuses whatever is not in the document.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is not in the document", url)
}

// pattern is a regular expression of any flavour, kept as text: nothing is
// matched with it.
type pattern string

func keepPattern(s string) (jsonschema.Regexp, error) { return pattern(s), nil }

func (pattern) MatchString(string) bool { return true }
func (p pattern) String() string        { return string(p) }

// kinds is what the schema at the JSON pointer allows; everything, where it
// cannot be compiled.
func (s *schemas) kinds(pointer string) model.Kinds {
	compiled, err := s.compiler.Compile(documentURL + "#" + pointer)
	if err != nil {
		return anyKind
	}
	return schemaKinds(compiled, 0)
}

// maxSchemaDepth ends schemas that contain themselves.
const maxSchemaDepth = 24

const (
	anyHex = anyBytes | bigQuantity

	lists = kindLogs | kindReceipts | kindTxs | kindSimulated | kindParityTraces | kindReplays | kindTxTraces | kindPeers | kindObjects
)

// schemaKinds is the kinds of the values that the schema allows, or more:
// what it does not look at (not, if, formats, members, lengths) restricts
// further.
func schemaKinds(s *jsonschema.Schema, depth int) model.Kinds {
	if s == nil || depth > maxSchemaDepth || s.Bool != nil {
		return anyKind
	}
	k := anyKind
	if s.Ref != nil {
		k &= schemaKinds(s.Ref, depth+1)
	}
	if s.Types != nil && !s.Types.IsEmpty() {
		k &= typeKinds(s.Types.ToStrings())
	}
	if s.Const != nil {
		k &= valueKinds(*s.Const)
	}
	if s.Enum != nil {
		k &= valueKinds(s.Enum.Values...)
	}
	if s.Pattern != nil {
		k &= ^anyString | patternKinds(s.Pattern.String())
	}
	if items := itemsOf(s); items != nil {
		k &= ^anyArray | arrayKinds(schemaKinds(items, depth+1))
	}
	for _, all := range s.AllOf {
		k &= schemaKinds(all, depth+1)
	}
	for _, any := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
		if len(any) > 0 {
			k &= unionKinds(any, depth)
		}
	}
	return k
}

func unionKinds(any []*jsonschema.Schema, depth int) (k model.Kinds) {
	for _, s := range any {
		k |= schemaKinds(s, depth+1)
	}
	return k
}

func typeKinds(types []string) (k model.Kinds) {
	for _, t := range types {
		k |= map[string]model.Kinds{"null": kindNull, "boolean": kindBool, "number": kindNumber, "integer": kindNumber,
			"string": anyString, "array": anyArray, "object": anyObject}[t]
	}
	return k
}

// valueKinds is the kinds of values that stand in the schema itself.
func valueKinds(values ...any) (k model.Kinds) {
	d := New()
	for _, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			return anyKind
		}
		f := d.Reply(text)
		k |= f.Kinds
	}
	return k
}

// itemsOf is the one schema of all elements, nil where there is none: items is
// nothing, a list or, since draft 2020, beside prefixItems.
func itemsOf(s *jsonschema.Schema) *jsonschema.Schema {
	if len(s.PrefixItems) > 0 {
		return nil
	}
	if s.Items2020 != nil {
		return s.Items2020
	}
	items, _ := s.Items.(*jsonschema.Schema)
	return items
}

// arrayKinds is the kinds of arrays of elements of those kinds.
func arrayKinds(e model.Kinds) model.Kinds {
	k := kindEmptyArray
	for _, m := range [...]struct{ element, array model.Kinds }{
		{kindNull, kindNulls}, {kindBool, kindBools}, {kindNumber, kindNumbers}, {anyArray, kindArrays}, {anyObject, lists},
		{address, kindAddresses}, {word, kindWords}, {kindText | kindDecimal, kindTexts},
		{anyHex &^ address &^ word, kindHexes},
	} {
		if e&m.element != 0 {
			k |= m.array
		}
	}
	if e&address != 0 && e&word != 0 {
		k |= kindHexes
	}
	return k
}
