package record

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"time"
	"unicode/utf8"
)

// Version is the version of the session log that this package writes.
const Version = 1

// Event is what happened, as the log's "ev" spells it.
type Event string

const (
	Send  Event = "send"  // about to write a message: Msg
	Recv  Event = "recv"  // has read a message: Msg or Raw, Status
	Fail  Event = "fail"  // no reply was read: Err, ID
	Open  Event = "open"  // a connection was opened: Conn, URL
	Close Event = "close" // a connection was closed here
	Fork  Event = "fork"  // has a child: Child
	Exec  Event = "exec"  // became another program
	Exit  Event = "exit"  // ends: Code
	Lost  Event = "lost"  // the writer had to drop events here: N
)

// Record is one line. A zero field is not written, except that an Exit always
// has its Code, and a Lost its N; Off needs HasOff, since 0 is an offset.
type Record struct {
	Process
	Conn
	Event   Event
	V       int    // version, on a file's first line
	Time    int64  // wall clock, Unix nanoseconds; always written
	Mono    int64  // CLOCK_MONOTONIC, nanoseconds
	TID     int    // native thread id
	Session string // the client's own name of its session
	Opener  int    // PID that opened the connection
	URL     string // endpoint, secrets redacted
	Client  string // library and version of the client, as go-ethereum/1.17.10
	Off     int64  // offset of the message's first byte in its direction of the connection
	HasOff  bool
	UpTo    int64  // offset that its direction had reached just after it, if Off is not known and Size is
	Size    int64  // bytes that it takes on the connection
	Msg     []byte // the JSON-RPC message: one valid JSON value
	Raw     []byte // the body where it is no JSON
	Part    bool   // Msg or Raw is only some of the message's bytes
	Rest    bool   // … and not the first of them
	Status  int    // HTTP status
	Err     string // timeout, reset, refused, closed, or the library's own words
	ID      []byte // JSON of the id of the call that failed
	Child   int    // PID of the child
	Before  bool   // Open, Fork: it was before the log began, nobody knows when
	Code    int    // exit status, or minus the signal
	N       int    // Lost: events dropped, 0: nobody knows how many
	Seq     uint64 // 1, 2, 3 … per file
}

// Process is who writes: what names one process among all of one host.
type Process struct {
	Host  string // machine name; "" is this machine
	PID   int
	PPID  int
	NSPID int    // as the process itself counts it, where a PID namespace of its own makes that differ
	Start uint64 // start time in clock ticks since boot
	Comm  string // process name
}

// Conn is what names one connection.
type Conn struct {
	Cookie uint64 // socket cookie of the kernel, never used again
	Ino    uint64 // inode of the socket
	Local  string // ip:port of the client's end, or the path of a Unix socket
	Peer   string // ip:port of the server's end, or the path of a Unix socket
}

// AppendRecord appends r to dst as one line of a session log, with its "\n". It
// redacts nothing, and allocates only where dst has to grow. Newlines between
// the tokens of Msg become spaces.
func AppendRecord(dst []byte, r Record) []byte {
	dst = append(dst, '{')
	if r.V != 0 {
		dst = appendInt(dst, `"v":`, int64(r.V))
		dst = append(dst, ',')
	}
	dst = optionalInt(appendTime(dst, r.Time), `,"mono":`, r.Mono)
	dst = appendProcess(dst, &r)
	dst = optionalInt(dst, `,"tid":`, int64(r.TID))
	dst = appendStart(dst, &r)
	dst = appendString(append(dst, `,"ev":`...), string(r.Event))
	dst = appendSession(dst, &r)
	dst = appendPlace(dst, &r)
	dst = appendBody(dst, &r)
	return appendRest(dst, &r)
}

func appendTime(dst []byte, at int64) []byte {
	dst = time.Unix(0, at).UTC().AppendFormat(append(dst, `"ts":"`...), time.RFC3339Nano)
	return append(dst, '"')
}

func appendProcess(dst []byte, r *Record) []byte {
	dst = optionalString(dst, `,"host":`, r.Host)
	dst = appendInt(dst, `,"pid":`, int64(r.PID))
	dst = optionalInt(dst, `,"ppid":`, int64(r.PPID))
	return optionalInt(dst, `,"nspid":`, int64(r.NSPID))
}

func appendStart(dst []byte, r *Record) []byte {
	dst = optionalUint(dst, `,"start":`, r.Start)
	return optionalString(dst, `,"comm":`, r.Comm)
}

func appendSession(dst []byte, r *Record) []byte {
	dst = optionalString(dst, `,"sess":`, r.Session)
	dst = optionalUint(dst, `,"cookie":`, r.Cookie)
	dst = optionalUint(dst, `,"ino":`, r.Ino)
	dst = optionalString(dst, `,"local":`, r.Local)
	dst = optionalString(dst, `,"peer":`, r.Peer)
	dst = optionalInt(dst, `,"opener":`, int64(r.Opener))
	dst = optionalString(dst, `,"url":`, r.URL)
	return optionalString(dst, `,"client":`, r.Client)
}

func appendPlace(dst []byte, r *Record) []byte {
	if r.HasOff {
		dst = appendInt(dst, `,"off":`, r.Off)
	}
	dst = optionalInt(dst, `,"upto":`, r.UpTo)
	return optionalInt(dst, `,"size":`, r.Size)
}

// appendRest appends what follows the body, and the line's end.
func appendRest(dst []byte, r *Record) []byte {
	if r.Part {
		dst = append(dst, `,"part":true`...)
	}
	if r.Rest {
		dst = append(dst, `,"rest":true`...)
	}
	dst = optionalInt(dst, `,"status":`, int64(r.Status))
	dst = optionalString(dst, `,"err":`, r.Err)
	if len(r.ID) > 0 {
		dst = appendJSON(append(dst, `,"id":`...), r.ID)
	}
	dst = optionalInt(dst, `,"child":`, int64(r.Child))
	if r.Before {
		dst = append(dst, `,"before":true`...)
	}
	if r.Event == Exit {
		dst = appendInt(dst, `,"code":`, int64(r.Code))
	}
	if r.Event == Lost {
		dst = appendInt(dst, `,"n":`, int64(r.N))
	}
	dst = optionalUint(dst, `,"seq":`, r.Seq)
	return append(dst, '}', '\n')
}

func appendBody(dst []byte, r *Record) []byte {
	if len(r.Msg) > 0 {
		dst = appendJSON(append(dst, `,"msg":`...), r.Msg)
	}
	if len(r.Raw) > 0 {
		dst = append(dst, `,"raw":`...)
		if utf8.Valid(r.Raw) {
			dst = appendString(dst, r.Raw)
		} else {
			dst = append(dst, '"')
			dst = base64.StdEncoding.AppendEncode(dst, r.Raw)
			dst = append(dst, `","enc":"base64"`...)
		}
	}
	return dst
}

// appendJSON appends a JSON value on one line. JSON has no bare newline inside
// a string, so each one is white space.
func appendJSON(dst, value []byte) []byte {
	for {
		i := bytes.IndexByte(value, '\n')
		if i < 0 {
			return append(dst, value...)
		}
		dst = append(append(dst, value[:i]...), ' ')
		value = value[i+1:]
	}
}

func appendInt(dst []byte, key string, n int64) []byte {
	return strconv.AppendInt(append(dst, key...), n, 10)
}

func optionalInt(dst []byte, key string, n int64) []byte {
	if n == 0 {
		return dst
	}
	return appendInt(dst, key, n)
}

func optionalUint(dst []byte, key string, n uint64) []byte {
	if n == 0 {
		return dst
	}
	return strconv.AppendUint(append(dst, key...), n, 10)
}

func optionalString(dst []byte, key, s string) []byte {
	if s == "" {
		return dst
	}
	return appendString(append(dst, key...), s)
}

// appendString appends s as a JSON string; bytes that are not UTF-8 become
// U+FFFD.
func appendString[S string | []byte](dst []byte, s S) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c < ' ' || c == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		default:
			r, n := decodeRune(s[i:])
			dst = utf8.AppendRune(dst, r) // RuneError is U+FFFD
			i += n
			continue
		}
		i++
	}
	return append(dst, '"')
}

func decodeRune[S string | []byte](s S) (rune, int) {
	var b [utf8.UTFMax]byte
	return utf8.DecodeRune(b[:copy(b[:], s)])
}
