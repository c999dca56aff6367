package synth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
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
	i := strings.Index(s, `"msg":`)
	ts := s[strings.Index(s, "T09:"):]
	ts = ts[:strings.Index(ts, `"`)]
	pid := s[strings.Index(s, `"pid":`):]
	pid = pid[:strings.Index(pid, ",")]
	m := strings.TrimSpace(s[i+6:])
	return fmt.Sprintf("%s %s %.150s\n", ts, pid, m)
}

func TestBreakdown(t *testing.T) {
	for _, c := range scenarios() {
		if c.name != "no jitter" && c.name != "shared sockets" && c.name != "fifo" {
			continue
		}
		r := simulate(t, c.cfg)
		for _, k := range r.score().Cases {
			fmt.Print(c.name, r.explain(k))
		}
	}
}
