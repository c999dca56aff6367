package synth

import (
	"fmt"
	"math/rand/v2"
	"strconv"
)

// Sink takes one line of the log named file, with its "\n". It must not keep
// the bytes. An error ends the simulation.
type Sink func(file string, line []byte) error

// simulation is one run.
type simulation struct {
	cfg   *Config
	sink  Sink
	err   error
	clock clock
	net   *rand.Rand // what the wire, the server and the scheduler draw
	noise *rand.Rand // what the log draws
	line  []byte
	again []*call // with an id that is in flight
	files map[string]*file
	pids  map[string]int // by host: the newest
	socks []*socket
	reads []reading
	truth *Truth
}

// reading is one reply that a process read.
type reading struct {
	line   *Line
	by     *process
	took   *call
	answer *answer
	shared bool // the socket had several users
}

// Generate simulates cfg, hands every line to sink as it is written, and
// returns what really happened.
func Generate(cfg Config, sink Sink) (*Truth, error) {
	s := &simulation{
		cfg: &cfg, sink: sink, truth: &Truth{},
		net: stream(cfg.Seed, 1), noise: stream(cfg.Seed, 2),
		files: make(map[string]*file), pids: make(map[string]int),
	}
	for i := range cfg.Fleets {
		s.launch(i)
	}
	for s.err == nil && s.clock.step() {
	}
	s.flush()
	s.conclude()
	return s.truth, s.err
}

// launch starts the parents of a fleet.
func (s *simulation) launch(fleet int) {
	f := &s.cfg.Fleets[fleet]
	for i := range max(1, f.Parents) {
		p := s.newProcess(f, 1)
		p.seed, p.own = s.cfg.Seed^scramble(uint64(fleet<<32|i)), stream(s.cfg.Seed, 3, uint64(fleet), uint64(i))
		p.numberFromOwn()
		p.left = f.Warm
		p.then = func() { s.fork(p, fleet, i) }
		if f.Children == 0 {
			p.left, p.then = s.cfg.Calls, p.exit
		}
		s.clock.after(p.own.Int64N(20_000_000), p.start)
	}
}

// newProcess makes a process, which has its own log unless there is one for all.
func (s *simulation) newProcess(f *Fleet, parent int) *process {
	if s.pids[f.Host] == 0 {
		s.pids[f.Host] = 4000
	}
	s.pids[f.Host]++
	p := &process{s: s, fleet: f, chain: newChain(s.cfg.Seed, uint64(f.Chain), s.cfg.blockTime())}
	p.who.Host, p.who.PID, p.who.PPID, p.who.Comm = f.Host, s.pids[f.Host], parent, f.comm()
	p.who.Start = 360_000 + uint64(s.clock.now/10_000_000)
	name := p.who.FileName()
	if f.Host != "" {
		name = f.Host + "/" + name
	}
	if s.cfg.Log.OneFile {
		name = "session.jsonl"
	}
	if s.files[name] == nil {
		s.files[name] = &file{name: name}
	}
	p.file = s.files[name]
	return p
}

// fork makes the children of p, which go on from where p is.
func (s *simulation) fork(p *process, fleet, parent int) {
	f := p.fleet
	running := f.Children
	end := func() {
		if running--; running == 0 && !f.Parent {
			p.exit()
		}
	}
	for i := range f.Children {
		c := s.newProcess(f, p.who.PID)
		c.id, c.left, c.stamp, c.parent = p.id, s.cfg.Calls, s.clock.now, p
		c.own = stream(s.cfg.Seed, 4, uint64(fleet), uint64(parent), uint64(i))
		c.seed = p.seed
		if !f.LockStep {
			c.seed = scramble(p.seed + uint64(i) + 1)
		}
		c.numberFromOwn()
		c.then = func() { c.exit(); end() }
		if p.socket != nil {
			s.inherit(c, p.socket)
		}
		p.logFork(c)
		c.start()
	}
	p.then = nil
	if f.Parent {
		p.left, p.then = s.cfg.Calls, p.exit
		p.start()
	}
}

// inherit gives the child its parent's connection.
func (s *simulation) inherit(c *process, k *socket) {
	k.truth.Held = append(k.truth.Held, c.who.PID)
	if c.fleet.Sharing == SharedSocket {
		c.socket = k
		k.ends++
	}
}

// newSocket connects p to the node.
func (s *simulation) newSocket(p *process) *socket {
	n := uint64(len(s.socks))
	k := &socket{s: s, number: n, fleet: p.fleet, host: p.who.Host, opener: p}
	k.truth = &Session{
		Host: k.host, Cookie: 1 + n, Opener: p.who.PID, URL: nodes[p.fleet.Transport].url, Name: p.sessionName(),
	}
	if p.fleet.Transport != IPC { // where the client's end has no name
		k.truth.Local = fmt.Sprintf("127.0.%d.1:%d", n/20_000, 40_000+n%20_000)
	}
	s.socks = append(s.socks, k)
	return k
}

// use notes that p is going to use the connection.
func (k *socket) use(p *process) {
	for _, u := range k.truth.Users {
		if u == p.who.PID {
			return
		}
	}
	k.truth.Users = append(k.truth.Users, p.who.PID)
	for i, h := range k.truth.Held {
		if h == p.who.PID {
			k.truth.Held = append(k.truth.Held[:i:i], k.truth.Held[i+1:]...)
			return
		}
	}
}

// took notes, and logs, that p took a for the reply to c, and counted what had
// been read of k.
func (s *simulation) took(p *process, k *socket, c *call, a *answer, count int64) {
	line := p.logRecv(a, k, count)
	if a.notice {
		s.truth.Notices++
		return
	}
	s.truth.Read++
	if s.cfg.FaultsOnly && c == a.owner && a.kind == "" {
		return
	}
	s.reads = append(s.reads, reading{line, p, c, a, len(k.truth.Users) > 1})
}

// swallowed notes that p read the bytes of a reply and dropped them.
func (s *simulation) swallowed(a *answer, p *process) {
	if a.owner != nil && a.owner.by != p {
		s.reads = append(s.reads, reading{nil, p, nil, a, true})
	}
}

// flush writes what is still to be written late.
func (s *simulation) flush() {
	for _, name := range sortedKeys(s.files) {
		f := s.files[name]
		for _, h := range f.held {
			s.put(f, h.r, h.at)
		}
	}
}

func (f *Fleet) comm() string {
	if f.Comm == "" {
		return "worker"
	}
	return f.Comm
}

// sessionName is the client's cache key, which is the same on both sides of a
// fork.
func (p *process) sessionName() string {
	origin := p
	for origin.parent != nil {
		origin = origin.parent
	}
	return strconv.FormatUint(scramble(origin.seed), 16)
}
