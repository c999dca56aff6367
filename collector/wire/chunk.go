package wire

// Dir is a direction of a connection as its client sees it.
type Dir uint8

const (
	Sent     Dir = iota // the client writes
	Received            // the client reads
)

// Chunk is what one process wrote or read at once.
type Chunk struct {
	Conn      uint64 // names the connection; the same for all processes that share it
	Time      int64  // wall clock, Unix nanoseconds
	Mono      int64  // CLOCK_MONOTONIC nanoseconds, 0: not known
	Off       int64  // offset of Data[0] in its direction of the connection (HasOff)
	Data      []byte // the bytes, as far as they were captured; not kept
	Truncated int    // bytes that follow Data in the same write or read and were not captured
	PID       int32
	TID       int32 // native thread id, 0: not known
	Dir       Dir
	HasOff    bool // else the chunk follows the one before it
	Lost      bool // HasOff: bytes before it that have not come will not come
	After     bool // HasOff: if it is the first of its direction, those before it are still to come
}

// maxOff is the greatest offset that is believed; it leaves room for sums.
const maxOff = 1 << 61

// size is how much of the stream the chunk stands for.
func (ch *Chunk) size() int64 { return int64(len(ch.Data)) + int64(ch.Truncated) }

func (ch *Chunk) stamp() Stamp { return Stamp{Time: ch.Time, Mono: ch.Mono} }

// after is the chunk without its first n bytes.
func (ch Chunk) after(n int64) Chunk {
	ch.Off += n
	known := min(n, int64(len(ch.Data)))
	ch.Data = ch.Data[known:]
	ch.Truncated -= int(n - known)
	return ch
}
