package live

import (
	"bytes"

	"github.com/sessiontop/sessiontop/collector/wire"
)

// asked is the requests on a connection that were seen.
type asked struct {
	any     bool            // bytes were sent
	told    bool            // a message was not early
	headed  bool            // bytes were sent that may be the body of a request whose header was not seen
	streams map[uint32]bool // of HTTP/2: those that wait for their replies
}

// maxStreams bounds the requests that are remembered of a connection.
const maxStreams = 1 << 12

// early says whether the message is of a call from before the capture began, on
// a connection that was there before: the reply, where nothing has been asked
// since, or the body of the request, for many clients write the header on its own.
// HTTP/2 says itself which request a reply answers.
func (c *conn) early(m *wire.Message) bool {
	q := &c.asked
	if m.Proto == wire.HTTP2 {
		return q.unknown(m)
	}
	if m.Proto == wire.JSONStream && m.Dir == wire.Sent && c.opened == 0 && !q.told && !c.unix && !q.headed {
		q.any, q.headed = false, true
		return true
	}
	is := !q.any && c.opened == 0 && (m.Status != 0 || !bytes.Contains(m.Body[:min(len(m.Body), 4096)], []byte(`"method"`)))
	q.told = q.told || !is
	return is
}

func (q *asked) unknown(m *wire.Message) bool {
	if m.Dir == wire.Received {
		was := q.streams[m.Stream]
		delete(q.streams, m.Stream)
		return !was
	}
	if q.streams == nil || len(q.streams) == maxStreams {
		q.streams = map[uint32]bool{}
	}
	q.streams[m.Stream] = true
	return false
}
