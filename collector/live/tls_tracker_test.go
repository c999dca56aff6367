package live

import (
	"strings"
	"testing"
	"time"
)

const sslAddress = 0x7f00dead

// TestPlaintextFirst: what a TLS library was handed before its socket was known
// is told once that is, in its order.
func TestPlaintextFirst(t *testing.T) {
	r := newRing()
	r.take(sample{kind: sampleConnection, data: make([]byte, connectionSize)})
	early := sample{kind: sampleSent, pid: 10, tid: 10, flags: plaintext | unjoined, mono: r.now, cookie: sslAddress, data: []byte(post(call))}
	r.tracker.take(&early)
	copy(early.data, strings.Repeat("x", len(early.data))) // the ring's memory is used again
	r.want(t)
	r.take(sample{kind: sampleJoined, pid: 11, off: sslAddress}) // of another process
	r.want(t)
	r.take(sample{kind: sampleJoined, pid: 10, off: sslAddress})
	r.take(sample{kind: sampleReceived, pid: 10, tid: 10, flags: plaintext | hasOffset, data: []byte(answer(reply))})
	r.want(t, "send 10 "+call, "recv 10 "+reply)
	if c := r.records[0]; c.Cookie != cookie || c.HasOff {
		t.Errorf("%+v", c)
	}
}

// TestPlaintextForNobody: it does not wait for ever.
func TestPlaintextForNobody(t *testing.T) {
	r := newRing()
	for address := range uint64(maxEarly + 10) {
		s := sample{kind: sampleSent, pid: 10, flags: plaintext | unjoined, mono: r.now, cookie: address, data: []byte(post(call))}
		r.tracker.take(&s)
	}
	if n := len(r.tracker.early); n != maxEarly || r.tracker.stats.Incomplete != 10 {
		t.Errorf("%d sessions wait; %+v", n, r.tracker.stats)
	}
	r.tracker.flush(r.now + int64(time.Minute))
	if n := len(r.tracker.early); n != 0 || r.tracker.stats.Incomplete != maxEarly+10 {
		t.Errorf("%d sessions wait; %+v", n, r.tracker.stats)
	}
	server := sample{kind: sampleReceived, pid: 10, flags: plaintext | unjoined, mono: r.now, cookie: sslAddress, data: []byte(post(call))}
	r.tracker.take(&server)
	r.tracker.flush(r.now + int64(time.Minute))
	if n := len(r.tracker.early); n != 0 || r.tracker.stats.Incomplete != maxEarly+10 {
		t.Errorf("a server's counts as lost: %d sessions wait; %+v", n, r.tracker.stats)
	}
}

// TestMuchPlaintext: what waits for its connections is bounded, and is not given
// with a hole in it.
func TestMuchPlaintext(t *testing.T) {
	r := newRing()
	for address := range uint64(200) {
		for _, size := range []int{512 << 10, 600 << 10, 1} {
			s := sample{kind: sampleReceived, pid: 10, flags: plaintext | unjoined, mono: r.now, cookie: address, data: make([]byte, size)}
			r.tracker.take(&s)
		}
	}
	held := 0
	for address, e := range r.tracker.early {
		for _, s := range e.samples {
			held += len(s.data)
		}
		if len(e.samples) > 1 {
			t.Errorf("of %v, %d samples wait", address, len(e.samples))
		}
	}
	if held > maxEarlyAll || held < maxEarlyAll/2 {
		t.Errorf("%d bytes wait", held)
	}
	r.tracker.flush(r.now + int64(time.Minute))
	if n := r.tracker.earlyBytes; n != 0 {
		t.Errorf("%d bytes are still accounted for", n)
	}
}

// TestSealed: a connection counts as unreadable until something of it is read.
func TestSealed(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.take(sample{kind: sampleEncrypted, pid: 10})
	r.take(sample{kind: sampleEncrypted, pid: 10})
	if n := r.tracker.stats.Encrypted; n != 1 {
		t.Errorf("%d are encrypted", n)
	}
	r.take(sample{kind: sampleSent, pid: 10, tid: 10, flags: plaintext | hasOffset, data: []byte(post(call))})
	r.want(t, "open 10", "send 10 "+call)
	if n := r.tracker.stats.Encrypted; n != 0 || r.records[1].URL != "https://127.0.0.1:8545" {
		t.Errorf("%d are encrypted; %s", n, r.records[1].URL)
	}
}

// TestOpenedBeforeItsLibraryWasFound: what was asked before that is not known,
// so neither is the beginning told.
func TestOpenedBeforeItsLibraryWasFound(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.tracker.seesTLS(10, 0)
	r.tracker.proc(10)
	r.tracker.seesTLS(10, r.now+1)
	r.take(sample{kind: sampleReceived, pid: 10, tid: 10, flags: plaintext | hasOffset, data: []byte(answer(reply))})
	r.want(t)
	r.take(sample{kind: sampleSent, pid: 10, tid: 10, flags: plaintext | hasOffset, data: []byte(post(call))})
	r.want(t, "send 10 "+call)
}

// TestLostIsSaidOfAll: on a shared connection, any of its processes may be the
// one whose bytes are missing.
func TestLostIsSaidOfAll(t *testing.T) {
	r := newRing()
	r.connects(10)
	r.take(sample{kind: sampleSent, pid: 10, tid: 10, flags: hasOffset, off: 1001, lost: 2, data: []byte(post(call))})
	r.forks(10, 11)
	r.want(t, "open 10", "lost 10 n=2", "send 10 "+call, "fork 10 11")
	r.take(sample{kind: sampleReceived, pid: 11, tid: 11, flags: hasOffset, off: 500, lost: 3, data: []byte(answer(reply))})
	r.want(t, "open 10", "lost 10 n=2", "send 10 "+call, "fork 10 11", "lost 10 n=1", "lost 11", "recv 11 @500 "+reply)
	for _, rec := range r.records {
		if strings.HasPrefix(string(rec.Event), "lost") && rec.Cookie != cookie {
			t.Errorf("%+v", rec)
		}
	}
}
