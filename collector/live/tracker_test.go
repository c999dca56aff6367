package live

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sessiontop/sessiontop/collector/record"
	"github.com/sessiontop/sessiontop/collector/wire"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// ring builds samples as the kernel would.
type ring struct {
	tracker *tracker
	records []record.Record
	ignored map[uint64]time.Duration
	now     int64
	sent    int64
	read    int64
}

func newRing() *ring {
	r := &ring{tracker: newTracker(), ignored: map[uint64]time.Duration{}, now: 1e9}
	r.tracker.write = func(rec record.Record) {
		rec.Msg, rec.Raw = slices.Clone(rec.Msg), slices.Clone(rec.Raw)
		r.records = append(r.records, rec)
	}
	r.tracker.ignore = func(cookie uint64, d time.Duration) { r.ignored[cookie] = d }
	return r
}

const cookie = 77

func (r *ring) take(s sample) {
	r.now += 1e6
	s.mono, s.cookie = r.now, cookie
	r.tracker.take(&s)
}

func (r *ring) connects(pid int32) {
	b := make([]byte, connectionSize)
	le := binary.LittleEndian
	le.PutUint64(b, 4242)
	le.PutUint64(b[8:], uint64(r.now))
	le.PutUint32(b[16:], uint32(pid))
	le.PutUint16(b[20:], afInet)
	le.PutUint16(b[22:], 51234)
	le.PutUint16(b[24:], 8545)
	copy(b[32:], []byte{127, 0, 0, 1})
	copy(b[48:], []byte{127, 0, 0, 1})
	r.take(sample{kind: sampleConnection, pid: pid, data: b})
}

// at is the flags of bytes at an offset.
func at(off int64) uint8 {
	if off == 0 {
		return hasOffset | first
	}
	return hasOffset
}

func (r *ring) sends(pid int32, data string) {
	r.take(sample{kind: sampleSent, pid: pid, tid: pid, flags: at(r.sent), off: r.sent + 1, data: []byte(data)})
	r.sent += int64(len(data))
}

func (r *ring) reads(pid int32, data string) {
	r.take(sample{kind: sampleReceived, pid: pid, tid: pid, flags: at(r.read), off: r.read, data: []byte(data)})
	r.read += int64(len(data))
}

func (r *ring) forks(parent, child int32) {
	b := make([]byte, processSize)
	binary.LittleEndian.PutUint32(b[8:], uint32(parent))
	copy(b[16:], "worker")
	r.take(sample{kind: sampleForked, pid: child, data: b})
}

// heldBy is what the kernel lists where these processes hold a socket.
func heldBy(e endpoints, by ...int32) holdings {
	return holdings{e.conn.Cookie: {e, by}}
}

// said is the records in short.
func (r *ring) said() []string {
	var out []string
	for _, rec := range r.records {
		line := fmt.Sprint(rec.Event, " ", rec.PID)
		if rec.HasOff {
			line += fmt.Sprint(" @", rec.Off)
		}
		if rec.Part {
			line += " part"
		}
		if rec.Rest {
			line += " rest"
		}
		if rec.Child != 0 {
			line += fmt.Sprint(" ", rec.Child)
		}
		if rec.N != 0 {
			line += fmt.Sprint(" n=", rec.N)
		}
		out = append(out, strings.TrimSpace(line+" "+string(rec.Msg)+string(rec.Raw)))
	}
	return out
}

func (r *ring) want(t *testing.T, want ...string) {
	t.Helper()
	if got := r.said(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const (
	call  = `{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}`
	reply = `{"jsonrpc":"2.0","id":1,"result":"0x1"}`
)

func post(body string) string {
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func answer(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func TestOneProcess(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.sends(10, post(call))
	r.reads(10, answer(reply))
	r.take(sample{kind: sampleClosed})
	r.want(t, "open 10", "send 10 "+call, "recv 10 "+reply, "close 10")
	if c := r.records[1]; c.Local != "127.0.0.1:51234" || c.Peer != "127.0.0.1:8545" || c.Ino != 4242 || c.Cookie != cookie || c.URL != "http://127.0.0.1:8545" || c.Opener != 10 {
		t.Errorf("%+v", c)
	}
}

// What the requests call their client stands in every record of the connection.
func TestClientIsNamed(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.sends(10, strings.Replace(post(call), "\r\n\r\n", "\r\nUser-Agent: web3.py/6.20.4/<class 'web3.providers.rpc.HTTPProvider'>\r\n\r\n", 1))
	r.reads(10, answer(reply))
	r.take(sample{kind: sampleClosed})
	r.want(t, "open 10", "send 10 "+call, "recv 10 "+reply, "close 10")
	for _, rec := range r.records {
		if rec.Client != "web3.py/6.20.4" {
			t.Errorf("%s: client %q", rec.Event, rec.Client)
		}
	}
}

func TestTornByTwo(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.sends(10, post(call))
	r.forks(10, 11)
	head, body := answer(reply)[:len(answer(reply))-10], reply[len(reply)-10:]
	r.reads(11, head[:len(head)-3]) // in two reads
	r.reads(11, head[len(head)-3:])
	r.reads(10, body)
	r.reads(10, answer(reply))
	r.want(t, "open 10", "send 10 "+call, "fork 10 11",
		"recv 11 @0 part "+reply[:len(reply)-10], fmt.Sprint("recv 10 @", len(head), " part rest ", body),
		fmt.Sprint("recv 10 @", len(head)+len(body), " ", reply))
}

// TestTornSecret: the part of a passphrase that one of two processes has written
// is no more told than the other.
func TestTornSecret(t *testing.T) {
	r := newRing()
	r.tracker.redact = ethereum.Redact
	r.connects(10)
	r.forks(10, 11)
	request := post(`{"jsonrpc":"2.0","id":1,"method":"personal_unlockAccount","params":["0x7e5f","a long passphrase",30]}`)
	for _, cut := range []int{strings.Index(request, "0x7e"), strings.Index(request, "phrase")} {
		r.sends(10, request[:cut])
		r.sends(11, request[cut:])
		r.reads(10, answer(reply))
	}
	if got := strings.Join(r.said(), "\n"); strings.Contains(got, "phrase") || strings.Count(got, "<redacted>") != 4 {
		t.Error(got)
	}
}

// TestReadAfterReset: what came before a reset is read, and told, after it.
func TestReadAfterReset(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.sends(10, post(call))
	r.take(sample{kind: sampleClosed})
	r.reads(10, answer(reply))
	r.want(t, "open 10", "send 10 "+call, "close 10", "recv 10 "+reply)
	r.tracker.flush(r.now + int64(time.Minute))
	if n := len(r.tracker.conns); n != 0 {
		t.Errorf("%d connections are remembered", n)
	}
}

// TestBodyFirst: watching begins between the header of a request and its body,
// whether or not the connection is told of before any byte flows.
func TestBodyFirst(t *testing.T) {
	for _, peerPort := range []uint16{9999, 8545} {
		r := newRing()
		e := endpoints{conn: record.Conn{Cookie: cookie, Local: "127.0.0.1:51234", Peer: "127.0.0.1:8545"}, localPort: 51234, peerPort: peerPort}
		r.tracker.known(heldBy(e, 10), r.now)
		var want []string
		if e.rpcLooking() {
			want = []string{"open 10", "lost 10"}
		}
		r.sent, r.read = 200, 100
		for _, request := range []string{call, post(call)} {
			r.sends(10, request)
			r.reads(10, answer(reply))
			r.tracker.flush(r.now + int64(time.Minute)) // nothing comes any more that is before it
		}
		r.want(t, append(want, "send 10 "+call, "recv 10 "+reply)...)
	}
}

// TestUpgrade: a connection of nobody knows whom becomes a WebSocket, and is one
// of its user alone.
func TestUpgrade(t *testing.T) {
	r := newRing()
	r.sends(10, post(call))
	r.reads(10, answer(reply))
	r.sends(10, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
	r.reads(10, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
	r.sends(10, string([]byte{0x81, 0x80 | byte(len(call)), 0, 0, 0, 0})+call)
	r.reads(10, string([]byte{0x81, byte(len(reply))})+reply)
	r.want(t, "send 10 "+call, "recv 10 "+reply, "close 10", "open 10", "lost 10", "send 10 "+call, "recv 10 "+reply)
}

func TestLostIsSaid(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.sends(10, post(call))
	r.reads(10, answer(reply))
	r.take(sample{kind: sampleSent, pid: 10, flags: hasOffset, off: r.sent + 1001, lost: 3, data: []byte(post(call))})
	r.tracker.flush(r.now + int64(time.Minute))
	r.want(t, "open 10", "send 10 "+call, "recv 10 "+reply, "lost 10 n=3", "send 10 "+call)
}

// TestTooLong: a reply that is passed over for its length is told as lost, on its
// connection.
func TestTooLong(t *testing.T) {
	r := newRing()
	r.tracker.asm = wire.New(wire.Options{MaxMessage: 1 << 10})
	r.connects(10)
	r.sends(10, post(call))
	long := answer(strings.Replace(reply, "0x1", strings.Repeat("1", 3<<10), 1))
	r.reads(10, long[:2<<10])
	r.reads(10, long[2<<10:])
	r.sends(10, post(call))
	r.reads(10, answer(reply))
	r.want(t, "open 10", "send 10 "+call, "lost 10 n=1", "send 10 "+call, "recv 10 "+reply)
	if n := r.tracker.stats.Incomplete; n != 1 {
		t.Errorf("%d messages are incomplete", n)
	}
}

func TestOfNoInterest(t *testing.T) {
	for name, talk := range map[string]func(*ring){
		"server": func(r *ring) { r.reads(10, post(call)) },
		"files":  func(r *ring) { r.sends(10, strings.Repeat("\x00\x01\x02\x03", maxIdle/4)) },
		"REST": func(r *ring) {
			for range maxForeign {
				r.sends(10, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
				r.reads(10, answer("hello"))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRing()
			r.connects(10)
			talk(r)
			r.want(t)
			if r.ignored[cookie] < firstPause {
				t.Errorf("it is not passed over: %v", r.ignored)
			}
		})
	}
}

// FuzzTake: whatever stands in the ring, nothing breaks, and what is not there
// is not told.
func FuzzTake(f *testing.F) {
	seed := func(kind sampleKind, data string) {
		b := make([]byte, headerSize, headerSize+len(data))
		b[0], b[1] = byte(kind), hasOffset
		binary.LittleEndian.PutUint32(b[4:], uint32(len(data)))
		f.Add(append(b, data...))
	}
	seed(sampleSent, post(call))
	seed(sampleReceived, answer(reply))
	seed(sampleConnection, strings.Repeat("\x01\x00\x02", connectionSize/2))
	seed(sampleForked, strings.Repeat("p", processSize))
	seed(sampleEncrypted, "")
	seed(sampleJoined, "")
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newRing()
		for range 3 {
			if s, ok := parseSample(b); ok {
				r.tracker.take(&s)
			}
			b = append(b, b...)
		}
		r.tracker.flush(1 << 60)
		held, err := readHoldings(bytes.NewReader(b), func(uint64) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		r.tracker.known(held, 1)
	})
}

func TestExitCode(t *testing.T) {
	for status, want := range map[uint32]int{0: 0, 3 << 8: 3, 9: -9, 11 | 0x80: -11, 255 << 8: 255} {
		if got := exitCode(status); got != want {
			t.Errorf("%#x is %d, want %d", status, got, want)
		}
	}
}

func TestUnixPath(t *testing.T) {
	for in, want := range map[string]string{
		"/run/geth.ipc": "/run/geth.ipc", "/run/geth.ipc\x00": "/run/geth.ipc", "\x00name": "@name", "": "",
	} {
		if got := unixPath([]byte(in), uint16(len(in))); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := unixPath([]byte("/a"), 500); got != "/a" {
		t.Errorf("a length beyond the path: %q", got)
	}
}

// TestOpenerThatHasClosed: two children hold what only their parent can have
// opened.
func TestOpenerThatHasClosed(t *testing.T) {
	r := newRing()
	for pid, parent := range map[int32]int{10: 1, 11: 10, 12: 10} {
		r.tracker.proc(pid).info = record.Process{PID: int(pid), PPID: parent, Start: uint64(pid)}
	}
	e := endpoints{conn: record.Conn{Cookie: cookie, Local: "127.0.0.1:51234", Peer: "127.0.0.1:9999"}, localPort: 51234, peerPort: 9999}
	r.tracker.known(heldBy(e, 11, 12), r.now)
	r.want(t, "open 10", "fork 10 11", "fork 10 12", "lost 11", "lost 12")
}

// TestLongFirstRequest: a connection whose first request is long is not passed
// over in the midst of it.
func TestLongFirstRequest(t *testing.T) {
	r := newRing()
	r.connects(10)
	long := `{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x` + strings.Repeat("00", 2<<20) + `"]}`
	for piece := range slices.Chunk([]byte(post(long)), 64<<10) {
		r.sends(10, string(piece))
	}
	r.reads(10, answer(reply))
	r.want(t, "open 10", "send 10 "+long, "recv 10 "+reply)
	if n := len(r.ignored); n > 0 {
		t.Errorf("%d connections are passed over", n)
	}
}

// TestResetConnection: what a server has reset is still held, and is no session.
func TestResetConnection(t *testing.T) {
	r := newRing()
	e := endpoints{conn: record.Conn{Cookie: cookie, Local: "127.0.0.1:0", Peer: "127.0.0.1:8545"}, peerPort: 8545}
	r.tracker.known(heldBy(e, 10, 11), r.now)
	r.want(t)
}
