package synth

// socket is one connection: the bytes on their way in each direction, and the
// processes that have it.
type socket struct {
	s        *simulation
	number   uint64 // names it
	fleet    *Fleet
	host     string
	opener   *process
	truth    *Session
	sent     int64 // bytes written to the server, and by it
	received int64
	atServer int64 // when the last bytes so far arrive at either end
	atClient int64
	in       []piece   // what the server has not read yet
	busy     bool      // it serves a request
	arrived  int64     // bytes at the client's end
	out      []arrival // what has arrived at the client's end and nobody has read
	waiting  []*process
	waking   int  // processes that are on their way to read
	ends     int  // processes that use it
	closed   bool // by the server: an end of file follows what is in out
}

// piece is some bytes of a request, as they lie in the stream.
type piece struct {
	call  *call
	what  part
	bytes int
}

type part uint8

const (
	header part = iota
	body
	rest // of a message whose beginning is gone
)

// answer is a reply in the stream.
type answer struct {
	text   []byte
	status int
	off    int64
	owner  *call   // which it answers; nil: none
	ids    []int64 // that stand in it
	batch  bool
	kind   string
	raw    bool // it is no message: the log has its bytes
	ends   bool // who reads it closes the connection
	notice bool // a notification: it answers nothing
}

// write puts a request, or one part of it, on the wire.
func (k *socket) write(pieces ...piece) {
	at := max(k.s.clock.now+k.fleet.Net.draw(k.s.net), k.atServer)
	k.atServer = at
	for _, p := range pieces {
		k.sent += int64(p.bytes)
	}
	k.s.clock.after(at-k.s.clock.now, func() {
		k.in = append(k.in, pieces...)
		k.serve()
	})
}

// reply puts an answer on the wire.
func (k *socket) reply(a *answer) {
	a.off = k.received
	size := k.fleet.Transport.replyHeader() + len(a.text)
	k.received += int64(size)
	if wait := k.fleet.Parts.draw(k.s.net); wait > 0 && !k.fleet.Transport.multiplexed() {
		cut := size - 1 - k.s.net.IntN(len(a.text)-1)
		k.arrive(arrival{a, 0, cut}, 0)
		k.arrive(arrival{a, cut, size}, wait)
		return
	}
	k.arrive(arrival{a, 0, size}, 0)
}

// arrive lets bytes be read, no sooner than those before them.
func (k *socket) arrive(x arrival, wait int64) {
	at := max(k.s.clock.now+wait+k.fleet.Net.draw(k.s.net), k.atClient)
	k.atClient = at
	k.s.clock.after(at-k.s.clock.now, func() {
		k.out = append(k.out, x)
		k.arrived += int64(x.to - x.from)
		k.wake()
	})
}

// hangUp is the server's end of the connection.
func (k *socket) hangUp() {
	k.s.clock.after(max(k.atClient, k.s.clock.now+k.fleet.Net.draw(k.s.net))-k.s.clock.now, func() {
		k.closed = true
		for len(k.waiting) > 0 {
			k.rouse(0)
		}
	})
}

// passed is how many bytes have been read at the client's end.
func (k *socket) passed() int64 {
	n := k.arrived
	for _, x := range k.out {
		n -= int64(x.to - x.from)
	}
	return n
}

// await has p read: at once if there is something, else when it is woken.
func (k *socket) await(p *process) {
	k.waiting = append(k.waiting, p)
	if len(k.out) > 0 || k.closed {
		k.read(p)
	}
}

// wake lets one of those that wait run, if there is more to read than there are
// processes on their way.
func (k *socket) wake() {
	if k.waking >= len(k.out) || len(k.waiting) == 0 {
		return
	}
	i := 0
	switch k.fleet.Wake {
	case WakeRandom:
		i = k.s.net.IntN(len(k.waiting))
	case WakeLast:
		i = len(k.waiting) - 1
	}
	k.rouse(i)
}

// rouse wakes the i-th of those that wait.
func (k *socket) rouse(i int) {
	p := k.waiting[i]
	k.waiting = append(k.waiting[:i:i], k.waiting[i+1:]...)
	k.waking++
	turn := p.turn
	k.s.clock.after(k.fleet.Waking.draw(k.s.net), func() {
		k.waking--
		if p.turn != turn || p.socket != k {
			k.wake() // it gave up meanwhile
			return
		}
		k.waiting = append([]*process{p}, k.waiting...)
		k.read(p)
	})
}

// read gives p, who waits, the first answer, or the end of the connection, or
// nothing if another was faster.
func (k *socket) read(p *process) {
	for len(k.out) > 0 {
		a := p.assemble(k)
		if a == nil {
			continue // the rest is still to come
		}
		k.forget(p)
		if k.fleet.OverReads {
			for _, x := range k.out {
				k.s.swallowed(x.answer, p)
			}
			k.out = nil
		}
		p.receive(a)
		k.wake()
		return
	}
	if k.closed {
		k.forget(p)
		p.refused()
	}
}

// forget takes p off those that wait.
func (k *socket) forget(p *process) {
	p.turn++
	p.waits, p.half = false, nil
	for i, q := range k.waiting {
		if q == p {
			k.waiting = append(k.waiting[:i:i], k.waiting[i+1:]...)
			return
		}
	}
}
