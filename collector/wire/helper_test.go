package wire

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// said is some bytes of a conversation.
type said struct {
	dir  Dir
	data string
	pid  int32
}

func sent(s ...string) said     { return said{dir: Sent, data: join(s), pid: 1} }
func received(s ...string) said { return said{dir: Received, data: join(s), pid: 1} }

func join(s []string) string {
	var b bytes.Buffer
	for _, s := range s {
		b.WriteString(s)
	}
	return b.String()
}

// got is a message as the tests compare it.
type got struct {
	Dir    Dir
	Proto  Proto
	Body   string
	Status int
	Flags  Flags
	Stream uint32
}

type full struct {
	Message                    got
	Off, End, BodyOff, Missing int64
}

// listen is an emit that keeps what it gets.
func listen(to *[]Message) func(Message) {
	return func(m Message) {
		m.Body = bytes.Clone(m.Body)
		m.Pieces = append([]Piece(nil), m.Pieces...)
		*to = append(*to, m)
	}
}

func simple(m Message) got {
	return got{m.Dir, m.Proto, string(m.Body), m.Status, m.Flags, m.Stream}
}

// talk feeds a conversation, cut by split, over one connection, and closes it.
func talk(t testing.TB, opt Options, split func(n int) int, conversation ...said) ([]Message, Loss) {
	t.Helper()
	a := New(opt)
	var all []Message
	emit := listen(&all)
	at := [2]int64{}
	now := int64(0)
	for _, s := range conversation {
		for b := []byte(s.data); len(b) > 0; {
			n := split(len(b))
			now++
			a.Feed(Chunk{Conn: 7, Dir: s.dir, PID: s.pid, TID: s.pid, Time: now, Mono: now,
				Off: at[s.dir], HasOff: true, Data: bytes.Clone(b[:n])}, emit)
			at[s.dir] += int64(n)
			b = b[n:]
		}
	}
	loss := a.Close(7, emit)
	if a.Memory() != 0 || a.Conns() != 0 {
		t.Errorf("after Close: %d bytes, %d connections", a.Memory(), a.Conns())
	}
	return all, loss
}

func wholeWrites(n int) int { return n }

func randomly(r *rand.Rand, most int) func(int) int {
	return func(n int) int { return 1 + r.IntN(min(n, most)) }
}

// check compares what a conversation gives with want: whole, byte by byte, and
// in random pieces.
func check(t *testing.T, conversation []said, want ...got) {
	t.Helper()
	all, loss := talk(t, Options{}, wholeWrites, conversation...)
	var have []got
	for _, m := range all {
		have = append(have, simple(m))
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Fatalf("messages (-want +got):\n%s", d)
	}
	checkSplits(t, conversation, all, loss)
}

// perDir are the messages of each direction.
func perDir(all []Message) (d [2][]full) {
	for _, m := range all {
		d[m.Dir] = append(d[m.Dir], full{simple(m), m.Off, m.End, m.BodyOff, m.Missing})
	}
	return d
}

func checkSplits(t *testing.T, conversation []said, want []Message, loss Loss) {
	t.Helper()
	splits := map[string]func(int) int{"bytes": func(int) int { return 1 }}
	for seed := range uint64(8) {
		splits[fmt.Sprint("seed ", seed)] = randomly(rand.New(rand.NewPCG(seed, 1)), 1<<(1+seed))
	}
	for name, split := range splits {
		again, lost := talk(t, Options{}, split, conversation...)
		if d := cmp.Diff(perDir(want), perDir(again)); d != "" {
			t.Fatalf("split by %s (-whole +split):\n%s", name, d)
		}
		if d := cmp.Diff(loss, lost); d != "" {
			t.Fatalf("loss, split by %s (-whole +split):\n%s", name, d)
		}
	}
}

const (
	ask1   = `{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}`
	reply1 = `{"jsonrpc":"2.0","id":1,"result":true}`
)

func post(body string, fields ...string) string {
	return fmt.Sprintf("POST / HTTP/1.1\r\nHost: node:8545\r\n%sContent-Length: %d\r\n\r\n%s", join(fields), len(body), body)
}

func ok(body string, fields ...string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", join(fields), len(body), body)
}

func deadline() time.Time { return time.Now().Add(time.Minute) }
