package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// fakeNode answers what it is told to, and remembers what it was asked.
type fakeNode struct {
	mu      sync.Mutex
	answers map[string]string // by method and parameters
	asked   map[string]int    // by method
}

type nodeKey struct{}

// cmdNode starts a node with the answers in a file, a line each: method,
// parameters and result. $NODE is its URL.
//
//	node answers.txt
func cmdNode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: node file")
	}
	n := &fakeNode{answers: map[string]string{}, asked: map[string]int{}}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		f := strings.Fields(line)
		if len(f) != 3 {
			ts.Fatalf("%q is no method, parameters and result", line)
		}
		n.answers[f[0]+f[1]] = f[2]
	}
	server := httptest.NewServer(n)
	ts.Defer(server.Close)
	ts.Setenv("NODE", server.URL)
	*ts.Value(nodeKey{}).(**fakeNode) = n
}

// cmdAsked says how often the node was asked a method since it was last said.
//
//	asked eth_getBalance 2
func cmdAsked(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: asked method times")
	}
	n := *ts.Value(nodeKey{}).(**fakeNode)
	n.mu.Lock()
	defer n.mu.Unlock()
	if got := fmt.Sprint(n.asked[args[0]]); got != args[1] {
		ts.Fatalf("%s was asked %s times, want %s", args[0], got, args[1])
	}
	delete(n.asked, args[0])
}

func (n *fakeNode) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		ID     json.RawMessage
		Method string
		Params json.RawMessage
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked[ask.Method]++
	w.Header().Set("Content-Type", "application/json")
	if answer, ok := n.answers[ask.Method+string(ask.Params)]; ok {
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, ask.ID, answer)
		return
	}
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32000,"message":"header not found"}}`, ask.ID)
}
