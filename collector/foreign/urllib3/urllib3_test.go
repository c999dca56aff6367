package urllib3_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/urllib3"
)

const (
	opens   = " DEBUG urllib3.connectionpool: Starting new HTTP connection (1): 127.0.0.1:8545"
	opensS  = " DEBUG urllib3.connectionpool: Starting new HTTPS connection (1): node:443"
	resets  = " DEBUG urllib3.connectionpool: Resetting dropped connection: 127.0.0.1"
	request = ` DEBUG urllib3.connectionpool: http://127.0.0.1:8545 "POST / HTTP/1.1" 200 43`
	secure  = ` DEBUG urllib3.connectionpool: https://node:443 "POST /v3/key HTTP/1.1" 200 43`
)

func TestConnections(t *testing.T) {
	const parent, sibling = `"sess":"127.0.0.1:8545#1 of 7","opener":7,`, `"sess":"127.0.0.1:8545#1 of 8","opener":8,`
	const url, rest = `"url":"http://127.0.0.1:8545",`, `"client":"urllib3","part":true}`
	for name, tc := range map[string]struct{ log, want []string }{
		"its own": {[]string{"7" + opens, "7" + request}, []string{
			`"pid":7,"ev":"open",` + parent + url + `"client":"urllib3"}`,
			`"pid":7,"ev":"send",` + parent + url + rest,
		}},
		"inherited": {[]string{"7" + opens, "7" + request, "8" + request, "9" + request}, []string{
			`"pid":7,"ev":"open",` + parent + url + `"client":"urllib3"}`,
			`"pid":7,"ev":"send",` + parent + url + rest,
			`"pid":8,"ev":"send",` + parent + url + rest,
			`"pid":9,"ev":"send",` + parent + url + rest,
		}},
		"a child that opens its own": {[]string{"7" + opens, "8" + opens, "8" + request, "9" + request}, []string{
			`"pid":7,"ev":"open",` + parent + url + `"client":"urllib3"}`,
			`"pid":8,"ev":"open",` + sibling + url + `"client":"urllib3"}`,
			`"pid":8,"ev":"send",` + sibling + url + rest,
			`"pid":9,"ev":"send",` + parent + url + rest,
		}},
		"dropped, and opened anew": {[]string{"7" + opens, "8" + resets, "8" + request}, []string{
			`"pid":7,"ev":"open",` + parent + url + `"client":"urllib3"}`,
			`"pid":8,"ev":"send",` + sibling + url + rest,
		}},
		"older than the log": {[]string{"7" + request, "8" + opens, "7" + request}, []string{
			`"pid":8,"ev":"open",` + sibling + url + `"client":"urllib3"}`,
		}},
		"another host": {[]string{"7" + opens, "8" + opensS, "8" + secure}, []string{
			`"pid":7,"ev":"open",` + parent + url + `"client":"urllib3"}`,
			`"pid":8,"ev":"open","sess":"node:443#1 of 8","opener":8,"url":"https://node:443","client":"urllib3"}`,
			`"pid":8,"ev":"send","sess":"node:443#1 of 8","opener":8,"url":"https://node:443",` + rest,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			log := "2026-11-23 04:57:15.053Z " + strings.Join(tc.log, "\n2026-11-23 04:57:15.054Z ")
			lines, stats := foreigntest.Translate(t, urllib3.Format(), foreign.Source{}, []byte(log), 64)
			var got []string
			for line := range strings.Lines(lines) {
				got = append(got, strings.TrimSpace(line[strings.Index(line, `"pid"`):]))
			}
			if d := cmp.Diff(tc.want, got); d != "" || stats.Bad > 0 {
				t.Errorf("%+v\n%s", stats, d)
			}
		})
	}
}

// TestManyHosts: what is remembered of one process is bounded, too; of a host that
// was forgotten, the connections are counted anew.
func TestManyHosts(t *testing.T) {
	var log strings.Builder
	for i := range 1<<15 + 1 {
		fmt.Fprintf(&log, "2026-11-23 04:57:15.053Z 7 DEBUG urllib3.connectionpool: Starting new HTTP connection (1): h%d:80\n", i)
	}
	log.WriteString("2026-11-23 04:57:15.054Z 7 DEBUG urllib3.connectionpool: Starting new HTTP connection (2): h0:80\n")
	lines, _ := foreigntest.Translate(t, urllib3.Format(), foreign.Source{}, []byte(log.String()), 1<<20)
	if n := strings.Count(lines, `"sess":"h0:80#1 of 7"`); n != 2 || strings.Contains(lines, `#2 of 7`) {
		t.Errorf("counted %d times from the beginning, want 2", n)
	}
}

func TestFind(t *testing.T) {
	for line, want := range map[string]int{
		"7" + opens: 32, "7" + resets: 32, "7" + request: 32, "7" + secure: 32,
		"":                                      -1,
		`GET http://x:1/ "GET / HTTP/1.1" 200`:  -1, // a web server's own line
		`http://x "POST / HTTP/1.1" 200`:        -1,
		`http http://x:1 "POST / HTTP/1.1" 200`: 5,
	} {
		if got := urllib3.Find([]byte(line)); got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
	}
}

func FuzzTranslator(f *testing.F) {
	at := "2026-11-23 04:57:15,053 "
	foreigntest.Fuzz(f, urllib3.Format(), []byte(at+"7"+opens+"\n"+at+"7"+request+"\n"+at+"8"+request+"\n"), []byte(at+"7"+resets+"\n"+at+"9"+secure))
}
