package model

import (
	"strconv"
	"strings"
)

// advice says what to change, for the client that the session shows.
func (s *Snapshot) advice(f *Finding) string {
	switch f.Kind {
	case StaleReply:
		if f.Cause == NoFinding {
			return "Close the connection after a timeout instead of using it for the next call.\n" +
				"A client that compares the reply's id with the request's refuses the late reply."
		}
	case DuplicateID:
		return "Give every call in flight on one connection, and every call of one batch, an id of its own:\n" +
			"one counter per connection, shared by all that write to it."
	case BatchMismatch:
		return "Match the replies of a batch by id, not by position, and treat a missing one as failed.\n" +
			"If the server left it out, see its limit on batch size."
	case BadMessage:
		return "Look at the message: something between client and server answers that is no JSON-RPC 2.0 server."
	}
	if f.Kind == SharedSession || f.Kind == InheritedSession || f.Cause != NoFinding {
		return s.sharingAdvice(s.Session(f.Session))
	}
	switch f.Kind {
	case TornMessage:
		return "See whether two threads, or two processes, write to this connection at once; give each a client of its own."
	case LostReply:
		return "See why the connection or the process ended with a call in flight; repeat the call only if it changes nothing."
	}
	const between = "Look at what stands between client and server: a cache or a balancer may mix replies."
	if se := s.Session(f.Session); se == nil || !se.Is(SessionWire) {
		return "If two processes may hold this connection, record its socket (ino, local, peer): then the owner can be named.\n" + between
	}
	return "One process alone is on this connection as far as the logs tell; see whether all that may hold it are recorded.\n" + between
}

// sharingAdvice is what to do about a connection that several processes use.
func (s *Snapshot) sharingAdvice(se *Session) string {
	if se == nil {
		return plainSharing
	}
	library, major := clientOf(se.Conn.Client)
	comm := ""
	if p := s.Process(se.Owner); p != nil {
		comm = strings.ToLower(p.Info.Comm)
	}
	how := startAdvice(comm, "make the client")
	switch library {
	case "web3.py", "web3":
		if major > 0 && major < 7 { // a client made in the child takes the parent's session from that cache
			return "web3.py " + strconv.Itoa(major) + " caches HTTP sessions by thread id, which a fork does not change, so that a new " +
				"provider gets the old one: call web3._utils.request._session_cache.clear() in each child.\n" + startAdvice(comm, "call it")
		}
		return "A provider used before the fork keeps its socket in the child: make Web3(HTTPProvider(…)) anew in each process.\n" + how
	case "requests", "urllib3", "python-requests", "httpx", "aiohttp":
		return "Make the " + library + " session in each process, after the fork; one made before hands its sockets down.\n" + how
	case "ethers", "viem", "web3.js", "undici", "node":
		return "Make the provider in each worker after it has started; never pass its socket on to a child process.\n" +
			"With cluster, construct it in the worker's branch."
	case "go-ethereum", "geth":
		return "Dial with rpc.Dial in each process, and do not pass the connection's descriptor on (ExtraFiles)."
	}
	if how != startPlain {
		return "Give every process a client of its own, made after the fork.\n" + how
	}
	return plainSharing
}

const (
	plainSharing = "Give every process a client of its own: make it after the fork, or close and make it anew in each child\n" +
		"(in Python os.register_at_fork). If sessions are cached, the key must hold the PID."
	startPlain = "With os.fork or multiprocessing: do so by os.register_at_fork(after_in_child=…), or use the spawn start method."
)

// startAdvice is where to do it, by what started the processes.
func startAdvice(comm, do string) string {
	switch {
	case strings.Contains(comm, "gunicorn"):
		return "With gunicorn: " + do + " in the post_fork hook, or turn preload_app off."
	case strings.Contains(comm, "celery"):
		return "With celery: " + do + " on the worker_process_init signal."
	case strings.Contains(comm, "uwsgi"):
		return "With uWSGI: " + do + " in a @postfork function, or set lazy-apps."
	}
	return startPlain
}

// clientOf splits "web3.py/6.15.1" into the library and its major version, 0
// where there is none.
func clientOf(client string) (string, int) {
	name, version, _ := strings.Cut(strings.ToLower(client), "/")
	digits, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	major, _ := strconv.Atoi(digits)
	return name, major
}
