package strace_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/foreign"
	"github.com/sessiontop/sessiontop/collector/foreign/foreigntest"
	"github.com/sessiontop/sessiontop/collector/foreign/strace"
	"github.com/sessiontop/sessiontop/model"
)

const (
	ask1   = `{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\",\"params\":[]}`
	reply1 = `{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x\"}`
	header = `POST / HTTP/1.1\r\nContent-Length: 56\r\n\r\n`
	status = `HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n`
	tcp    = `3<TCP:[127.0.0.1:5->127.0.0.1:8545]>`
	ipc    = `3<UNIX-STREAM:[88211->88212]>`
)

// TestLines: what single lines of a trace mean.
func TestLines(t *testing.T) {
	tests := map[string]struct{ trace, want []string }{
		"unfinished": {
			[]string{
				`7 sendto(` + tcp + `, "` + header + ask1 + `", 95, 0, NULL, 0 <unfinished ...>`,
				`8 getpid( <unfinished ...>`, `8 <... getpid resumed>) = 8`,
				`7 <... sendto resumed>) = 95`,
				`7 recvfrom(` + tcp + `,  <unfinished ...>`, `8 --- SIGCHLD {si_signo=SIGCHLD} ---`,
				`7 <... recvfrom resumed>"` + status + reply1 + `", 8192, 0, NULL, NULL) = 77 <0.000012>`,
			},
			[]string{"A send 1", "A recv 1"},
		},
		"the end of a call whose beginning was not traced": {
			[]string{`7 <... recvfrom resumed>"` + status + reply1 + `", 8192, 0, NULL, NULL) = 77`}, nil,
		},
		"a process that ends within a call": {
			[]string{`7 sendto(` + tcp + `, "` + header + ask1 + `", 95, 0, NULL, 0 <unfinished ...>`, `7 <... sendto resumed>) = ?`, `7 +++ killed by SIGTERM +++`}, nil,
		},
		"part of a message written": {
			[]string{`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 39`, `7 write(` + tcp + `, "` + ask1 + `", 56) = 56`}, []string{"A send 1"},
		},
		"nothing written": {
			[]string{`7 write(` + tcp + `, "` + header + ask1 + `", 95) = -1 EAGAIN (Resource temporarily unavailable)`}, nil,
		},
		"the end of the connection": {
			[]string{`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `7 read(` + tcp + `, "", 8192) = 0`}, []string{"A send 1", "A fail"},
		},
		"a reply that the end of the connection ends": {
			[]string{
				`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `7 read(` + tcp + `, "HTTP/1.1 200 OK\r\n\r\n` + reply1 + `", 8192) = 57`,
				`7 read(` + tcp + `, "", 8192) = 0`,
			},
			[]string{"A send 1", "A recv 1", "A fail"},
		},
		"a reset": {
			[]string{`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `7 read(` + tcp + `, 0x7ffe, 8192) = -1 ECONNRESET (Connection reset by peer)`},
			[]string{"A send 1", "A fail"},
		},
		"a server": {
			[]string{
				`7 accept4(4<TCP:[88211]>, NULL, NULL, SOCK_CLOEXEC) = ` + tcp,
				`7 read(` + tcp + `, "` + header + ask1 + `", 8192) = 95`, `7 write(` + tcp + `, "` + status + reply1 + `", 77) = 77`,
			},
			nil,
		},
		"a server whose connection was there before": {
			[]string{`7 read(` + tcp + `, "` + header + ask1 + `", 8192) = 95`, `7 write(` + tcp + `, "` + status + reply1 + `", 77) = 77`}, nil,
		},
		"an IPC socket": {
			[]string{
				`7 socket(AF_UNIX, SOCK_STREAM, 0) = 3<UNIX-STREAM:[88211]>`,
				`7 connect(3<UNIX-STREAM:[88211]>, {sa_family=AF_UNIX, sun_path="/run/geth.ipc"}, 110) = 0`,
				`7 write(` + ipc + `, "` + ask1 + `\n", 57) = 57`, `8 read(` + ipc + `, "` + reply1 + `\n", 8192) = 39`,
			},
			[]string{"A open", "A send 1", "A recv 1"},
		},
		"IPv4 within IPv6": {
			[]string{
				`7 write(3<TCPv6:[[::ffff:127.0.0.1]:5->[::ffff:127.0.0.1]:8545]>, "` + header + ask1 + `", 95) = 95`,
				`7 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 1", "A recv 1"},
		},
		"a program": {
			[]string{
				`7 execve("/usr/bin/python3", ["python3", "worker.py"], 0x7ffd /* 20 vars */) = 0`,
				`7 vfork( <unfinished ...>`, `8 execve("/bin/true", ["true"], 0x55) = 0`, `7 <... vfork resumed>) = 8`,
				`8 exit_group(1) = ?`, `8 +++ exited with 1 +++`, `7 +++ killed by SIGSEGV (core dumped) +++`,
			},
			[]string{"A fork B", "B exit 1", "A exit -11"},
		},
		"no descriptor closed": {
			[]string{
				`7 write(0<TCP:[127.0.0.1:5->127.0.0.1:8545]>, "` + header + ask1 + `", 95) = 95`, `7 close(-1) = -1 EBADF (Bad file descriptor)`,
				`7 read(0<TCP:[127.0.0.1:5->127.0.0.1:8545]>, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 1", "A recv 1"},
		},
		"a descriptor used again": {
			[]string{
				`7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3`, `7 connect(3, {sa_family=AF_INET, sin_port=htons(8545), sin_addr=inet_addr("127.0.0.1")}, 16) = 0`,
				`7 close(3) = 0`, `7 write(3, "` + ask1 + `", 56) = 56`,
			},
			nil,
		},
		"sockets that nothing was seen of": {
			[]string{
				`7 write(3, "` + header + ask1 + `", 95) = 95`, `7 read(3, "` + status + reply1 + `", 8192) = 77`, // by an HTTP request
				`7 sendto(4, "` + ask1 + `", 56, 0, NULL, 0) = 56`, `7 recvfrom(4, "` + reply1 + `\n", 8192, 0, NULL, NULL) = 39`,
				`7 sendto(5, "` + ask1 + `", 56, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.1")}, 16) = 56`, // a datagram
				`7 write(6, "{\"msg\":` + ask1 + `}\n", 64) = 64`,                                                                       // a log
				`7 read(7, "` + reply1 + `", 8192) = 38`, `7 recvfrom(8, "", 8192, 0, NULL, NULL) = 0`,
			},
			[]string{"A send 1", "A recv 1", "A send 1", "A recv 1"},
		},
		"threads that strace has found running": {
			[]string{
				`8 close(9) = 0`, `7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[88211]>`, `7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`,
				`8 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`, `8 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`,
			},
			[]string{"A send 1", "A recv 1", "A send 1"},
		},
		"threads that use what there was": {
			[]string{
				`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `8 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
				`8 write(` + tcp + `, "` + header + `", 39) = 39`, `9 write(` + tcp + `, "` + ask1 + `", 56) = 56`, `7 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 1", "A recv 1", "A send 1", "A recv 1"},
		},
		"a process that reads what another asked before the trace": {
			[]string{
				`7 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
				`7 write(` + tcp + `, "` + header + strings.ReplaceAll(ask1, `:1,`, `:2,`) + `", 95) = 95`, `8 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 2", "B recv 1"},
		},
		"processes that ask at once": {
			[]string{
				`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `8 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`,
				`8 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`, `7 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 1", "B send 1", "B recv 1", "A recv 1"},
		},
		"processes that strace has found running": {
			[]string{
				`8 close(9) = 0`, `7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<TCP:[88211]>`, `7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`,
				`8 read(5<TCP:[127.0.0.1:5->127.0.0.1:8545]>, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 1", "B recv 1"},
		},
		"threads that signals tell": {
			[]string{
				`8 --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=7, si_uid=0} ---`, `9 tgkill(7, 9, SIGURG) = 0`, `10 getpid() = 7`,
				`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `8 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
				`9 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `10 read(` + tcp + `, "` + status + reply1 + `", 8192) = 77`,
			},
			[]string{"A send 1", "A recv 1", "A send 1", "A recv 1"},
		},
		"sockets of threads that nothing was seen of": {
			[]string{`8 close(9) = 0`, `7 sendto(4, "` + ask1 + `", 56, 0, NULL, 0) = 56`, `8 recvfrom(4, "` + reply1 + `\n", 8192, 0, NULL, NULL) = 39`},
			[]string{"2 bad"},
		},
		"no line of a trace": {
			[]string{`7 write(` + tcp + `, "` + header + ask1 + `", 95) = 95`, `Traceback (most recent call last):`, `7 write(` + tcp + `, "x`},
			[]string{"A send 1", "2 bad"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			trace := strings.Join(test.trace, "\n") + "\n"
			log, stats := translate(t, "", []byte(trace), len(trace))
			got := story(t, log)
			if stats.Bad > 0 {
				got = append(got, string(rune('0'+stats.Bad))+" bad")
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestConnection: a line names its connection by all that the trace shows.
func TestConnection(t *testing.T) {
	write := `, "` + header + ask1 + `", 95) = 95`
	opened := "7 socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3<TCPv6:[88211]>\n" +
		`7 connect(3<TCPv6:[88211]>, {sa_family=AF_INET6, sin6_port=htons(8545), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EINPROGRESS (Operation now in progress)` + "\n"
	for name, test := range map[string]struct {
		trace string
		want  model.ConnInfo
	}{
		"seen from its socket on": {
			opened + `7 write(3<TCPv6:[[::1]:5->[::1]:8545]>` + write,
			model.ConnInfo{Ino: 88211, Local: "[::1]:5", Peer: "[::1]:8545", Opener: 7, URL: "http://[::1]:8545"},
		},
		"seen later":            {`7 write(` + tcp + write, model.ConnInfo{Local: "127.0.0.1:5", Peer: "127.0.0.1:8545", URL: "http://127.0.0.1:8545"}},
		"without its addresses": {`7 write(3<socket:[88211]>` + write, model.ConnInfo{Ino: 88211, Local: "socket:[88211]", URL: "http://"}},
		"of a Unix socket": {
			`7 connect(3<UNIX-STREAM:[88211]>, {sa_family=AF_UNIX, sun_path=@"geth"}, 8) = 0` + "\n" + `7 write(` + ipc + write,
			model.ConnInfo{Ino: 88211, Local: "socket:[88211]", Peer: "@geth", Opener: 7, URL: "http://unix/@geth"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			log, _ := translate(t, "", []byte(test.trace), 10)
			out := decoded(t, log, model.NewInterner(1<<20))
			last := out.Events[len(out.Events)-1].Conn
			test.want.Key, test.want.Alias = last.Key, last.Alias
			if d := cmp.Diff(test.want, *last); d != "" || !last.Key.By.Wire() {
				t.Error(d, last.Key)
			}
		})
	}
}

// TestStamps: what the styles of time stamps mean.
func TestStamps(t *testing.T) {
	call := `write(` + tcp + `, "` + header + ask1 + `", 95) = 95` + "\n"
	for name, test := range map[string]struct {
		trace string
		want  []string
	}{
		"since the epoch":           {"7 1795411103.179601 " + call, []string{"2026-11-23T05:18:23.179601Z"}},
		"nanoseconds":               {"7 1795411103.179601234 " + call, []string{"2026-11-23T05:18:23.179601234Z"}},
		"seconds":                   {"7 1795411103 " + call, []string{"2026-11-23T05:18:23Z"}},
		"time of day":               {"7 05:18:23.179601 " + call, []string{"2026-11-23T05:18:23.179601Z"}},
		"time of the day before":    {"7 23:18:23 " + call, []string{"2026-11-22T23:18:23Z"}},
		"over midnight":             {"7 23:59:59.9 " + call + "7 00:00:00.1 " + call, []string{"2026-11-22T23:59:59.9Z", "2026-11-23T00:00:00.1Z"}},
		"absolute and relative":     {"7 05:18:23.1 (+     0.5) " + call, []string{"2026-11-23T05:18:23.1Z"}},
		"relative":                  {"7      0.000000 " + call + "7      0.5 " + call, []string{"2026-11-23T06:00:00Z", "2026-11-23T06:00:00.5Z"}},
		"none":                      {"7 " + call + "[pid     7] " + call, []string{"2026-11-23T06:00:00.000001Z", "2026-11-23T06:00:00.000002Z"}},
		"with the name of a thread": {"7<python3> 1795411103.5 " + call, []string{"2026-11-23T05:18:23.5Z"}},
	} {
		t.Run(name, func(t *testing.T) {
			log, _ := translate(t, "", []byte(test.trace), 10)
			out := decoded(t, log, model.NewInterner(1<<20))
			var got []string
			for i := range out.Events {
				got = append(got, time.Unix(0, out.Events[i].Time).UTC().Format(time.RFC3339Nano))
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestStampsAsTheClocksChange: a time of day is what the clock on the wall showed,
// also on a day that has 23 or 25 hours.
func TestStampsAsTheClocksChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	call := `write(` + tcp + `, "` + header + ask1 + `", 95) = 95` + "\n"
	trace := "7 01:59:59 " + call + "7 12:00:00 " + call
	for day, want := range map[time.Time][]string{
		time.Date(2026, 3, 29, 20, 0, 0, 0, berlin):  {"2026-03-29T01:59:59+01:00", "2026-03-29T12:00:00+02:00"},
		time.Date(2026, 10, 25, 20, 0, 0, 0, berlin): {"2026-10-25T01:59:59+02:00", "2026-10-25T12:00:00+01:00"},
	} {
		log, _ := foreigntest.Translate(t, strace.Format(), foreign.Source{Name: "trace.log", Modified: day}, []byte(trace), len(trace))
		out := decoded(t, []byte(log), model.NewInterner(1<<20))
		var got []string
		for i := range out.Events {
			got = append(got, time.Unix(0, out.Events[i].Time).In(berlin).Format(time.RFC3339))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}

// TestMoreProcessesThanAreKept: what is let go of because there are too many is
// told to be, and the trace is read on.
func TestMoreProcessesThanAreKept(t *testing.T) {
	const kept, last = 1 << 16, 200_000
	var trace strings.Builder
	for i := range kept {
		fmt.Fprintf(&trace, "%d 1795411103.5 close(9) = 0\n", last-2*i)
	}
	fmt.Fprintf(&trace, "%d 1795411104.5 getpid() = %d\n", last, last-1) // which was not seen before
	fmt.Fprintf(&trace, "%d 1795411105.5 write(%s, \"%s%s\", 95) = 95\n", last, tcp, header, ask1)
	log, stats := translate(t, "trace.log", []byte(trace.String()), 1<<20)
	if want := []string{"A send 1"}; !slices.Equal(story(t, log), want) || stats.Bad != 1 {
		t.Errorf("%+v, %q", stats, story(t, log))
	}
}

// TestFileOfOneProcess: of strace -ff, the file's name tells the process.
func TestFileOfOneProcess(t *testing.T) {
	call := `write(` + tcp + `, "` + header + ask1 + `", 95) = 95` + "\n"
	for name, want := range map[string]int32{"trace.4120": 4120, "trace.log": 1, "": 1, "trace.99999999": 1} {
		log, _ := translate(t, name, []byte(call), 10)
		out := decoded(t, log, model.NewInterner(1<<20))
		if len(out.Events) != 1 || out.Events[0].Proc.PID != want {
			t.Errorf("%s: %s", name, log)
		}
	}
}

func TestSniff(t *testing.T) {
	for _, not := range []string{
		"", "\n", "7 ", `{"v":1,"ts":1,"pid":7,"ev":"exit"}` + "\n", "2026-11-23 05:18:23 INFO call(1) = 2, 3\nx\n",
		"DEBUG:web3.providers.HTTPProvider:Making request HTTP. URI: http://x, Method: eth_call\n", "f(x) y\n", "GET / (x)\nA\n",
	} {
		if strace.Format().Sniff([]byte(not)) {
			t.Errorf("%q is taken for a trace", not)
		}
	}
	for _, is := range []string{
		"execve(\"/bin/true\", [\"true\"], 0x7ffd /* 20 vars */) = 0\n", "strace: Process 7 attached\n[pid     7] close(3) = 0\n", "7 <... read resumed>\n7 1795411103.5 close(3)  = 0\n",
	} {
		if !strace.Format().Sniff([]byte(is)) {
			t.Errorf("%q is not taken for a trace", is)
		}
	}
}

// FuzzTrace: whatever stands in a trace, every line written is one of a session
// log, and how the trace is cut makes no difference.
func FuzzTrace(f *testing.F) {
	for _, name := range []string{"yy", "fds", "xx", "stderr", "ns"} {
		for line := range strings.Lines(string(read(f, name+".strace"))) {
			f.Add([]byte(line), 3)
		}
	}
	torn := strings.SplitAfter(string(read(f, "torn.strace")), "\n")
	for i := 0; i+8 < len(torn); i += 8 {
		f.Add([]byte(strings.Join(torn[i:i+8], "")), 100)
	}
	f.Fuzz(func(t *testing.T, trace []byte, piece int) {
		log, stats := translate(t, "trace.7", trace, max(1, piece))
		out := decoded(t, log, model.NewInterner(1<<20))
		if stats.Written != uint64(len(out.Events)) || stats.Bad > 2*stats.Read+1 {
			t.Errorf("%d events, %+v", len(out.Events), stats)
		}
		if whole, _ := translate(t, "trace.7", trace, len(trace)+1); string(whole) != string(log) {
			t.Errorf("whole:\n%s\nin pieces of %d:\n%s", whole, piece, log)
		}
	})
}
