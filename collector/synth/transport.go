package synth

// Transport is how messages travel.
type Transport uint8

const (
	HTTP      Transport = iota // HTTP/1.1: one call at a time, replies in the order of the requests
	WebSocket                  // many calls at a time, replies as they are ready, matched by id
	IPC                        // the same, over a Unix socket
)

// Where the node is, by transport.
var nodes = [...]struct{ url, peer string }{
	HTTP:      {"http://127.0.0.1:8545", "127.0.0.1:8545"},
	WebSocket: {"ws://127.0.0.1:8546", "127.0.0.1:8546"},
	IPC:       {"ipc:/run/node/node.ipc", "/run/node/node.ipc"},
}

// multiplexed says that several calls of a process may be in flight.
func (t Transport) multiplexed() bool { return t != HTTP }

// requestHeader is how many bytes stand before the body of a web3.py request.
func (t Transport) requestHeader() int { return [...]int{HTTP: 212, WebSocket: 8, IPC: 0}[t] }

// replyHeader is how many bytes stand before the body of a reply.
func (t Transport) replyHeader() int { return [...]int{HTTP: 126, WebSocket: 4, IPC: 0}[t] }
