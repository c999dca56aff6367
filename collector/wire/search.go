package wire

// A search that finds no start keeps no more than this many bytes, in which one
// might begin.
const maxTail = 512

// search looks for the start of a message: the first of a connection, or the
// next one after bytes that make no sense.
type search struct {
	cand  int64 // offset of the chunk that may start with one, -1: none
	fresh bool  // a message is expected right here
}

func (s *search) step(f *flow, b []byte) int {
	if s.fresh {
		switch p, m := f.startOf(b); m {
		case sure:
			f.begin(p)
			return 0
		case maybe:
			if len(b) < maxTail {
				return 0
			}
		}
		s.fresh = false
		f.c.loss.Resyncs++
	}
	if i := f.nextStart(b); i >= 0 {
		return s.found(f, int64(i), b)
	}
	if s.cand < f.pos && f.chunk >= f.pos {
		s.cand = f.chunk // a write or read is likely to start with a message
	}
	if at := s.cand - f.pos; s.cand >= f.pos && at < int64(len(b)) {
		switch _, m := f.startOf(b[at:]); {
		case m == sure:
			return s.found(f, at, b)
		case m == maybe && int64(len(b))-at < maxTail:
			return 0
		}
		s.cand = -1
	}
	return s.skip(f, max(len(b)-maxTail, 0))
}

// found goes to where a message starts.
func (s *search) found(f *flow, at int64, b []byte) int {
	p, m := f.startOf(b[at:])
	if m != sure {
		return s.skip(f, int(at)+1)
	}
	f.begin(p)
	return s.skip(f, int(at))
}

func (s *search) skip(f *flow, n int) int {
	f.c.loss.Skipped += uint64(n)
	return n
}

// gap, in a search, changes nothing but that no start lies across it.
func (s *search) gap(*flow, int64) bool { return false }

func (s *search) abort(*flow, Flags) {}

func (s *search) began(f *flow) int64 { return f.pos }

// begin sets the parser of a protocol whose message starts at f.pos.
func (f *flow) begin(p Proto) {
	if f.c.proto == Unknown || f.c.proto == JSONStream || f.c.proto == LSP {
		f.c.proto = p
	}
	switch p {
	case HTTP1, LSP:
		f.http1.next(p == LSP)
		f.parser = &f.http1
	case JSONStream:
		f.json.reset()
		f.parser = &f.json
	case WebSocket:
		f.startWebSocket()
	case HTTP2:
		f.startHTTP2()
	}
}
