package model

// verdict is what the evidence says of one pair of a unit and a reply.
type verdict struct {
	against Evidence // reasons why the reply cannot be the unit's
	agrees  bool     // it names what the unit asked for
}

// judge holds a reply against a unit. Bytes that are no message could answer
// anything.
func (s *Store) judge(u *unit, r *reply) verdict {
	switch {
	case r.anonymous():
		return verdict{}
	case (u.items != nil) != (r.items != nil):
		// One object may answer a whole batch: an error of the server's.
		if u.items != nil && r.kind == ErrorReply {
			return verdict{}
		}
		return verdict{against: EvidenceID}
	case u.items != nil:
		return s.judgeBatch(u, r)
	}
	var v verdict
	if u.id != r.id {
		v.against |= EvidenceID
	}
	if r.kind == Result {
		s.judgeResult(&v, u, &u.ask, &r.print, u.method, r.t)
	}
	return v
}

// judgeBatch pairs the items by id; their order is free.
func (s *Store) judgeBatch(u *unit, r *reply) verdict {
	v := verdict{against: EvidenceID}
	for i := range r.items {
		m := &r.items[i]
		k := u.item(m.ID)
		if k < 0 {
			continue
		}
		v.against &^= EvidenceID
		if m.Kind == Result && !u.is(unitTwin) { // else which of the two items it answers is not known
			s.judgeResult(&v, u, &u.items[k].ask, &m.Print, u.items[k].method, r.t)
		}
	}
	return v
}

func (s *Store) judgeResult(v *verdict, u *unit, ask, print *Fingerprint, method Sym, t int64) {
	if !ask.Fits(print) {
		v.against |= EvidenceType
	}
	switch ask.Echo(print) {
	case EchoAgrees:
		v.agrees = true
	case EchoContradicts:
		v.against |= EvidenceEcho
	}
	if !u.ep.agrees(ask, print, method, t) {
		v.against |= EvidenceEcho
	}
}

// agrees says whether nothing speaks against the pair but, perhaps, the id.
func (s *Store) agrees(ep *endpoint, ask, print *Fingerprint, method Sym, t int64) bool {
	return ask.Fits(print) && ask.Echo(print) != EchoContradicts && ep.agrees(ask, print, method, t)
}
