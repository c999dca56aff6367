package live

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/sessiontop/sessiontop/model"
)

// TestReorder: every event comes out once, with its message, in order of time,
// and of coming where that is equal, but for those marked late, and none before
// its time.
func TestReorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r reorder
		seen := map[int64]bool{}
		last, off, n := int64(-1<<62), int64(0), int64(0)
		take := func(mark int64) {
			b := r.release(mark)
			for _, ev := range b.Events {
				if m := b.Messages[ev.Msg]; ev.NMsg != 1 || int64(m.ID.Val) != ev.Off || seen[ev.Off] {
					t.Fatalf("%+v with %+v, seen %v", ev, m, seen[ev.Off])
				}
				seen[ev.Off] = true
				late := ev.Flags&model.Late != 0
				if ev.Time > mark || !late && (ev.Time < last || ev.Time == last && ev.Off < off) {
					t.Fatalf("time %d after %d, released up to %d", ev.Time, last, mark)
				}
				if ev.Time >= last {
					last, off = ev.Time, ev.Off
				}
			}
		}
		for range rapid.IntRange(0, 20).Draw(t, "rounds") {
			var events []model.Event
			var msgs []model.Message
			for _, at := range rapid.SliceOfN(rapid.Int64Range(0, 50), 0, 3*near).Draw(t, "times") {
				events = append(events, model.Event{Time: at, Off: n, Msg: uint32(len(msgs)), NMsg: 1})
				msgs = append(msgs, model.Message{ID: model.IntID(n)})
				n++
			}
			r.add(events, msgs)
			take(rapid.Int64Range(0, 60).Draw(t, "mark"))
		}
		take(1 << 60)
		if int64(len(seen)) != n {
			t.Fatalf("%d events came out of %d", len(seen), n)
		}
	})
}
