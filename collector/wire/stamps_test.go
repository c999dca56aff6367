package wire

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStamps holds pieces and stamps against the chunks that the bytes came
// in, of random sizes and from random processes.
func TestStamps(t *testing.T) {
	stream := strings.Repeat(ok(reply1)+"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks(reply1, 9), 30)
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 3))
		owner := make([]Chunk, 0, len(stream)) // of each byte
		a := New(Options{})
		n := 0
		emit := func(m Message) {
			n++
			var want []part
			for at := m.Off; at < m.End; at++ {
				if k := len(want) - 1; k >= 0 && want[k].PID == owner[at].PID {
					want[k].Len++
				} else {
					want = append(want, part{owner[at].PID, at, 1})
				}
			}
			if d := cmp.Diff(want, parts(m)); d != "" {
				t.Fatalf("seed %d, message %d:\n%s", seed, n, d)
			}
			first, last := owner[m.Off].Time, owner[m.End-1].Time
			if m.First.Time != first || m.Last.Time != last {
				t.Fatalf("seed %d, message %d: %d..%d, want %d..%d", seed, n, m.First.Time, m.Last.Time, first, last)
			}
			for _, p := range m.Pieces {
				if p.First.Time != owner[p.Off].Time || p.Last.Time != owner[p.Off+p.Len-1].Time {
					t.Fatalf("seed %d, message %d: piece %+v", seed, n, p)
				}
			}
		}
		for rest := stream; len(rest) > 0; {
			k := min(1+r.IntN(1+r.IntN(200)), len(rest))
			ch := Chunk{Conn: 1, Dir: Received, PID: int32(r.IntN(2)), Time: int64(len(owner)), Data: []byte(rest[:k])}
			for range k {
				owner = append(owner, ch)
			}
			a.Feed(ch, emit)
			rest = rest[k:]
		}
		if n != 60 {
			t.Fatalf("seed %d: %d messages", seed, n)
		}
	}
}
