package har_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/har"
)

// brief is what a line says, in short.
func brief(t *testing.T, line string) string {
	t.Helper()
	var r struct {
		PID             int
		Host, Ev, Sess  string
		Local, URL, Err string
		Status          int
		Msg             json.RawMessage
	}
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	msg := string(r.Msg)
	return strings.TrimSpace(fmt.Sprintln(r.PID, r.Ev, r.Sess+r.Local, r.URL, r.Status, r.Err, msg[:min(len(msg), 40)]))
}

func translate(t *testing.T, log []byte, size int) ([]string, foreign.Stats) {
	t.Helper()
	lines, stats := foreigntest.Translate(t, har.Format(), foreign.Source{Name: "a.har"}, log, size)
	var got []string
	for line := range strings.Lines(lines) {
		got = append(got, brief(t, line))
	}
	return got, stats
}

// one is an archive with one entry.
func one(entry string) string {
	return `{"log":{"creator":{"name":"x{[\"}"},"pages":[{"entries":[{}]}],"entries":[{"startedDateTime":"2026-11-23T05:42:29.861Z","time":2.5,` + entry + `}]}}`
}

const asked = `"request":{"url":"http://n/","postData":{"text":"{\"id\":1,\"method\":\"eth_chainId\",\"params\":[]}"}}`

func TestEntries(t *testing.T) {
	const send = `1 send  http://n/ 0  {"id":1,"method":"eth_chainId","params":`
	for name, tc := range map[string]struct {
		entry string
		want  []string
	}{
		"base64":         {asked + `,"response":{"status":200,"content":{"text":"eyJpZCI6MX0=","encoding":"base64"}}`, []string{send, `1 recv  http://n/ 200  {"id":1}`}},
		"no JSON":        {asked + `,"response":{"status":502,"content":{"text":"<html>"}}`, []string{send, `1 recv  http://n/ 502`}},
		"no body":        {asked + `,"response":{"status":200,"content":{"size":99}}`, []string{send, `1 fail  http://n/ 0 the archive does not have the response's body`}},
		"no response":    {asked + `,"response":{"status":0}`, []string{send, `1 fail  http://n/ 0 no response`}},
		"Chrome's error": {asked + `,"response":{"status":0,"_error":"net::ERR_TIMED_OUT"}`, []string{send, `1 fail  http://n/ 0 net::ERR_TIMED_OUT`}},
		"a connection": {asked + `,"connection":"51234","response":{"status":200,"content":{"text":"{\"id\":1}"}}`, []string{
			`1 send connection 51234 to n http://n/ 0  {"id":1,"method":"eth_chainId","params":`, `1 recv connection 51234 to n http://n/ 200  {"id":1}`}},
		"the server's port": {asked + `,"connection":"80","response":{"status":200,"content":{"text":"{\"id\":1}"}}`, []string{
			send, `1 recv  http://n/ 200  {"id":1}`}},
		"cut": {asked + `,"response":{"status":200,"content":{"size":99,"text":"{\"id\":1,\"res"}}`, []string{
			send, `1 fail  http://n/ 0 the archive has only the beginning of the response's body`}},
		"this program's own": {asked + `,"_pid":7,"_readerPid":8,"_session":"1.2.3.4:5>6.7.8.9:10","response":{"status":200,"content":{"text":"{\"id\":1}"}}`, []string{
			`7 send 1.2.3.4:5 http://n/ 0  {"id":1,"method":"eth_chainId","params":`, `8 recv 1.2.3.4:5 http://n/ 200  {"id":1}`}},
		"no JSON-RPC":    {`"request":{"url":"http://n/","postData":{"text":"{\"method\":\"card\"}"}},"response":{}`, nil},
		"another socket": {`"request":{"url":"ws://n/"},"_webSocketMessages":[{"type":"send","data":"{\"hello\":1}"}]`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, stats := translate(t, []byte(one(tc.entry)), 7)
			if d := cmp.Diff(tc.want, got); d != "" || stats.Bad > 0 || stats.Read != 1 {
				t.Errorf("%+v\n%s", stats, d)
			}
		})
	}
}

// Events come out in order of time, though an entry has its end at once.
func TestOrder(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"log":{"entries":[`)
	start := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)
	for i := range 50 {
		fmt.Fprintf(&b, `%s{"startedDateTime":"%s","time":%d,%s,"response":{"status":200,"content":{"text":"{}"}}}`,
			[]string{",", ""}[min(1, max(0, 1-i))], start.Add(time.Duration(i)*time.Second).Format(time.RFC3339), 10_000-i*150, asked)
	}
	b.WriteString("]}}")
	lines, _ := foreigntest.Translate(t, har.Format(), foreign.Source{}, []byte(b.String()), 100)
	last := ""
	for line := range strings.Lines(lines) {
		ts := line[strings.Index(line, `"ts":"`)+6:]
		ts, _, _ = strings.Cut(strings.TrimSuffix(ts[:strings.IndexByte(ts, '"')], "Z"), "\"")
		if !strings.Contains(ts, ".") {
			ts += "."
		}
		if ts < last {
			t.Fatalf("%s after %s", ts, last)
		}
		last = ts
	}
	if n := strings.Count(lines, "\n"); n != 100 {
		t.Errorf("%d lines", n)
	}
}

// Firefox keeps 1 MiB of a reply, and what 153 has beyond it is none of its bytes.
func TestFirefoxKeepsOneMiB(t *testing.T) {
	for reply, want := range map[string]string{
		`"size":1048577,"text":"{\"id\":1,\u0000"`:   "1 fail  http://n/ 0 the archive has only the beginning of the response's body",
		`"size":1048577,"text":"{\"id\":1}"`:         `1 recv  http://n/ 200  {"id":1}`,
		`"size":5,"text":"{\"id\":1,\u0000"`:         `1 recv  http://n/ 200`,
		`"size":1048577,"comment":"bodies left out"`: "1 fail  http://n/ 0 the archive does not have the response's body",
	} {
		log := `{"log":{"creator":{"name":"Firefox","version":"153.7.0"},"entries":[{"startedDateTime":"2026-11-23T05:42:29.861+01:00",` +
			asked + `,"response":{"status":200,"content":{` + reply + `}}}]}}`
		got, stats := translate(t, []byte(log), 50)
		if len(got) != 2 || stats.Bad > 0 {
			t.Fatalf("%+v %q", stats, got)
		}
		if d := cmp.Diff(want, got[1]); d != "" {
			t.Errorf("%s\n%s", reply, d)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for log, why := range map[string]string{
		`{"log":{}}`:                           "no HTTP Archive",
		`not even JSON`:                        "no HTTP Archive",
		`{"log":{"entries":[{"time":1}`:        "an entry without startedDateTime",
		`{"log":{"entries":[{"time":`:          "an entry without its end",
		`{"log":{"entries":[{"time":"x"}]}}`:   "an entry that cannot be read",
		`{"log":{"entries":[{"request":{]}]}}`: "an entry that cannot be read",
		one(asked + `,"response":{"content":{"text":"!","encoding":"base64"}}`):  "a response body that cannot be read",
		one(`"request":{"postData":{"text":"[{\"jsonrpc\":\"2.0\",\"id\":1,"}}`): "a JSON-RPC request whose body is not whole",
	} {
		_, stats := translate(t, []byte(log), 3)
		if stats.Bad != 1 || !strings.HasPrefix(stats.BadReason, why) {
			t.Errorf("%s: %+v", log, stats)
		}
	}
}

func FuzzTranslator(f *testing.F) {
	foreigntest.Fuzz(f, har.Format(), []byte(one(asked+`,"connection":"1","response":{"status":200,"content":{"text":"{}"}}`)),
		[]byte(one(`"request":{"url":"ws://n/"},"_webSocketMessages":[{"type":"send","time":1795412533.0046978,"opcode":1,"data":"{\"id\":1,\"method\":\"m\",\"params\":[]}"}]`)))
}
