package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// verifyCall is the screens' way to verify: the node of the call's session, or
// the one that --verify names, is asked once more. What its process took for
// the reply is held against the answer, and the reply that is its own, where
// that is another.
func (a *app) verifyCall(ctx context.Context, bodies model.Bodies, s *model.Snapshot, c *model.Call) (string, error) {
	address := a.verify
	if address == "" {
		se := s.Session(c.Session)
		if se == nil {
			return "", errors.New("the call's session is no longer kept; start with a larger --memory, or with --verify URL")
		}
		var err error
		if address, err = nodeOf(se.Conn); err != nil {
			return "", err
		}
	}
	r := newRecords(s, bodies)
	all := r.repliesOf(c)
	if len(all) == 0 {
		return "", errors.New("the call has no reply to be verified")
	}
	client, err := dial(ctx, address)
	if err != nil {
		return "", err
	}
	defer client.Close()
	var text strings.Builder
	for i := range all {
		if err := r.verify(ctx, client, address, &all[i]); err != nil {
			return "", err
		}
		r.tell(&text, &all[i])
	}
	fmt.Fprintf(&text, "\nNode: %s", model.RedactURL(address))
	return text.String(), nil
}

// repliesOf is what was read for the call: what its process took, and its own
// reply.
func (r *records) repliesOf(c *model.Call) []verification {
	var all []verification
	f := r.snap.FindingOf(c)
	if f != nil && f.Reply.Len > 0 && f.Call.Known() && f.Call.Origin == c.Ask {
		all = append(all, verification{role: roleCall, call: f.Call, reply: f.Reply})
	}
	if c.Reply.Len > 0 && (len(all) == 0 || c.Reply != f.Reply) {
		all = append(all, verification{role: roleOwner, call: refOf(c), reply: c.Reply})
	}
	return all
}

// tell says in a few lines how a reply compares.
func (r *records) tell(text *strings.Builder, v *verification) {
	reply := map[string]string{roleCall: "The reply that its process read", roleOwner: "Its reply"}[v.role]
	switch v.verdict() {
	case agrees:
		fmt.Fprintf(text, "%s is what the node answers.\n", reply)
	case differs:
		how := "is not what the node answers"
		if !v.asked {
			how = "contradicts itself or the request"
		}
		fmt.Fprintf(text, "%s %s:\n", reply, how)
		for i, d := range v.found {
			if i == maxShownDifferences {
				fmt.Fprintf(text, "  … and %s\n", counted(uint64(len(v.found)-i), "more difference"))
				break
			}
			fmt.Fprintf(text, "  %s: read %s, expected %s\n", cmp.Or(d.Field, "result"), d.Got, d.Want)
		}
	default:
		fmt.Fprintf(text, "%s was not verified: %s.\n", reply, v.why)
	}
}

// maxShownDifferences is how many differences of one reply a notice shows.
const maxShownDifferences = 12
