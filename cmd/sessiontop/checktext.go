package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// What check prints at most, so that the answer fits a screen; --json and
// --filter give the rest.
const (
	maxBlocks    = 20 // sessions
	maxSentences = 5  // findings of one session, its own not counted
	maxAdvice    = 3  // different pieces of advice for one session
)

// textPrinter prints the report for a person: a block for each session with
// findings, the sickest first, then a summary.
type textPrinter struct {
	*report
	w     io.Writer
	ascii bool
	bad   lipgloss.Style
	mild  lipgloss.Style
	faint lipgloss.Style
	bold  lipgloss.Style
}

// writeText prints the report for a person.
func (a *app) writeText(rep *report) error {
	env := os.Environ()
	if a.colourless() {
		env = append(env, "NO_COLOR=1")
	}
	out := bufio.NewWriter(colorprofile.NewWriter(a.stdout, env))
	p := &textPrinter{
		report: rep, w: out, ascii: a.ascii,
		bad:   lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Red),
		mild:  lipgloss.NewStyle().Foreground(lipgloss.Yellow),
		faint: lipgloss.NewStyle().Faint(true),
		bold:  lipgloss.NewStyle().Bold(true),
	}
	blocks := rep.blocks()
	for i, b := range blocks {
		if i == maxBlocks {
			p.line("%s more with findings: see --json, or choose with --filter\n", counted(uint64(len(blocks)-i), "session"))
			break
		}
		p.block(b)
	}
	p.verifySummary()
	p.summary(blocks)
	return out.Flush()
}

// line prints text that holds no bytes of the log but sanitised ones.
func (p *textPrinter) line(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	if p.ascii {
		s = strings.NewReplacer("✗", "x", "·", "-", "…", "...").Replace(s)
	}
	fmt.Fprintln(p.w, s)
}

// block is the findings of one session.
type block struct {
	session  model.SessionID
	findings []*model.Finding // in order of time
	worst    model.Severity
	counts   map[model.FindingKind]uint64
}

// blocks groups the findings by session, the sickest first.
func (r *report) blocks() []*block {
	by := make(map[model.SessionID]*block)
	var all []*block
	for _, f := range r.findings {
		b := by[f.Session]
		if b == nil {
			b = &block{session: f.Session, counts: make(map[model.FindingKind]uint64)}
			by[f.Session] = b
			all = append(all, b)
		}
		b.findings = append(b.findings, f)
		b.worst = max(b.worst, f.Severity())
		b.counts[f.Kind]++
	}
	slices.SortStableFunc(all, func(x, y *block) int {
		return cmp.Or(cmp.Compare(y.worst, x.worst), cmp.Compare(len(y.findings), len(x.findings)))
	})
	return all
}

func (p *textPrinter) block(b *block) {
	p.line("%s %s", p.sign(b.worst), p.bold.Render(sanitize.Text(cmp.Or(p.label(b.session), "(no session)"))))
	p.line("  %s", p.tally(b))
	sentences, own := 0, true
	for _, f := range order(b.findings) {
		if own && !ofSession(f) {
			own = false
			p.line("")
		}
		if !ofSession(f) {
			if sentences++; sentences > maxSentences {
				break
			}
		}
		p.sentence(f)
	}
	if more := len(b.findings) - int(b.counts[model.SharedSession]+b.counts[model.InheritedSession]) - maxSentences; more > 0 {
		p.line("  %s", p.faint.Render(fmt.Sprintf("… and %s more", thousands(uint64(more)))))
	}
	p.reasons(b)
	p.line("")
}

// ofSession says that the finding is about the session, not about one reply.
func ofSession(f *model.Finding) bool {
	return f.Kind == model.SharedSession || f.Kind == model.InheritedSession
}

// order puts the findings about the session first.
func order(findings []*model.Finding) []*model.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *model.Finding) int {
		switch {
		case ofSession(a) == ofSession(b):
			return 0
		case ofSession(a):
			return -1
		}
		return 1
	})
	return sorted
}

func (p *textPrinter) sign(s model.Severity) string {
	if s == model.Error {
		return p.bad.Render("✗")
	}
	return p.mild.Render("!")
}

// tally is the number of findings of each kind, in the order of the kinds.
func (p *textPrinter) tally(b *block) string {
	var parts []string
	for _, k := range model.FindingKinds() {
		if n := b.counts[k]; n > 0 {
			parts = append(parts, thousands(n)+" "+k.String())
		}
	}
	if s := p.snap.Session(b.session); s != nil {
		parts = append(parts, "of "+counted(s.Calls, "call"))
	}
	return strings.Join(append(parts, span(b.findings)), " · ")
}

// span is from when to when there were findings.
func span(findings []*model.Finding) string {
	first, last := findings[0].Time, int64(0)
	for _, f := range findings {
		last = max(last, f.Time, f.Last)
	}
	from, to := time.Unix(0, first).UTC(), time.Unix(0, last).UTC()
	if from.Truncate(time.Second).Equal(to.Truncate(time.Second)) {
		return "at " + from.Format(time.DateTime) + " UTC"
	}
	layout := time.TimeOnly
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		layout = time.DateTime
	}
	return "from " + from.Format(time.DateTime) + " to " + to.Format(layout) + " UTC"
}

// sentence tells one finding, how sure it is, and where to look.
func (p *textPrinter) sentence(f *model.Finding) {
	sure := f.Certainty.String()
	if names := f.Evidence.Names(); len(names) > 0 {
		sure += " by " + strings.Join(names, ", ")
	}
	message := sanitize.Text(p.snap.Explain(f).Message)
	p.line("  %s  %s  %s", clock(f.Time), message, p.faint.Render("("+sure+")"))
	if f.Reply.Len > 0 {
		p.line("                   %s", p.faint.Render(sanitize.Text(p.where(f.Reply))))
	}
	p.verifications(p.verified[f])
}

// reasons prints the causes and the advice, each once.
func (p *textPrinter) reasons(b *block) {
	var causes, advice []string
	for _, f := range order(b.findings) {
		words := p.snap.Explain(f)
		cause := sanitize.Text(words.Cause) // one line, whatever a name in it holds
		if cause != "" && !slices.Contains(causes, cause) && len(causes) < maxAdvice {
			causes = append(causes, cause)
		}
		if words.Advice != "" && !slices.Contains(advice, words.Advice) && len(advice) < maxAdvice {
			advice = append(advice, words.Advice)
		}
	}
	if len(causes)+len(advice) > 0 {
		p.line("")
	}
	p.paragraphs("Cause ", causes)
	p.paragraphs("Advice", advice)
}

func (p *textPrinter) paragraphs(head string, texts []string) {
	for _, text := range texts {
		for _, l := range strings.Split(text, "\n") {
			p.line("  %s  %s", p.bold.Render(head), sanitize.Text(l))
			head = "      "
		}
	}
}

func (p *textPrinter) summary(blocks []*block) {
	t := &p.snap.Totals
	errors, warnings := p.count(model.Error), p.count(model.Warning)
	what := ""
	if !p.filter.All() {
		what = " matching the filter"
	}
	switch {
	case nothingSeen(p.snap) && errors+warnings == 0:
		p.line("%s: no call, no reply", p.bold.Render("Nothing to judge"))
	case errors+warnings == 0:
		p.line("%s%s in %s", p.bold.Render("No findings"), what, counted(t.Sessions, "session"))
	default:
		p.line("%s%s: %s, %s; in %s of %s", p.bold.Render(counted(errors+warnings, "finding")), what,
			counted(errors, "error"), counted(warnings, "warning"), thousands(uint64(len(blocks))), counted(t.Sessions, "session"))
	}
	failed := ""
	if t.Failed > 0 {
		failed = " · " + counted(t.Failed, "failed call")
	}
	p.line("%s · %s · %s%s · %s, %s unusable, %s lost", counted(t.Processes, "process"), counted(t.Calls, "call"),
		counted(t.Replies, "reply"), failed, counted(t.Lines, "line"), thousands(t.Malformed), thousands(t.Lost))
}
