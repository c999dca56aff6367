package geth

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
)

func TestLine(t *testing.T) {
	local := func(year, month, day, ms int) int64 {
		return time.Date(year, time.Month(month), day, 4, 57, 15, ms*1e6, time.Local).UnixNano()
	}
	p := parser{modified: time.Date(2026, 11, 24, 0, 0, 0, 0, time.Local)}
	for line, want := range map[string]served{
		// geth 1.11.6, 1.17.8
		`DEBUG[11-23|04:57:15.058] Served eth_accounts                      conn=127.0.0.1:48782 reqid=0 duration="56.684µs"`:                          {time: local(2026, 11, 23, 58), conn: "127.0.0.1:48782", method: "eth_accounts", id: "0"},
		`WARN [11-23|04:57:15.199] Served personal_unlockAccount            conn=127.0.0.1:48782 reqid=1 duration=91.347668ms err="could not decrypt"`: {time: local(2026, 11, 23, 199), conn: "127.0.0.1:48782", method: "personal_unlockAccount", id: "1"},
		`{"t":"2026-11-23T04:57:40.633545879Z","lvl":"debug","msg":"Served eth_accounts","conn":"127.0.0.1:36012","reqid":"0","duration":"52.328µs"}`:  {time: 1795409860633545879, conn: "127.0.0.1:36012", method: "eth_accounts", id: "0"},
		// A string for an id, a year ago, a terminal's colours, a long method.
		`DEBUG[12-31|04:57:15.058] Served eth_accounts                      conn=[::1]:48782 reqid="\"a b\""`:                                    {time: local(2025, 12, 31, 58), conn: "[::1]:48782", method: "eth_accounts", id: `"a b"`},
		"\x1b[36mDEBUG\x1b[0m[11-23|04:57:15.058] Served eth_accounts                      \x1b[36mconn\x1b[0m=1.2.3.4:5 \x1b[36mreqid\x1b[0m=3": {time: local(2026, 11, 23, 58), conn: "1.2.3.4:5", method: "eth_accounts", id: "3"},
		`DEBUG[11-23|04:57:15.058] Served debug_traceTransactionWithALongName1 conn=1.2.3.4:5 reqid=3`:                                           {time: local(2026, 11, 23, 58), conn: "1.2.3.4:5", method: "debug_traceTransactionWithALongName1", id: "3"},
		`DEBUG[11-23|04:57:15.058] Served eth_accounts                      conn=127.0.0.1:48782 reqid="a b"`:                                    {time: local(2026, 11, 23, 58), conn: "127.0.0.1:48782", method: "eth_accounts", id: `"a b"`},
		// Erigon 2.60.8, and 3 by its source.
		`[INFO] [11-23|04:57:15.621] Served                                   conn=127.0.0.1:35120 t=8.064301ms method=eth_chainId reqid=0 params=[]`: {time: local(2026, 11, 23, 621), conn: "127.0.0.1:35120", method: "eth_chainId", id: "0"},
		`{"conn":"127.0.0.1:56906","lvl":"info","method":"eth_chainId","msg":"Served","params":"[]","reqid":"0","t":"156.071µs"}`:                     {conn: "127.0.0.1:56906", method: "eth_chainId", id: "0"},
		`[WARN] [11-23|04:57:15.058] [rpc] served                             conn=127.0.0.1:48782 method=eth_call reqid=7 err="x"`:                   {time: local(2026, 11, 23, 58), conn: "127.0.0.1:48782", method: "eth_call", id: "7", failed: true},
		`[INFO] [11-23|04:57:15.058] Served                                   conn=127.0.0.1:48782 method=eth_call reqid=7 params=[]`:                 {time: local(2026, 11, 23, 58), conn: "127.0.0.1:48782", method: "eth_call", id: "7"},
		`{"conn":"1.2.3.4:5","lvl":"warn","method":"eth_call","msg":"[rpc] served","reqid":7,"t":"2026-11-23T04:57:40Z"}`:                             {time: 1795409860000000000, conn: "1.2.3.4:5", method: "eth_call", id: "7", failed: true},
		// Others.
		`DEBUG[11-23|04:57:15.058] Served eth_subscription                  conn=127.0.0.1:48782 duration="5µs"`: {},
		`INFO [11-23|04:57:15.058] Preserved state                          conn=1 reqid=1`:                      {},
		`{"t":"2026-11-23T04:57:40Z","lvl":"info","msg":"Preserved"}`:                                            {},
		`Served eth_accounts conn=1 reqid=1`:                                                                     {},
	} {
		got, ok := p.line([]byte(line))
		if ok != (want != served{}) || ok && got != want {
			t.Errorf("%s\n got %+v, %v\nwant %+v", line, got, ok, want)
		}
	}
}

// told is the calls of a client that asked eth_chainId, a hundred milliseconds
// apart.
func told(calls ...foreign.Call) *foreign.Calls {
	c := foreign.NewCalls()
	for _, k := range calls {
		k.Method, k.Peer = "eth_chainId", "127.0.0.1:8545"
		k.Asked = time.Date(2026, 11, 23, 4, 57, 15, 0, time.UTC).UnixNano() + k.Asked*1e6
		k.Got = k.Asked + 5e6
		c.Add(k)
	}
	return c
}

func line(ms, id, conn string) string {
	return `{"t":"2026-11-23T04:57:15.` + ms + `Z","lvl":"debug","msg":"Served eth_chainId","conn":"127.0.0.1:` + conn + `","reqid":"` + id + `"}` + "\n"
}

// Who was on which connection is written when it is sure that the clocks agree.
func TestJoin(t *testing.T) {
	log := line("001", "0", "40001") + line("101", "1", "40001") + line("201", "1", "40001") + line("301", "2", "40002")
	of := func(n int) *foreign.Calls {
		return told([]foreign.Call{{PID: 7, ID: "0"}, {PID: 7, ID: "1", Asked: 100}, {PID: 8, ID: "1", Asked: 200}, {PID: 9, ID: "2", Asked: 300}}[:n]...)
	}
	for n, want := range map[int][]string{
		3: nil,
		4: {
			`"pid":7,"ev":"send","local":"127.0.0.1:40001","peer":"127.0.0.1:8545","part":true}`,
			`"pid":7,"ev":"send","local":"127.0.0.1:40001","peer":"127.0.0.1:8545","part":true}`,
			`"pid":8,"ev":"send","local":"127.0.0.1:40001","peer":"127.0.0.1:8545","part":true}`,
			`"pid":9,"ev":"send","local":"127.0.0.1:40002","peer":"127.0.0.1:8545","part":true}`,
		},
	} {
		lines, stats := foreigntest.Translate(t, Format(), foreign.Source{Calls: of(n)}, []byte(log), 50)
		var got []string
		for l := range strings.Lines(lines) {
			got = append(got, strings.TrimSpace(l[strings.Index(l, `"pid"`):]))
		}
		if d := cmp.Diff(want, got); d != "" || stats.Bad > 0 {
			t.Errorf("%d calls: %+v\n%s", n, stats, d)
		}
	}
}

func TestALogWithoutServedLines(t *testing.T) {
	log := "INFO [11-23|04:57:15.058] Starting Geth on Ethereum mainnet...\n"
	if !Format().Sniff([]byte(log)) {
		t.Error("not recognised")
	}
	_, stats := foreigntest.Translate(t, Format(), foreign.Source{}, []byte(log), 50)
	if stats.Bad != 1 || !strings.Contains(stats.BadReason, "--verbosity 4") {
		t.Errorf("%+v", stats)
	}
}

// Of a request that failed, Erigon has two lines; it is one call.
func TestErigonsFailures(t *testing.T) {
	log := foreigntest.Read(t, "erigon-2.60.8.log")
	at := time.Date(2026, 11, 23, 9, 11, 29, 620e6, time.Local).UnixNano()
	calls := foreign.NewCalls()
	for _, call := range []foreign.Call{
		{Method: "eth_chainId", ID: "0"}, {Method: "eth_blockNumber", ID: "1"}, {Method: "eth_fail", ID: "2"}, {Method: "eth_nothing", ID: "3"},
		{Method: "eth_chainId", ID: `"a b"`}, {Method: "eth_chainId", ID: "5"}, {Method: "eth_blockNumber", ID: "6"},
	} {
		call.PID, call.Peer, call.Asked, call.Got = 7, "127.0.0.1:8545", at, at+50e6
		calls.Add(call)
	}
	lines, stats := foreigntest.Translate(t, Format(), foreign.Source{Calls: calls, Modified: time.Unix(0, at)}, log, 100)
	if n := strings.Count(lines, `"pid":7,"ev":"send","local":"127.0.0.1:35120","peer":"127.0.0.1:8545"`); n != 7 || strings.Count(lines, "\n") != 7 || stats.Bad > 0 {
		t.Errorf("%d lines, %+v\n%s", n, stats, lines)
	}
	tr, again := translator{failed: map[string]served{}}, 0
	for line := range strings.Lines(string(log)) {
		if s, ok := tr.parser.line([]byte(strings.TrimSpace(line))); ok && tr.again(s) {
			again++
		}
	}
	if again != 2 {
		t.Errorf("%d lines are about a request again, want 2", again)
	}
	_, stats = foreigntest.Translate(t, Format(), foreign.Source{Calls: calls}, foreigntest.Read(t, "erigon-2.60.8.json.log"), 100)
	if stats.Bad != 9 || !strings.Contains(stats.BadReason, "without its time") {
		t.Errorf("%+v", stats)
	}
}

func TestRealLogs(t *testing.T) {
	for name, want := range map[string]int{
		"erigon-2.60.8.log": 9, "erigon-2.60.8.json.log": 9,
		"geth-1.11.6.log": 18, "geth-1.17.8.log": 14, "geth-1.17.8.json.log": 13,
	} {
		log := foreigntest.Read(t, name)
		if !Format().Sniff(log[:100]) && !Format().Sniff(log[:200]) {
			t.Errorf("%s is not recognised", name)
		}
		p, n := parser{modified: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}, 0
		for l := range strings.Lines(string(log)) {
			if _, ok := p.line([]byte(strings.TrimSpace(l))); ok {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: %d requests, want %d", name, n, want)
		}
	}
}

func FuzzTranslator(f *testing.F) {
	foreigntest.Fuzz(f, Format(), foreigntest.Read(f, "geth-1.11.6.log")[:500], foreigntest.Read(f, "geth-1.17.8.json.log")[:500],
		foreigntest.Read(f, "erigon-2.60.8.log")[:500], foreigntest.Read(f, "erigon-2.60.8.json.log")[:300])
}
