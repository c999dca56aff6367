//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The headers by which the suite knows who asked what and who read what. The
// recorders write no headers.
const (
	callHeader  = "X-Call"  // of a request: the worker's own name of the call, "PID-n"
	replyHeader = "X-Reply" // of a reply: the name of the call that it answers, or
	tornRequest = "torn"    // that of none, for its bytes were several calls'
)

// A wire is what passed on one connection: its requests in order. The n-th
// reply answers the n-th request (RFC 9112, 9.3.2).
type wire struct {
	local    string // the client's end
	requests []request
	replies  [][sha256.Size]byte // digests of their bodies
}

// A request is one that reached the node. It is torn where its bytes are not
// one process's own: the node cannot have understood it.
type request struct {
	Call string `json:"call"` // "" if the client names none
	Torn bool   `json:"torn,omitempty"`
}

// answer is the replyHeader of the reply.
func (r request) answer() string {
	if r.Torn {
		return tornRequest
	}
	return r.Call
}

// A proxy stands between clients and a node and keeps the truth. It passes
// requests on byte for byte, as they come; replies it reads whole and writes at
// once, as nodes do, with the header.
type proxy struct {
	url  string
	node string // address

	listener net.Listener
	done     sync.WaitGroup

	mu    sync.Mutex
	wires []*wire
	conns []net.Conn
}

func newProxy(t testing.TB, nodeURL string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{url: "http://" + l.Addr().String(), node: strings.TrimPrefix(nodeURL, "http://"), listener: l}
	p.done.Go(p.serve)
	t.Cleanup(p.close)
	return p
}

// close ends all connections; the truth stays.
func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.done.Wait()
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		node, err := net.DialTimeout("tcp", p.node, 10*time.Second)
		if err != nil {
			client.Close()
			continue
		}
		w := &wire{local: client.RemoteAddr().String()}
		p.mu.Lock()
		p.wires = append(p.wires, w)
		p.conns = append(p.conns, client, node)
		p.mu.Unlock()
		asked := make(chan request, 4096)
		p.done.Go(func() {
			p.requests(w, client, node, asked)
			_ = node.(*net.TCPConn).CloseWrite() // an error: it is closed
			close(asked)
		})
		p.done.Go(func() {
			p.replies(w, client, node, asked)
			client.Close()
			node.Close()
		})
	}
}

// requests passes on what the client sends and reads along.
func (p *proxy) requests(w *wire, client, node net.Conn, asked chan<- request) {
	passed := io.TeeReader(client, node)
	r := bufio.NewReader(passed)
	for {
		req, err := http.ReadRequest(r)
		if err == io.EOF {
			return
		}
		entry := request{Torn: err != nil}
		var body []byte
		if err == nil {
			entry.Call = req.Header.Get(callHeader)
			body, err = io.ReadAll(req.Body)
			entry.Torn = err != nil || bytes.Contains(body, []byte("HTTP/1.1"))
		}
		p.mu.Lock()
		w.requests = append(w.requests, entry)
		p.mu.Unlock()
		asked <- entry
		if err != nil || req.Header.Get("Upgrade") != "" {
			io.Copy(io.Discard, r) // passes it on
			return
		}
	}
}

// replies passes on what the node answers, each with the name of its call.
func (p *proxy) replies(w *wire, client, node net.Conn, asked <-chan request) {
	r := bufio.NewReader(node)
	for {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return
		}
		entry := <-asked
		if resp.StatusCode == http.StatusSwitchingProtocols {
			if resp.Write(client) == nil {
				io.Copy(client, r)
			}
			return
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return
		}
		resp.Body, resp.ContentLength, resp.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		resp.Header.Set(replyHeader, entry.answer())
		var whole bytes.Buffer
		if resp.Write(&whole) != nil {
			return
		}
		p.mu.Lock()
		w.replies = append(w.replies, sha256.Sum256(body))
		p.mu.Unlock()
		if _, err := client.Write(whole.Bytes()); err != nil {
			return
		}
		if resp.Close {
			return
		}
	}
}

// truth returns what passed so far.
func (p *proxy) truth() []wire {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]wire, 0, len(p.wires))
	for _, w := range p.wires {
		out = append(out, wire{w.local, slices.Clone(w.requests), slices.Clone(w.replies)})
	}
	return out
}
