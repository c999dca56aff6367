package main

import (
	"fmt"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/ui/sanitize"
)

// maxDifferences is how many differences of one reply check prints.
const maxDifferences = 3

// verifications prints what was found out about the replies; of what the node
// was not asked, nothing.
func (p *textPrinter) verifications(all []verification) {
	for i := range all {
		v := &all[i]
		name := sanitize.Text(fmt.Sprintf("PID %d's %s", p.snap.PID(v.call.Proc), p.snap.Name(v.call.Method)))
		switch v.verdict() {
		case agrees:
			p.line("                   verified: the node gives this answer to %s", name)
		case differs:
			p.line("                   verified: %s for %s", p.bad.Render("not the answer"), name)
			for i, d := range v.found {
				if i == maxDifferences {
					p.line("                     … and %s", counted(uint64(len(v.found)-i), "more difference"))
					break
				}
				p.line("                     %s", sanitize.Text(d.String()))
			}
		}
	}
}

// verifySummary prints the sample's differences, and how many replies were
// verified.
func (p *textPrinter) verifySummary() {
	if p.node == "" {
		return
	}
	var n = map[string]uint64{}
	for _, all := range p.verified {
		for i := range all {
			n[all[i].verdict()]++
		}
	}
	shown := 0
	for i := range p.sample {
		v := &p.sample[i]
		n[v.verdict()]++
		if v.verdict() != differs || shown == maxBlocks {
			continue
		}
		if shown++; shown == 1 {
			p.line("%s", p.bold.Render("Replies without a finding that differ"))
		}
		p.line("  %s  %s", clock(v.call.Time), p.faint.Render(sanitize.Text(p.where(v.reply))))
		p.verifications(p.sample[i : i+1])
	}
	p.line("Verified with %s: %s as the node answers, %s not, %s that it was not asked about", sanitize.Text(p.node),
		counted(n[agrees], "reply"), thousands(n[differs]), thousands(n[unknown]))
}

// where is a place in words.
func (r *records) where(o model.Origin) string {
	at := r.place(o)
	return fmt.Sprintf("%s, offset %d", at.File, at.Offset)
}
