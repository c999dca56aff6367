//go:build unix

package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/model"
)

// chainLog is a folder with one call, of which the node at url says more.
func chainLog(t *testing.T, url string) string {
	dir := t.TempDir()
	text := `{"v":1,"ts":"2026-11-22T09:00:00.001Z","pid":4120,"comm":"worker","ev":"send","local":"127.0.0.1:51234","peer":"127.0.0.1:8545","url":"` + url +
		`","msg":{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}}
{"ts":"2026-11-22T09:00:00.002Z","pid":4120,"ev":"recv","local":"127.0.0.1:51234","peer":"127.0.0.1:8545","url":"` + url + `","msg":{"jsonrpc":"2.0","id":1,"result":"0x2"}}
`
	if err := os.WriteFile(filepath.Join(dir, "worker-4120.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTerminalVerify(t *testing.T) {
	node := &fakeNode{answers: map[string]string{"eth_chainId[]": `"0x539"`}, asked: map[string]int{}}
	server := httptest.NewServer(node)
	t.Cleanup(server.Close)
	for name, args := range map[string][]string{
		"the session's node": {chainLog(t, server.URL)},
		"another":            {"--verify", server.URL, chainLog(t, "http://node/v3/0123456789abcdef0123456789abcdef")},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, "sessiontop", args...)
			s.press("2")
			s.see("eth_chainId", "4120")
			s.press("jv")
			s.see("once more: eth_chainId")
			s.press("\r")
			s.see("is not what the node answers", `read "0x2", expected "0x539"`)
			s.press("qq") // any key closes the notice
			s.end(exitClean)
		})
	}
	t.Run("none that is known", func(t *testing.T) {
		s := start(t, "sessiontop", chainLog(t, "http://node/v3/0123456789abcdef0123456789abcdef"))
		s.press("2")
		s.see("eth_chainId", "4120")
		s.press("jv")
		s.see("once more: eth_chainId")
		s.press("\r")
		s.see("verify: the log holds the endpoint's URL without its secrets")
		s.press("q")
		s.end(exitClean)
	})
}

func TestTerminalExport(t *testing.T) {
	dir, logs := t.TempDir(), sickLogs(t)
	t.Chdir(dir)
	s := start(t, "sessiontop", logs)
	s.see("findings 3")
	for screen, want := range map[string]struct {
		key   string
		shown []string
		lines []string
	}{
		"sessions":  {"1", []string{"OWNER", "127.0.0.1:51234>"}, []string{`"sharers":[412`}},
		"calls":     {"2", []string{"ASK>READ", "eth_accounts"}, []string{`"method":"personal_unlockAccount"`, `"method":"eth_accounts"`}},
		"processes": {"3", []string{"INHERITS", "no exit seen"}, []string{`"findings":0`, `"mismatches":1,"findings":3`, `"mismatches":1,"findings":3`}},
		"findings":  {"4", []string{"CERTAINTY", "swapped-reply"}, []string{`{"finding":"`, `{"finding":"`, `{"finding":"`, `{"summary":`}},
		"methods":   {"5", []string{"P99", "eth_accounts"}, []string{`"method":`, `"method":`}},
	} {
		s.press(want.key)
		s.see(want.shown...)
		s.press("x")
		path := waitFor(t, filepath.Join(dir, "sessiontop-"+screen+"-*.jsonl"), len(want.lines))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			if i >= len(want.lines) || !strings.Contains(line, want.lines[i]) {
				t.Errorf("%s: line %d: %s", screen, i+1, line)
			}
		}
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", path, st.Mode(), err)
		}
	}
	s.press("q")
	s.end(exitClean)
}

// waitFor waits for a file with that many lines.
func waitFor(t *testing.T, pattern string, lines int) string {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			continue
		}
		if text, err := os.ReadFile(found[0]); err == nil && strings.Count(string(text), "\n") >= lines {
			return found[0]
		}
	}
	t.Fatalf("no file %s with %d lines", pattern, lines)
	return ""
}

func TestNodeOfSession(t *testing.T) {
	for _, c := range []struct {
		conn model.ConnInfo
		want string // or, with ! before it, a part of the error
	}{
		{model.ConnInfo{URL: "http://node:8545/"}, "http://node:8545/"},
		{model.ConnInfo{URL: "ws://node:8546", Peer: "10.0.0.1:8546"}, "ws://node:8546"},
		{model.ConnInfo{Peer: "127.0.0.1:8545"}, "http://127.0.0.1:8545"},
		{model.ConnInfo{Peer: "/run/geth.ipc"}, "/run/geth.ipc"},
		{model.ConnInfo{URL: "/run/geth.ipc"}, "/run/geth.ipc"},
		{model.ConnInfo{URL: "ipc:/run/geth.ipc"}, "/run/geth.ipc"},
		{model.ConnInfo{URL: "unix:///run/geth.ipc"}, "/run/geth.ipc"},
		{model.ConnInfo{URL: model.RedactURL("https://node/v3/0123456789abcdef0123456789abcdef")}, "!without its secrets"},
		{model.ConnInfo{URL: model.RedactURL("https://user:pass@node/")}, "!without its secrets"},
		{model.ConnInfo{URL: model.RedactURL("https://node/?apikey=0123456789abcdef0123456789abcdef")}, "!without its secrets"},
		{model.ConnInfo{URL: "https://node/v3/%3Credacted%3E"}, "!without its secrets"},
		{model.ConnInfo{URL: "stdio:gopls"}, "!no node"},
		{model.ConnInfo{Name: "pool-1"}, "!does not say where the node is"},
	} {
		got, err := nodeOf(&c.conn)
		if part, fails := strings.CutPrefix(c.want, "!"); fails {
			if err == nil || !strings.Contains(err.Error(), part) {
				t.Errorf("%+v: %q, %v; want an error with %q", c.conn, got, err, part)
			}
		} else if got != c.want || err != nil {
			t.Errorf("%+v: %q, %v; want %q", c.conn, got, err, c.want)
		}
	}
}
