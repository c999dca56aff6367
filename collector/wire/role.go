package wire

import "bytes"

// Role is which end of its connection a process is.
type Role uint8

const (
	UnknownRole Role = iota
	Client
	Server
)

// Role is which end the processes are that moved the message, as far as it
// tells: a client's requests are sent, its replies received.
func (m *Message) Role() Role {
	const near = 4096 // a request's method stands near its start
	asks := m.Dir == Sent
	switch {
	case m.Status != 0:
		asks = !asks
	case m.Proto == HTTP1:
	case m.Flags&RPC == 0:
		return UnknownRole
	case !bytes.Contains(m.Body[:min(len(m.Body), near)], []byte(`"method"`)):
		asks = !asks // a reply
	case !bytes.Contains(m.Body, []byte(`"id"`)):
		return UnknownRole // either end may notify
	}
	if asks {
		return Client
	}
	return Server
}
