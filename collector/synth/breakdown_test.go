package synth_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
)

// explain tells the story of a case: what passed on the wire around it.
func (r *run) explain(c synth.Case) string {
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s", c.What)
	if c.Finding != nil {
		fmt.Fprintf(&b, " finding=%s/%s ev=%v", c.Finding.Kind, c.Finding.Certainty, c.Finding.Evidence.Names())
		if c.Finding.Owner.Known() {
			fmt.Fprintf(&b, " says owner %d#%s", r.snap.PID(c.Finding.Owner.Proc), c.Finding.Owner.ID)
		}
	}
	if c.Reply == nil {
		return b.String() + "\n"
	}
	fmt.Fprintf(&b, " kind=%s twin=%v reader=%d\n", c.Reply.Kind, c.Reply.Twin, c.Reply.PID)
	if c.Reply.Took != nil {
		fmt.Fprintf(&b, "  took : %s", r.short(c.Reply.Took.Line))
	}
	if c.Reply.Owner != nil {
		fmt.Fprintf(&b, "  owner: %s", r.short(c.Reply.Owner.Line))
	}
	fmt.Fprintf(&b, "  reply: %s", r.short(c.Reply.Line))
	return b.String()
}

func (r *run) short(l synth.Line) string {
	s := r.line(l)
	ts, pid := between(s, "T09:", `"`), between(s, `"pid":`, ",")
	m := s[max(0, strings.Index(s, `"msg":`)):]
	if strings.Contains(s, `"ev":"fail"`) {
		m = s[strings.Index(s, `"err":`):]
	}
	return fmt.Sprintf("%s %s %.130s\n", ts, pid, strings.TrimSpace(m))
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// TestBreakdown tells two stories of each kind of difference, of the scenarios
// whose name contains SYNTH_SCENARIO.
func TestBreakdown(t *testing.T) {
	want := os.Getenv("SYNTH_SCENARIO")
	if want == "" {
		t.Skip("SYNTH_SCENARIO names no scenario")
	}
	for _, c := range scenarios() {
		if !strings.Contains(c.name, want) {
			continue
		}
		r := simulate(t, c.cfg)
		classes := map[string][]synth.Case{}
		for _, k := range r.score().Cases {
			classes[class(k)] = append(classes[class(k)], k)
		}
		for _, name := range slices.Sorted(maps.Keys(classes)) {
			fmt.Printf("### %s: %s: %d\n", c.name, name, len(classes[name]))
			for _, k := range classes[name][:min(2, len(classes[name]))] {
				fmt.Print(r.explain(k), r.around(k))
			}
		}
	}
}

// class names a kind of difference.
func class(k synth.Case) string {
	s := k.What
	if k.Finding != nil {
		s += fmt.Sprintf(" says %s/%s", k.Finding.Kind, k.Finding.Certainty)
	}
	if k.Reply != nil {
		s += fmt.Sprintf(" due %q twin=%v", k.Reply.Kind, k.Reply.Twin)
	}
	return s
}

// around is what passed on the connection around the reply of a case.
func (r *run) around(k synth.Case) string {
	if k.Reply == nil {
		if k.Finding == nil || !k.Finding.Call.Known() {
			return ""
		}
		file, offset := r.resolve(k.Finding.Call.Origin)
		return "  call " + r.lineAt(file, offset)
	}
	at := -1
	for i := range r.out.Events {
		file, offset := r.resolve(r.out.Events[i].Origin)
		if file == k.Reply.File && offset == k.Reply.Offset {
			at = i
		}
	}
	var b strings.Builder
	conn := r.out.Events[at].Conn.Key
	from, n := at, 0
	for ; from > 0 && n < 9; from-- {
		if c := r.out.Events[from].Conn; c != nil && c.Key == conn {
			n++
		}
	}
	for i, after := from, 0; i < len(r.out.Events) && after < 4; i++ {
		e := &r.out.Events[i]
		if e.Conn == nil || e.Conn.Key != conn {
			continue
		}
		mark := "    "
		if i == at {
			mark = "  > "
		}
		if i > at {
			after++
		}
		file, offset := r.resolve(e.Origin)
		verb := map[model.EventKind]string{model.Send: "send", model.Recv: "recv", model.Fail: "fail", model.Close: "close", model.Open: "open"}[e.Kind]
		fmt.Fprintf(&b, "%s%-5s %s", mark, verb, r.short(synth.Line{File: file, Offset: offset, Len: int(e.Origin.Len)}))
	}
	return b.String()
}

func (r *run) lineAt(file string, offset int64) string {
	text := r.files[file]
	start := bytes.LastIndexByte(text[:offset], '\n') + 1
	end := start + bytes.IndexByte(text[start:], '\n') + 1
	return r.short(synth.Line{File: file, Offset: int64(start), Len: end - start})
}
