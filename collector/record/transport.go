package record

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"runtime"
	"strings"
	"sync"
)

// maxBody bounds what is kept of a body, so that its line stays below MaxLine
// even where many of its bytes have to be escaped.
const maxBody = 24 << 20

// Transport returns a RoundTripper that passes everything on to base, nil for
// http.DefaultTransport, and writes the JSON-RPC calls that pass to w: POST
// requests with a JSON-RPC call or batch as their body. What is sent and what
// is read stays as it is; a reply is recorded as the program reads it, at its
// end or when its body is closed.
//
// The recorder has to see a body before it is sent. It takes it from GetBody,
// which http.NewRequest and go-ethereum's rpc.Client set, or reads it ahead
// where its ContentLength is known; a streamed request (neither) and one of
// more than 24 MiB pass unrecorded.
//
//	client, err := rpc.DialOptions(ctx, url, rpc.WithHTTPClient(&http.Client{
//		Transport: record.Transport(nil, w),
//	}))
func Transport(base http.RoundTripper, w *Writer) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return &transport{base: base, w: w}
}

type transport struct {
	base   http.RoundTripper
	w      *Writer
	once   sync.Once
	client string // who uses it, by its first call
}

// CloseIdleConnections passes http.Client's wish on.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req, body := peekBody(req)
	asked, ok := parseCalls(body)
	if !ok {
		return t.base.RoundTrip(req)
	}
	t.once.Do(func() { t.client = cmp.Or(CallingClient(), "net/http/"+strings.TrimPrefix(runtime.Version(), "go")) })
	x := &exchange{t: t, body: body, asked: asked}
	x.at = Record{URL: req.URL.String(), Client: t.client}
	trace := &httptrace.ClientTrace{GotConn: x.gotConn}
	resp, err := t.base.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		x.fail(err)
		return resp, err
	}
	x.end = req.Context().Err
	if resp.Body != nil {
		resp.Body = &reply{ReadCloser: resp.Body, exchange: x, status: resp.StatusCode, length: resp.ContentLength}
	}
	return resp, nil
}

// peekBody returns the body of a request that may be a call, nil if it cannot
// be had, and the request to send in its place.
func peekBody(req *http.Request) (*http.Request, []byte) {
	if req.Method != http.MethodPost || req.Body == nil || req.ContentLength > maxBody {
		return req, nil
	}
	if req.GetBody != nil {
		again, err := req.GetBody()
		if err != nil {
			return req, nil // the transport will say so, if it needs it
		}
		defer again.Close()
		body, err := io.ReadAll(io.LimitReader(again, maxBody+1))
		if err != nil || len(body) > maxBody {
			return req, nil
		}
		return req, body
	}
	if req.ContentLength <= 0 {
		return req, nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, req.ContentLength))
	rest := req.Body // with the error, should there have been one
	same := req.Clone(req.Context())
	same.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), rest}
	if err != nil {
		return same, nil
	}
	return same, body
}

// exchange is one request on its way, with its reply.
type exchange struct {
	t     *transport
	body  []byte
	asked []call
	end   func() error // why the request's context ended, if it did

	mu   sync.Mutex // a transport may tell of its connections from any goroutine
	at   Record     // what all records of it have in common
	sent bool
}

// gotConn is called when the request is about to be written to a connection,
// again for each attempt.
func (x *exchange) gotConn(info httptrace.GotConnInfo) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.sent { // the connection was no good: the server had closed it
		x.write(Record{Event: Fail, Err: "closed"})
	}
	x.sent = true
	x.at.Conn, x.at.Opener = ConnOf(info.Conn), os.Getpid()
	if !info.Reused {
		x.write(Record{Event: Open})
	}
	x.write(Record{Event: Send, Msg: x.body})
}

// fail records that there will be no reply.
func (x *exchange) fail(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.write(Record{Event: Fail, Err: Fault(err)})
}

// write completes r with what is known of the exchange. A Fail is one record
// for each call, as each has an id of its own.
func (x *exchange) write(r Record) {
	r.Conn, r.Opener, r.URL, r.Client = x.at.Conn, x.at.Opener, x.at.URL, x.at.Client
	if r.Event != Fail {
		x.t.w.Write(r)
		return
	}
	for _, c := range x.asked {
		if c.answered() {
			r.ID = c.ID
			x.t.w.Write(r)
		}
	}
}
