package model

// Fingerprint is what matching needs of a message's body, taken once while it
// is decoded, so that "could this reply be that call's" costs a few
// instructions for any pair.
//
// On a Result, Kinds is the set of kinds of value that the result could be and
// the other fields are what it names. On a Request, Kinds is the set of kinds
// that its method can return and the other fields are what the result must
// name. Zero means, in every field, that nothing is known: no opinion.
type Fingerprint struct {
	Kinds Kinds
	Lo    uint64 // lowest block number + 1: Result, named; Request, allowed
	Hi    uint64 // highest block number + 1, likewise
	Block uint64 // digest of a block hash
	Tx    uint64 // digest of a transaction hash
	Addr  uint64 // digest of an address
	Aux   uint64 // digest of another value that the parameters determine (see Rule)
	Rule  Rule   // Request: how its result is held against others of its method
}

// Kinds is a set of kinds of result; its bits are the dialect's.
type Kinds uint64

// Rule is how the results of a method are bound to each other.
type Rule uint8

const (
	RuleNone     Rule = iota
	RuleConstant      // the same Aux from one endpoint for ever (eth_chainId)
	RuleHeight        // Lo does not go back by more than a reorganisation (eth_blockNumber)
	RuleFixed         // Aux of the request determines Aux of the result (a read at a numbered block)
)

// Dialect reads fingerprints off bodies. Its methods are pure and may be
// called from any goroutine; they must not keep the bytes. Both are given
// valid JSON: the raw params (empty where absent) and the raw result.
type Dialect interface {
	Ask(method string, params []byte) Fingerprint
	Reply(result []byte) Fingerprint
}

// NoDialect has no opinion on any message.
type NoDialect struct{}

// Ask returns the empty Fingerprint.
func (NoDialect) Ask(string, []byte) Fingerprint { return Fingerprint{} }

// Reply returns the empty Fingerprint.
func (NoDialect) Reply([]byte) Fingerprint { return Fingerprint{} }

// Fits says whether r can be a result of the method that ask asked with.
func (ask *Fingerprint) Fits(r *Fingerprint) bool {
	return ask.Kinds == 0 || r.Kinds == 0 || ask.Kinds&r.Kinds != 0
}

// Echo holds what r names against what ask demands.
func (ask *Fingerprint) Echo(r *Fingerprint) EchoVerdict {
	v := EchoSilent
	if ask.Lo != 0 && r.Lo != 0 {
		if r.Lo < ask.Lo || (ask.Hi != 0 && r.Hi > ask.Hi) {
			return EchoContradicts
		}
		if ask.Lo == ask.Hi {
			v = EchoAgrees
		}
	}
	for _, p := range [...][2]uint64{{ask.Block, r.Block}, {ask.Tx, r.Tx}, {ask.Addr, r.Addr}} {
		if p[0] == 0 || p[1] == 0 {
			continue
		}
		if p[0] != p[1] {
			return EchoContradicts
		}
		v = EchoAgrees
	}
	if ask.Rule == RuleNone && ask.Aux != 0 && r.Aux != 0 {
		if ask.Aux != r.Aux {
			return EchoContradicts
		}
		v = EchoAgrees
	}
	return v
}

// EchoVerdict is what the named values say of a pair.
type EchoVerdict uint8

const (
	EchoSilent      EchoVerdict = iota // nothing to compare
	EchoAgrees                         // the result names what was asked for
	EchoContradicts                    // it names something else
)
