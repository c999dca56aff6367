package live

import (
	"bytes"
	"slices"
	"time"
	"unsafe"
)

// session is a TLS session as its process knows it: an address.
type session struct {
	pid     int32
	address uint64
}

// early is the plaintext of a session whose connection is not known yet. That
// becomes known when the ciphertext is sent: at once.
type early struct {
	samples []sample
	bytes   int
	full    bool  // what came later is dropped
	since   int64 // CLOCK_MONOTONIC
}

const (
	maxEarly      = 1024
	maxEarlyBytes = 1 << 20  // of one session
	maxEarlyAll   = 32 << 20 // of all
	earlyFor      = int64(time.Second)
)

// earlySize is what a sample takes while it waits.
func earlySize(s *sample) int { return len(s.data) + int(unsafe.Sizeof(*s)) }

// wait keeps plaintext until its connection is known.
func (t *tracker) wait(s *sample) {
	key := session{s.pid, s.cookie}
	e := t.early[key]
	if e == nil {
		if len(t.early) == maxEarly {
			t.stats.Incomplete++
			return
		}
		e = &early{since: s.mono}
		t.early[key] = e
	}
	n := earlySize(s)
	if e.full = e.full || e.bytes+n > maxEarlyBytes || t.earlyBytes+n > maxEarlyAll; e.full {
		t.stats.Incomplete++
		return
	}
	e.bytes += n
	t.earlyBytes += n
	kept := *s
	kept.data = bytes.Clone(s.data)
	e.samples = append(e.samples, kept)
}

// joined takes what a session said before its connection was known.
func (t *tracker) joined(s *sample) {
	key := session{s.pid, uint64(s.off)}
	e := t.early[key]
	if e == nil {
		return
	}
	t.dropEarly(key, e)
	for i := range e.samples {
		early := e.samples[i]
		early.cookie, early.flags = s.cookie, early.flags&^unjoined
		t.bytes(&early)
	}
}

// forgetEarly drops the plaintext that has waited for too long at now, Unix
// nanoseconds.
func (t *tracker) forgetEarly(now int64) {
	for key, e := range t.early {
		if e.since+t.wall+earlyFor >= now {
			continue
		}
		asked := slices.ContainsFunc(e.samples, func(s sample) bool { return s.kind == sampleSent })
		if asked && !t.narrow { // else it is no client, or its connection is none that was asked for
			t.stats.Incomplete++
		}
		t.dropEarly(key, e)
	}
}

func (t *tracker) dropEarly(key session, e *early) {
	t.earlyBytes -= e.bytes
	delete(t.early, key)
}

// sealed notes a connection that is encrypted by nobody knows what, so far.
func (t *tracker) sealed(s *sample) {
	c := t.conn(s.cookie)
	if !c.tls && !c.sealed {
		c.sealed = true
		t.stats.Encrypted++
	}
}

// opens notes that the plaintext of a connection is seen. What it said before it
// turned to TLS (CONNECT, STARTTLS) is over. Where its beginning was not seen,
// neither was what was asked then.
func (t *tracker) opens(c *conn, s *sample) {
	if c.sealed {
		c.sealed = false
		t.stats.Encrypted--
	}
	if c.tls {
		return
	}
	t.asm.Close(s.cookie, t.emit)
	c.tls = true
	if since := t.proc(s.pid).tls; since > c.opened {
		c.opened = 0
	}
}

// seesTLS notes since when the TLS of a process is seen.
func (t *tracker) seesTLS(pid int32, since int64) {
	if p := t.procs[pid]; p != nil {
		p.tls = since
	}
}
