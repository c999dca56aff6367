package record

import (
	"strconv"
	"time"
)

// Speaker is what the records of one process on one connection have in common,
// and the text that it makes, so that a line of it is written in a third of the
// time. It belongs to one goroutine.
type Speaker struct {
	of                      Record
	process, start, session []byte
	second                  int64  // of its latest line, in Unix seconds
	clock                   []byte // that as a line says it, up to the point
}

// SpeakerOf is the speaker of r.
func SpeakerOf(r *Record) *Speaker {
	return &Speaker{
		of:      Record{Process: r.Process, Conn: r.Conn, Session: r.Session, Opener: r.Opener, URL: r.URL, Client: r.Client},
		process: appendProcess(nil, r), start: appendStart(nil, r), session: appendSession(nil, r),
	}
}

// Of is whether s is the speaker of r.
func (s *Speaker) Of(r *Record) bool {
	return s.of.Conn == r.Conn && s.of.Process == r.Process && s.of.Session == r.Session &&
		s.of.Opener == r.Opener && s.of.URL == r.URL && s.of.Client == r.Client
}

// AppendRecord appends r, of which s is the speaker, as the function AppendRecord
// does, and says where in dst the value of Msg stands then.
func (s *Speaker) AppendRecord(dst []byte, r *Record) (line []byte, from, to int) {
	dst = append(dst, '{')
	if r.V != 0 {
		dst = append(appendInt(dst, `"v":`, int64(r.V)), ',')
	}
	dst = optionalInt(s.appendTime(dst, r.Time), `,"mono":`, r.Mono)
	dst = append(dst, s.process...)
	dst = optionalInt(dst, `,"tid":`, int64(r.TID))
	dst = append(dst, s.start...)
	dst = appendString(append(dst, `,"ev":`...), string(r.Event))
	dst = append(dst, s.session...)
	dst = appendPlace(dst, r)
	from = len(dst) + len(`,"msg":`)
	dst = appendBody(dst, r)
	to = len(dst)
	return appendRest(dst, r), from, to
}

// appendTime appends what appendTime does.
func (s *Speaker) appendTime(dst []byte, at int64) []byte {
	second, nanos := at/int64(time.Second), at%int64(time.Second)
	if nanos <= 0 { // before 1970, or no fraction to be written
		return appendTime(dst, at)
	}
	if s.clock == nil || s.second != second {
		s.second, s.clock = second, appendTime(s.clock[:0], second*int64(time.Second))
		s.clock = s.clock[:len(s.clock)-len(`Z"`)]
	}
	dst = append(append(dst, s.clock...), '.')
	from := len(dst)
	dst = strconv.AppendInt(dst, nanos+int64(time.Second), 10) // ten digits
	dst = append(dst[:from], dst[from+1:]...)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return append(dst, 'Z', '"')
}
