package main

import (
	"context"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/sessiontop/sessiontop/model"
)

// verifyReport verifies what is behind the findings, and up to sample healthy
// calls, where --verify names a node. The error is that it cannot be reached;
// what was verified before stands in the report.
func (a *app) verifyReport(ctx context.Context, rep *report, sample int) error {
	if a.verify == "" {
		return nil
	}
	client, err := dial(ctx, a.verify)
	if err != nil {
		return err
	}
	defer client.Close()
	rep.node = model.RedactURL(a.verify)
	rep.verified = make(map[*model.Finding][]verification)
	for _, f := range rep.findings {
		all := pairs(f)
		for i := range all {
			if err := rep.verify(ctx, client, a.verify, &all[i]); err != nil {
				return err
			}
			rep.verified[f] = append(rep.verified[f], all[i])
		}
	}
	return rep.verifySample(ctx, client, a.verify, sample)
}

// verifySample verifies up to n calls without a finding, those that the node
// can be asked about, spread over all.
func (r *report) verifySample(ctx context.Context, client *rpc.Client, address string, n int) error {
	if n == 0 {
		return nil
	}
	q := model.NewQuery(model.ScreenCalls)
	q.Filter = r.filter
	rows, err := r.snap.Run(ctx, q)
	if err != nil {
		return err
	}
	for i := range spread(rows.Len()) {
		c := r.snap.Calls.At(rows.At(i))
		if c == nil || c.State != model.Answered || c.Finding != 0 || c.Is(model.CallError) {
			continue
		}
		v := verification{role: roleSample, call: refOf(c), reply: c.Reply}
		if err := r.verify(ctx, client, address, &v); err != nil {
			return err
		}
		if v.verdict() != unknown {
			r.sample = append(r.sample, v)
		}
		if len(r.sample) == n {
			return nil
		}
	}
	return nil
}

// spread yields 0 … n-1, each once, in an order of which every beginning is
// spread evenly: steps of about the golden section.
func spread(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		step := max(1, int(float64(n)*0.618))
		for gcd(step, n) > 1 {
			step++
		}
		for k, at := 0, 0; k < n; k, at = k+1, (at+step)%n {
			if !yield(at) {
				return
			}
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// verifyJSON is a line of check --json that follows its finding's, or of the
// sample.
type verifyJSON struct {
	Role        string           `json:"role"`
	Call        *callJSON        `json:"call"`
	Reply       *placeJSON       `json:"reply"`
	Verdict     string           `json:"verdict"`
	Differences []differenceJSON `json:"differences,omitempty"`
	Why         string           `json:"why,omitempty"`
}

type differenceJSON struct {
	Field string `json:"field"` // "": the whole result
	Got   string `json:"got"`
	Want  string `json:"want"`
}

func (r *records) verifyJSON(v *verification) map[string]verifyJSON {
	out := verifyJSON{Role: v.role, Call: r.callJSON(&v.call), Reply: r.placed(v.reply), Verdict: v.verdict(), Why: v.why}
	for _, d := range v.found {
		out.Differences = append(out.Differences, differenceJSON(d))
	}
	return map[string]verifyJSON{"verify": out}
}
