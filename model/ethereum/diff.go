package ethereum

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

const (
	maxDifferences = 100
	maxShown       = 200 // bytes of a value
)

// diff lists where two JSON texts differ, in order of their paths.
func diff(got, want []byte) ([]Difference, error) {
	var v verifier
	a, err := decodeAny(got)
	if err != nil {
		return nil, err
	}
	b, err := decodeAny(want)
	if err != nil {
		return nil, err
	}
	v.diff("", a, b)
	return v.found, nil
}

func decodeAny(text []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return v, d.Decode(&v)
}

func (v *verifier) diff(field string, got, want any) {
	if len(v.found) >= maxDifferences {
		return
	}
	switch g := got.(type) {
	case map[string]any:
		if w, ok := want.(map[string]any); ok {
			v.diffMembers(field, g, w)
			return
		}
	case []any:
		if w, ok := want.([]any); ok && len(w) == len(g) {
			for i := range g {
				v.diff(at(field, i), g[i], w[i])
			}
			return
		}
	case string:
		if w, ok := want.(string); ok && canonicalHex(g) == canonicalHex(w) {
			return
		}
	default:
		if _, ok := want.([]any); !ok && !isObject(want) && got == want {
			return
		}
	}
	v.found = append(v.found, Difference{field, shown(got), shown(want)})
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// diffMembers compares the members of two objects. One that is absent is as
// good as null.
func (v *verifier) diffMembers(field string, got, want map[string]any) {
	names := slices.Collect(maps.Keys(got))
	for n := range want {
		if _, ok := got[n]; !ok {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		v.diff(dot(field, n), got[n], want[n])
	}
}

// shown is a value in short.
func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	if len(text) > maxShown {
		text = append(text[:maxShown], "…"...)
	}
	return string(text)
}
