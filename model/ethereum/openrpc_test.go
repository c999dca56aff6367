package ethereum

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

func loadOpenRPC(t testing.TB, file string) *OpenRPC {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	o, err := LoadOpenRPC(f)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOpenRPCOfEthereum(t *testing.T) {
	o := loadOpenRPC(t, "testdata/openrpc.json")
	// With a tracer of its own debug_traceTransaction returns anything.
	if len(o.Methods()) != 86 || !slices.Equal(o.Unclear(), []string{"debug_traceTransaction"}) {
		t.Errorf("%d methods, unclear: %v", len(o.Methods()), o.Unclear())
	}
	for _, m := range o.Methods() {
		if !Known(m) {
			t.Errorf("%s is not in the table", m)
		}
	}
	for _, file := range []string{"pairs.jsonl", "examples.jsonl"} {
		for _, p := range pairs(t, file) {
			ask, reply := o.Ask(p.Ask.Method, nil), o.Reply(p.Reply.Result)
			if (ask.Kinds == 0) != slices.Contains(o.Unclear(), p.Ask.Method) || reply.Kinds == 0 {
				t.Errorf("%s: no opinion", p.Case)
			}
			if !ask.Fits(&reply) && !(file == "examples.jsonl" && mismade[p.Case]) {
				t.Errorf("%s: result is %v, method returns %v", p.Case, KindNames(reply.Kinds), KindNames(ask.Kinds))
			}
		}
	}
}

// TestTableAgreesWithOpenRPC holds the method table against the document: what
// the schemas of strings, numbers and null allow, the table must allow.
func TestTableAgreesWithOpenRPC(t *testing.T) {
	o, d := loadOpenRPC(t, "testdata/openrpc.json"), New()
	const simple = kindNull | kindBool | kindNumber | kindDecimal | address | word | kindShortEven | kindHexEmpty | kindMidEven | kindAddresses | kindWords
	for _, m := range o.Methods() {
		schema, table := o.Ask(m, nil).Kinds, d.Ask(m, nil).Kinds
		if missing := schema & simple &^ table; missing != 0 && !tighter[m] {
			t.Errorf("%s: the schema allows %v, the table does not", m, KindNames(missing))
		}
	}
}

// tighter are methods of whose schema the table takes less: the schema sets no
// bound to a number of at most 64 or 128 bits, or allows hashes in eth_getLogs.
var tighter = map[string]bool{
	"eth_blockNumber": true, "eth_baseFee": true, "eth_blobBaseFee": true, "eth_chainId": true, "eth_estimateGas": true, "eth_gasPrice": true,
	"eth_maxPriorityFeePerGas": true, "eth_getTransactionCount": true, "eth_getBlockTransactionCountByHash": true,
	"eth_getBlockTransactionCountByNumber": true, "eth_getUncleCountByBlockHash": true, "eth_getUncleCountByBlockNumber": true,
	"eth_getLogs": true, "eth_getFilterLogs": true,
}

func TestOpenRPCOfOthers(t *testing.T) {
	for _, c := range []struct {
		file, method string
		fits, not    []string
	}{
		{"lsp.json", "initialize", []string{`{"capabilities":{}}`, `{}`}, []string{`null`, `[]`, `true`, `"a"`, `1`}},
		{"lsp.json", "shutdown", []string{`null`}, []string{`{}`, `0`}},
		{"lsp.json", "textDocument/hover", []string{`null`, `{"contents":"a"}`}, []string{`[]`, `"a"`}},
		{"lsp.json", "textDocument/definition", []string{`null`, `{"uri":"a"}`, `[]`, `[{"uri":"a"}]`}, []string{`["a"]`, `1`, `[[1]]`}},
		{"lsp.json", "textDocument/foldingRange", []string{`[]`, `[{"startLine":1}]`, `null`}, []string{`[null,1]`, `{}`}},
		{"lsp.json", "workspace/symbolTree", []string{`{"children":[]}`, `[{"children":[]}]`}, []string{`"a"`, `null`}},
		{"lsp.json", "workspace/executeCommand", []string{`null`, `1`, `"a"`, `[]`, `{}`}, nil},
		{"lsp.json", "initialized", []string{`null`, `1`}, nil},
		{"mcp.json", "ping", []string{`{}`}, []string{`null`, `[]`, `"pong"`}},
		{"mcp.json", "tools/list", []string{`{"tools":[]}`}, []string{`[]`, `null`}},
		{"mcp.json", "logging/level", []string{`"debug"`, `"info"`}, []string{`7`, `null`, `"0x"`, `"12"`}},
		{"mcp.json", "progress/total", []string{`1`, `1.5`, `null`}, []string{`"1"`, `false`}},
		{"mcp.json", "resources/ids", []string{`[]`, `["a"]`, `["12"]`, `["0x1"]`, `["a","0x"]`}, []string{`[1]`, `[true]`, `{}`}},
		{"mcp.json", "sampling/enabled", []string{`true`}, []string{`"true"`, `1`}},
		{"mcp.json", "remote", []string{`null`, `1`}, nil},
		{"mcp.json", "nowhere", []string{`null`, `1`}, nil},
	} {
		o := loadOpenRPC(t, "testdata/"+c.file)
		ask := o.Ask(c.method, nil)
		for _, text := range c.fits {
			if r := o.Reply([]byte(text)); !ask.Fits(&r) {
				t.Errorf("%s: %s does not fit %v", c.method, text, KindNames(ask.Kinds))
			}
		}
		for _, text := range c.not {
			if r := o.Reply([]byte(text)); ask.Fits(&r) {
				t.Errorf("%s: %s fits %v", c.method, text, KindNames(ask.Kinds))
			}
		}
	}
}

func TestUnclearMethodsAreNamed(t *testing.T) {
	for file, want := range map[string][]string{
		"lsp.json": {"initialized", "workspace/executeCommand"}, "mcp.json": {"remote", "broken"},
	} {
		if got := loadOpenRPC(t, "testdata/"+file).Unclear(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", file, got)
		}
	}
}

func TestBadOpenRPC(t *testing.T) {
	for _, text := range []string{``, `[`, `{}`, `{"methods":{}}`, `{"methods":[]}`, `7`, `{"methods":[]} x`} {
		if _, err := LoadOpenRPC(strings.NewReader(text)); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", text, err)
		}
	}
	o, err := LoadOpenRPC(strings.NewReader(`{"methods":[7,null,{"name":5},{"$ref":"#/methods/3"},{"name":"a","result":{"$ref":"#/nowhere"}}]}`))
	if err != nil || !slices.Equal(o.Unclear(), []string{"a"}) {
		t.Errorf("%v, %v", o, err)
	}
}

// TestPatternsAllowWhatMatches generates strings and checks that none that a
// pattern matches is of a kind that the pattern rules out.
func TestPatternsAllowWhatMatches(t *testing.T) {
	for _, p := range []string{
		`^0x[0-9a-f]{40}$`, `^0x[0-9a-fA-F]{40}$`, `^0x[0-9a-f]{64}$`, `^0x[0-9a-f]*$`, `^0x[a-fA-F0-9]+$`, `^0x(0|[1-9a-f][0-9a-f]*)$`,
		`^0x(0|[1-9a-f][0-9a-f]{0,15})$`, `^0x([1-9a-f][0-9a-f]{0,31}|0)$`, `^0x[0-9a-f]{0,64}$`, `^0x[0-9a-f]{512}$`, `^(0|[1-9][0-9]*)$`,
		`^[0-9]*$`, `^[a-z]+$`, `^(?=lookahead)`, `x`, `^0x(ab)*$`,
	} {
		re, err := regexp.Compile(p)
		if err != nil {
			re = regexp.MustCompile(``)
		}
		allowed := patternKinds(p)
		for n := range 600 {
			for _, lead := range []string{"0", "a", "F", "1", ""} {
				for _, s := range []string{"0x" + lead + strings.Repeat("b", n), lead + strings.Repeat("7", n), "0x" + strings.Repeat("ab", n)} {
					if k := New().Reply([]byte(`"` + s + `"`)).Kinds; re.MatchString(s) && allowed&k == 0 {
						t.Fatalf("%s matches %s, which is %v", p, s, KindNames(k))
					}
				}
			}
		}
	}
	for p, not := range map[string]model.Kinds{
		`^0x[0-9a-f]{40}$`: word | quantity | kindText, `^0x(0|[1-9a-f][0-9a-f]{0,15})$`: word | address | kindMidOdd | kindText | kindHexEmpty,
		`^(0|[1-9][0-9]*)$`: anyHex, `^0x[0-9a-f]{130}$`: anyHex &^ kindSignature,
	} {
		if k := patternKinds(p) & not; k != 0 {
			t.Errorf("%s allows %v", p, KindNames(k))
		}
	}
}

func FuzzLoadOpenRPC(f *testing.F) {
	for _, file := range []string{"lsp.json", "mcp.json"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"methods":[{"name":"a","result":{"schema":{"$ref":"#/methods/0/result/schema"}}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		o, err := LoadOpenRPC(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, m := range o.Methods() {
			if o.Ask(m, nil).Kinds == 0 && !slices.Contains(o.Unclear(), m) {
				t.Errorf("%q: no opinion, yet not unclear", m)
			}
		}
	})
}
