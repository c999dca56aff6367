package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/sessiontop/sessiontop/"

// The directions of the project: model is the domain and knows nobody, collector
// and ui know the model and not each other, the command wires them.
func TestImportsGoOneWay(t *testing.T) {
	for _, rule := range []struct {
		dir  string
		may  []string // prefixes of what non-test files may import besides the standard library
		what string
	}{
		{"model", nil, "the standard library alone"},
		{"model/ethereum", []string{module + "model", "github.com/ethereum/go-ethereum", "github.com/santhosh-tekuri/jsonschema"}, "model and go-ethereum"},
		{"collector", []string{module + "model", module + "collector", "!" + module + "ui", "!" + module + "cmd", "*"}, "anything but ui"},
		{"ui", []string{module + "model", module + "ui", "!" + module + "collector", "!" + module + "cmd", "*"}, "anything but collector"},
	} {
		for file, imports := range importsBelow(t, filepath.Join("..", "..", rule.dir)) {
			if rule.dir == "model" && strings.Contains(filepath.ToSlash(file), "model/ethereum/") {
				continue
			}
			for _, path := range imports {
				if !allowed(path, rule.may) {
					t.Errorf("%s imports %s: %s may import %s", file, path, rule.dir, rule.what)
				}
			}
		}
	}
}

// allowed says whether path is of the standard library or passes the list,
// where "!p" forbids a prefix and "*" stands for everything.
func allowed(path string, may []string) bool {
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true
	}
	for _, m := range may {
		if no, ok := strings.CutPrefix(m, "!"); ok && strings.HasPrefix(path, no) {
			return false
		}
		if m == "*" || strings.HasPrefix(path, m) {
			return true
		}
	}
	return false
}

func importsBelow(t *testing.T, root string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		out[path] = nil
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[path] = append(out[path], p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no Go files below %s", root)
	}
	return out
}
