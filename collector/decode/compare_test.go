package decode_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// run decodes data with a fresh Decoder.
func run(data string) decode.Out {
	var out decode.Out
	newDecoder().Block(7, 0, []byte(data), &out)
	return out
}

func newDecoder() *decode.Decoder {
	return decode.New(model.NewInterner(1<<20), model.NoDialect{})
}

// one decodes one line that must be good.
func one(t *testing.T, line string) (model.Event, []model.Message) {
	t.Helper()
	out := run(line + "\n")
	if len(out.Events) != 1 || out.Stats.Malformed != 0 {
		t.Fatalf("%s: %d events, malformed %d: %s", line, len(out.Events), out.Stats.Malformed, out.Stats.BadReason)
	}
	return out.Events[0], out.Messages
}

// agree holds what Block made of data against the reference. Where a line
// starts is in its event, so a message's At can be checked by what stands
// there.
func agree(t *testing.T, data []byte) {
	t.Helper()
	in := model.NewInterner(1 << 20)
	want := reference(in, 7, 0, data)
	var got decode.Out
	decode.New(in, model.NoDialect{}).Block(7, 0, data, &got)
	for _, ev := range got.Events {
		for _, m := range got.Messages[ev.Msg : ev.Msg+ev.NMsg] {
			if m.Len == 0 {
				continue
			}
			if at := ev.Origin.Offset + int64(m.At); at+int64(m.Len) > ev.Origin.Offset+int64(ev.Origin.Len) {
				t.Errorf("a message lies outside of its line: At %d, Len %d of %d", m.At, m.Len, ev.Origin.Len)
			}
		}
	}
	for i := range got.Messages {
		got.Messages[i].At = 0
	}
	got.Stats.BadOffset, got.Stats.BadReason = 0, ""
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the reference and Block differ (- reference, + Block) on %q:\n%s", cut(data), diff)
	}
}

func cut(data []byte) []byte { return data[:min(len(data), 2000)] }
