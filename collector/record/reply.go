package record

import (
	"encoding/json"
	"io"
	"strconv"
	"sync"
)

// reply is the body of a response: what the program reads of it is kept, and
// recorded when it has read all or closes it.
type reply struct {
	io.ReadCloser
	*exchange
	status int
	length int64 // as announced, -1 if it wasn't

	lock       sync.Mutex // a body may be closed while it is read
	kept       []byte
	size       int64 // of what was read
	wall, mono int64 // of the last byte
	recorded   bool
}

func (r *reply) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.lock.Lock()
	defer r.lock.Unlock()
	if n > 0 {
		r.size += int64(n)
		r.kept = append(r.kept, p[:min(n, maxBody-len(r.kept))]...)
		r.wall, r.mono = Now()
	}
	switch {
	case err == io.EOF:
		r.record(true)
	case err != nil && !r.recorded:
		r.recorded = true
		if cause := r.end(); cause != nil { // what the transport makes of it says less
			r.fail(cause)
		} else {
			r.fail(err)
		}
	}
	return n, err
}

func (r *reply) Close() error {
	r.lock.Lock()
	defer r.lock.Unlock()
	if !r.recorded {
		r.record(r.size == r.length || json.Valid(r.kept))
	}
	return r.ReadCloser.Close()
}

// record writes what was read, the first time it is called.
func (r *reply) record(whole bool) {
	if r.recorded {
		return
	}
	r.recorded = true
	r.mu.Lock()
	defer r.mu.Unlock()
	got := Record{Event: Recv, Status: r.status, Time: r.wall, Mono: r.mono, Msg: r.kept,
		Part: !whole || r.size > int64(len(r.kept))}
	switch {
	case r.size > 0:
		r.write(got)
	case !whole:
		r.write(Record{Event: Fail, Err: "not read"})
	case r.status/100 != 2 || anyAnswered(r.asked): // a notification has no reply
		got.Msg, got.Raw = nil, strconv.AppendInt([]byte("HTTP "), int64(r.status), 10)
		r.write(got)
	}
	r.kept = nil
}
