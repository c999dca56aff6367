package model

import (
	"strings"
	"time"
)

// endpoint is what all sessions of one server have in common: values that stay
// the same, and how high its chain is.
type endpoint struct {
	constants map[Sym]*constant
	height    uint64 // highest block number + 1 that was answered for certain
	heightAt  int64
	heights   int    // how many answers it stands on
	doubtful  uint64 // a height that contradicts it, and how often in a row
	doubts    int
	weak      group       // mismatched replies of sessions that name no connection
	sessions  []SessionID // those sessions
	pooled    bool
}

// endpointKey is the server of a session, as its host sees it.
type endpointKey struct{ host, at string }

// constant is a value that an endpoint always answers: the one more often seen.
type constant struct {
	value, other   uint64
	seen, otherOne int
}

const (
	// reorganisation is by how many blocks a node's head may go back: more
	// than any seen on a public chain, and more than replicas behind one
	// address lag.
	reorganisation = 128
	// stride is how many blocks a chain may gain in a second, roomy enough
	// for a development chain that mines on every transaction.
	stride = 1000
)

// agrees holds a result against what the endpoint answered before.
func (e *endpoint) agrees(ask, print *Fingerprint, method Sym, t int64) bool {
	switch ask.Rule {
	case RuleConstant:
		c := e.constants[method]
		return c == nil || print.Aux == 0 || print.Aux == c.value || c.seen < 2
	case RuleHeight:
		if e.heights < 3 || print.Lo == 0 {
			return true
		}
		seconds := uint64(max(t-e.heightAt, 0)/int64(time.Second)) + 1
		return print.Lo+reorganisation >= e.height && print.Lo <= e.height+reorganisation+seconds*stride
	}
	return true
}

// learn takes an undisputed result as what the endpoint answers.
func (s *Store) learn(e *endpoint, ask, print *Fingerprint, method Sym, t int64) {
	switch ask.Rule {
	case RuleConstant:
		if print.Aux != 0 {
			e.learnConstant(method, print.Aux)
		}
	case RuleHeight:
		if print.Lo != 0 {
			e.doubts = 0
			e.height = max(e.height, print.Lo)
			e.heightAt = max(e.heightAt, t)
			e.heights++
		}
	}
}

func (e *endpoint) learnConstant(method Sym, value uint64) {
	c := e.constants[method]
	switch {
	case c == nil:
		if e.constants == nil {
			e.constants = make(map[Sym]*constant)
		}
		e.constants[method] = &constant{value: value, seen: 1}
	case value == c.value:
		c.seen++
		c.otherOne = 0
	case value == c.other:
		if c.otherOne++; c.otherOne >= relearn {
			c.value, c.other, c.seen, c.otherOne = value, 0, c.otherOne, 0
		}
	default:
		c.other, c.otherOne = value, 1
	}
}

// relearn is how many contradictions in a row, which agree with each other, make
// a new truth: a node that was restarted or reset.
const relearn = 3

// doubt takes a result that contradicts what the endpoint answered before.
func (e *endpoint) doubt(ask, print *Fingerprint, method Sym) {
	switch ask.Rule {
	case RuleConstant:
		e.learnConstant(method, print.Aux)
	case RuleHeight:
		near := print.Lo+reorganisation >= e.doubtful && print.Lo <= e.doubtful+reorganisation
		if e.doubts++; !near {
			e.doubts = 1
		}
		if e.doubtful = print.Lo; e.doubts >= relearn {
			e.height, e.doubts = print.Lo, 0
		}
	}
}

// maxEndpoints bounds the servers whose sessions are looked at together.
const maxEndpoints = 4096

func (s *Store) endpointOf(st *sessionState) *endpoint {
	if st.ep != nil {
		return st.ep
	}
	// One address, a loopback one or a socket's path, may be another server on
	// each host.
	name := endpointKey{s.procs.at(int(st.row.Owner)).Info.Host, st.row.Conn.Endpoint()}
	ep := s.endpoints[name]
	if ep == nil {
		ep = &endpoint{}
		// What is not told apart from others must not learn from them.
		if name.at != "" && !strings.Contains(name.at, "redacted") && len(s.endpoints) < maxEndpoints {
			s.endpoints[name] = ep
		}
	}
	st.ep = ep
	if !st.row.Is(SessionWire) {
		ep.sessions = append(ep.sessions, st.row.ID)
	}
	return ep
}
