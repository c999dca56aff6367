package web3py

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
)

// The logs of testdata were written by web3.py of the version in their names,
// in two forked children of a process that had called a node before.
var logs = []string{"5.31.4", "6.15.1", "6.20.4", "7.16.0", "7.16.0-healthy", "8.0.0"}

// Every request and every reply of a log becomes a line.
func TestRealLogs(t *testing.T) {
	for _, version := range logs {
		t.Run(version, func(t *testing.T) {
			log := foreigntest.Read(t, "web3.py-"+version+".log")
			if !Format().Sniff(log[:200]) {
				t.Error("not recognised")
			}
			lines, stats := foreigntest.Translate(t, Format(), foreign.Source{}, log, len(log))
			if stats.Bad > 0 || stats.Read != uint64(strings.Count(string(log), "\n")) {
				t.Errorf("stats: %+v", stats)
			}
			again := strings.Count(lines, `"ev":"send"`) - strings.Count(string(log), "Making request HTTP")
			if failed := strings.Count(lines, `"ev":"fail"`); again < 0 || again > failed {
				t.Errorf("%d requests too many, %d failed", again, failed)
			}
			if got, want := strings.Count(lines, `"ev":"recv"`), strings.Count(string(log), "Getting response HTTP"); got != want {
				t.Errorf("%d replies, want %d", got, want)
			}
			client := before7
			if version[0] > '6' {
				client = since7
			}
			if !strings.Contains(lines, `"client":"`+client+`"`) {
				t.Errorf("the client is not %s in %s", client, lines)
			}
		})
	}
}

func TestTranslation(t *testing.T) {
	at := "2026-11-23 04:57:15.053Z "
	log := func(lines ...string) string {
		return at + strings.Join(lines, "\n"+at) + "\n"
	}
	const (
		ask   = "DEBUG web3.providers.HTTPProvider: Making request HTTP. URI: http://n:8545, Method: "
		get   = "DEBUG web3.providers.HTTPProvider: Getting response HTTP. URI: http://n:8545, Method: "
		open  = "DEBUG urllib3.connectionpool: Starting new HTTP connection (1): n:8545"
		chain = `"msg":{"jsonrpc":"2.0","id":0,"method":"eth_chainId"}}`
	)
	for name, tc := range map[string]struct {
		log  string
		want []string // from "pid" on
	}{
		"a call": {log("7 "+ask+"eth_chainId", "7 "+get+"eth_chainId, Response: {'id': 0, 'result': '0x1'}"), []string{
			`"pid":7,"ev":"send","url":"http://n:8545","client":"web3.py",` + chain,
			`"pid":7,"ev":"recv","url":"http://n:8545","client":"web3.py","msg":{"id":0,"result":"0x1"}}`,
		}},
		"a connection that was inherited": {log("7 "+open, "7 "+ask+"eth_chainId", "7 "+get+"eth_chainId, Response: {'id': 0}",
			"8 "+ask+"eth_chainId", "8 "+get+"eth_chainId, Response: {'id': 0}"), []string{
			`"pid":7,"ev":"open","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py"}`,
			`"pid":7,"ev":"send","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py",` + chain,
			`"pid":7,"ev":"recv","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py","msg":{"id":0}}`,
			`"pid":8,"ev":"send","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py",` + chain,
			`"pid":8,"ev":"recv","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py","msg":{"id":0}}`,
		}},
		"a call without a reply": {log("7 9999999999 "+ask+"eth_chainId", "7 9999999999 "+ask+"eth_syncing",
			"7 9999999999 "+get+"eth_syncing, Response: {'id': 1}"), []string{
			`"pid":7,"ev":"send","url":"http://n:8545","client":"web3.py",` + chain,
			`"pid":7,"ev":"fail","url":"http://n:8545","client":"web3.py","err":"no reply is in the log","id":0}`,
			`"pid":7,"ev":"send","url":"http://n:8545","client":"web3.py","msg":{"jsonrpc":"2.0","id":1,"method":"eth_syncing"}}`,
			`"pid":7,"ev":"recv","url":"http://n:8545","client":"web3.py","msg":{"id":1}}`,
		}},
		"the next call opens a connection": {log("7 "+ask+"eth_chainId", "7 "+ask+"eth_syncing", "7 "+open,
			"7 "+get+"eth_syncing, Response: {'id': 1}"), []string{
			`"pid":7,"ev":"open","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py"}`,
			`"pid":7,"ev":"send","url":"http://n:8545","client":"web3.py",` + chain,
			`"pid":7,"ev":"fail","url":"http://n:8545","client":"web3.py","err":"no reply is in the log","id":0}`,
			`"pid":7,"ev":"send","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py","msg":{"jsonrpc":"2.0","id":1,"method":"eth_syncing"}}`,
			`"pid":7,"ev":"recv","sess":"n:8545#1 of 7","opener":7,"url":"http://n:8545","client":"web3.py","msg":{"id":1}}`,
		}},
		"in flight at the end":        {log("7 " + ask + "eth_chainId"), []string{`"pid":7,"ev":"send","url":"http://n:8545","client":"web3.py",` + chain}},
		"a reply from before the log": {log("7 " + get + "eth_chainId, Response: {'id': 5}"), nil},
		"a reply that was cut off": {log("7 "+ask+"eth_chainId", "7 "+get+"eth_chainId, Response: {'id': 0, 're"), []string{
			`"pid":7,"ev":"send","url":"http://n:8545","client":"web3.py",` + chain,
			`"pid":7,"ev":"fail","url":"http://n:8545","client":"web3.py","err":"the reply in the log cannot be read","id":0}`,
		}},
		"other lines": {log("7 INFO app: hello", "7 INFO app: Successfully connected to: the database", "7 DEBUG websockets.client: > PING '' [0 bytes]",
			"7 DEBUG web3.providers.AsyncHTTPProvider: Successfully disconnected from: http://n:8545"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			lines, _ := foreigntest.Translate(t, Format(), foreign.Source{}, []byte(tc.log), 10)
			var got []string
			for line := range strings.Lines(lines) {
				got = append(got, strings.TrimSpace(line[strings.Index(line, `"pid"`):]))
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for log, why := range map[string]string{
		"DEBUG Making request HTTP. URI: http://n, Method: a\n":                           "no time",
		"2026-11-23 04:57:15,053 Making request HTTP. URI: http://n, Method: a\n":         "no process id",
		"2026-11-23 04:57:15,053 7 Getting response HTTP. URI: http://n, Method: a, Resp": "no method or no response",
	} {
		_, stats := foreigntest.Translate(t, Format(), foreign.Source{}, []byte(log), 10)
		if stats.Bad != 1 || !strings.HasPrefix(stats.BadReason, why) {
			t.Errorf("%s: %+v", log, stats)
		}
	}
}

// However many calls are in flight and processes there are, few are held.
func TestBounds(t *testing.T) {
	for _, tc := range []struct {
		processes, uri int
	}{{maxProcesses + 100, 1}, {2 * maxHeld / maxText, maxText - 20}} {
		var b strings.Builder
		for i := range tc.processes {
			fmt.Fprintf(&b, "2026-11-23 04:57:15,053 %d Making request HTTP. URI: http://n/%s, Method: a\n", i+2, strings.Repeat("x", tc.uri))
		}
		log := []byte(b.String())
		lines := &strings.Builder{}
		tr := Format().New(foreign.NewLines(lines), foreign.Source{})
		if _, err := tr.Write(log); err != nil {
			t.Fatal(err)
		}
		if lines.Len() == 0 {
			t.Errorf("%+v: all are held", tc)
		}
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(lines.String(), `"ev":"send"`); got != tc.processes {
			t.Errorf("%+v: %d calls", tc, got)
		}
	}
}

func FuzzTranslator(f *testing.F) {
	foreigntest.Fuzz(f, Format(), foreigntest.Read(f, "web3.py-6.15.1.log")[:1500], foreigntest.Read(f, "web3.py-7.16.0.log")[:1500],
		foreigntest.Read(f, "web3.py-6.20.4-persistent.log")[1300:4000], foreigntest.Read(f, "web3.py-7.16.0-websocket.log")[200:3000],
		[]byte("2026-11-23 04:57:15,053 7 Making batch request HTTP\n2026-11-23 04:57:15,053 7 Resetting dropped connection: n\n"))
}
