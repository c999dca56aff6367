package main

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// What a pair of a call and a reply is to a finding.
const (
	roleCall   = "call"   // the call that the reader took the reply for
	roleOwner  = "owner"  // the call that the reply answers
	roleSample = "sample" // no finding: one of the healthy calls
)

// verification is what a node, and computation, say of a reply to a call.
type verification struct {
	role  string
	call  model.CallRef
	reply model.Origin
	asked bool // the node has answered
	found []ethereum.Difference
	why   string // the node was not asked, or gave no result
}

// What a verification says.
const (
	differs = "differs" // something in the reply is not what it must be
	agrees  = "agrees"  // the node answers the same
	unknown = "unknown" // the node was not asked
)

func (v *verification) verdict() string {
	switch {
	case len(v.found) > 0:
		return differs
	case v.asked:
		return agrees
	}
	return unknown
}

// pairs is the calls that could have been answered by the finding's reply.
func pairs(f *model.Finding) []verification {
	var all []verification
	if f.Reply.Len == 0 {
		return nil
	}
	if f.Call.Known() {
		all = append(all, verification{role: roleCall, call: f.Call, reply: f.Reply})
	}
	if f.Owner.Known() {
		all = append(all, verification{role: roleOwner, call: f.Owner, reply: f.Reply})
	}
	return all
}

// refOf is a call as findings name it, but for its Seq.
func refOf(c *model.Call) model.CallRef {
	return model.CallRef{Time: c.Asked, Origin: c.Ask, ID: c.ID, Proc: c.Asker, Method: c.Method}
}

// verify fills in what client, the node at address, and computation say. The
// error is that the node cannot be reached.
func (r *records) verify(ctx context.Context, client *rpc.Client, address string, v *verification) error {
	x, err := r.exchange(v.call.Origin, v.reply)
	if err != nil {
		v.why = err.Error()
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	v.found, err = ethereum.Verifier{Client: client}.Ask(ctx, x.method, x.params, x.result)
	switch {
	case err == nil:
		v.asked = true
	case errors.Is(err, ethereum.ErrNotFixed):
		v.why = err.Error()
		v.found = ethereum.Verify(x.method, x.params, x.result)
	case answered(err):
		v.why = model.RedactText(err.Error())
	default:
		return unreachable(address, err)
	}
	return nil
}
