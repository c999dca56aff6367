package ethereum

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/sessiontop/sessiontop/model"
)

// OpenRPC is the dialect that an OpenRPC document describes, of any JSON-RPC:
// what kinds of JSON its methods return. It demands no echo. Any goroutine may
// use it.
type OpenRPC struct {
	returns map[string]model.Kinds
	unclear []string
	replies *Dialect
}

var _ model.Dialect = (*OpenRPC)(nil)

// maxDocument is how long an OpenRPC document may be; Ethereum's has 3 MB.
const maxDocument = 64 << 20

// LoadOpenRPC reads an OpenRPC document (https://spec.open-rpc.org) with its
// result schemas in JSON Schema draft 7, or the draft that they name. Local
// references are followed, nothing is fetched. The error is that of a document
// that is no JSON or has no methods; a method whose result it does not
// determine is listed by Unclear and has no opinion.
func LoadOpenRPC(r io.Reader) (*OpenRPC, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("reading the OpenRPC document: %w", err)
	}
	if len(text) > maxDocument {
		return nil, fmt.Errorf("the OpenRPC document is longer than %d bytes", maxDocument)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	if err != nil {
		return nil, fmt.Errorf("the OpenRPC document is not JSON: %w", err)
	}
	methods, _ := pointed(document, "/methods").([]any)
	if len(methods) == 0 {
		return nil, errors.New("the OpenRPC document has no methods")
	}
	schemas, err := newSchemas(document)
	if err != nil {
		return nil, fmt.Errorf("the OpenRPC document: %w", err)
	}
	o := &OpenRPC{returns: make(map[string]model.Kinds, len(methods)), replies: New()}
	for i := range methods {
		o.add(document, schemas, fmt.Sprintf("/methods/%d", i))
	}
	return o, nil
}

// add takes in the method at the JSON pointer.
func (o *OpenRPC) add(document any, schemas *schemas, at string) {
	at = follow(document, at)
	name, ok := pointed(document, at+"/name").(string)
	if !ok {
		return
	}
	k := model.Kinds(0)
	if result := follow(document, at+"/result"); pointed(document, result+"/schema") != nil {
		k = schemas.kinds(result + "/schema")
	}
	if k == 0 || k == anyKind {
		o.unclear = append(o.unclear, name)
		k = 0
	}
	o.returns[name] = k
}

// Ask is what the method can return; nothing of one that the document does not
// have.
func (o *OpenRPC) Ask(method string, _ []byte) model.Fingerprint {
	return model.Fingerprint{Kinds: o.returns[method]}
}

// Reply is what the result could be.
func (o *OpenRPC) Reply(result []byte) model.Fingerprint {
	return model.Fingerprint{Kinds: o.replies.Reply(result).Kinds}
}

// Methods lists the methods of the document in order of their names.
func (o *OpenRPC) Methods() []string {
	names := make([]string, 0, len(o.returns))
	for n := range o.returns {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Unclear lists the methods on whose results there is no opinion: their schema
// allows everything, cannot be read, or there is none.
func (o *OpenRPC) Unclear() []string { return slices.Clone(o.unclear) }

// pointed is the value at a JSON pointer, nil where there is none.
func pointed(v any, pointer string) any {
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			var i int
			if json.Unmarshal([]byte(part), &i) != nil || i < 0 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

// maxReferences is how long a chain of references may be.
const maxReferences = 16

// follow goes along local references from the pointer to what is meant.
func follow(document any, pointer string) string {
	for range maxReferences {
		ref, ok := pointed(document, pointer+"/$ref").(string)
		if !ok || !strings.HasPrefix(ref, "#/") {
			break
		}
		pointer = ref[1:]
	}
	return pointer
}
