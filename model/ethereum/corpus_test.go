package ethereum

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// pair is a request and the reply that a healthy node gave.
type pair struct {
	Case string
	Ask  struct {
		Method string
		Params json.RawMessage
	}
	Reply struct{ Result json.RawMessage }
}

// pairs reads those of a file that have a result.
func pairs(t testing.TB, file string) []pair {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all []pair
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var p pair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if p.Reply.Result != nil {
			all = append(all, p)
		}
	}
	if err := lines.Err(); err != nil || len(all) < 50 {
		t.Fatalf("%s: %d pairs, %v", file, len(all), err)
	}
	return all
}

func result(t testing.TB, all []pair, name string) []byte {
	t.Helper()
	for _, p := range all {
		if p.Case == name {
			return p.Reply.Result
		}
	}
	t.Fatalf("no case %s", name)
	return nil
}

// mismade are examples of the document whose parameters and result were taken
// from different blocks, or whose hash lacks a digit.
var mismade = map[string]bool{
	"eth_getLogs": true, "eth_getTransactionByBlockHashAndIndex": true, "eth_getTransactionByBlockNumberAndIndex": true,
	"eth_getTransactionReceipt": true, "eth_sendRawTransaction": true, "eth_sendTransaction": true,
}

func TestMismadeExamplesAreFound(t *testing.T) {
	d := New()
	for _, p := range pairs(t, "examples.jsonl") {
		ask, reply := d.Ask(p.Ask.Method, p.Ask.Params), d.Reply(p.Reply.Result)
		if mismade[p.Case] && ask.Fits(&reply) && ask.Echo(&reply) != model.EchoContradicts {
			t.Errorf("%s: not found", p.Case)
		}
	}
}

func TestHealthyPairsAreNeverFlagged(t *testing.T) {
	d := New()
	for _, file := range []string{"pairs.jsonl", "examples.jsonl"} {
		agreed := 0
		for _, p := range pairs(t, file) {
			if file == "examples.jsonl" && mismade[p.Case] {
				continue
			}
			if !Known(p.Ask.Method) {
				t.Errorf("%s: no such method in the table", p.Ask.Method)
			}
			ask, reply := d.Ask(p.Ask.Method, p.Ask.Params), d.Reply(p.Reply.Result)
			if reply.Kinds == 0 {
				t.Errorf("%s: no opinion on %.200s", p.Case, p.Reply.Result)
			}
			if !ask.Fits(&reply) {
				t.Errorf("%s: result is %v, method returns %v: %.200s", p.Case, KindNames(reply.Kinds), KindNames(ask.Kinds), p.Reply.Result)
			}
			switch ask.Echo(&reply) {
			case model.EchoContradicts:
				t.Errorf("%s: %+v contradicts %+v: %s -> %.200s", p.Case, reply, ask, p.Ask.Params, p.Reply.Result)
			case model.EchoAgrees:
				agreed++
			}
		}
		t.Logf("%s: the result names what was asked for in %d pairs", file, agreed)
		if agreed < 10 {
			t.Errorf("%s: only %d echoes", file, agreed)
		}
	}
}
