package model

// flagFields are the words of is:, in the order in which completion offers
// them.
var flagFields = []field{
	flag("mismatch", entityCall, "a reply went to the wrong reader", mismatchTests),
	flag("error", entityCall, "an RPC error; a finding of that severity", errorFlagTests),
	flag("pending", entityCall, "no reply yet", tests{
		session: when(func(s *Session) bool { return s.InFlight > 0 }),
		call:    inState(Pending),
	}),
	flag("failed", entityCall, "its client gave up", tests{call: inState(Failed)}),
	flag("shared", entitySession, "used by two or more processes", onSessions(SessionShared)),
	flag("inherited", entitySession, "held by a child that has not used it", onSessions(SessionInherited)),
	flag("live", entitySession, "not closed", tests{
		session: when(func(s *Session) bool { return !s.Is(SessionClosed) }),
	}),
	flag("closed", entitySession, "closed", onSessions(SessionClosed)),
	flag("alive", entityProcess, "a process that has not ended", tests{process: when((*Process).Alive)}),
	flag("dead", entityProcess, "a process that has ended", tests{
		process: when(func(p *Process) bool { return !p.Alive() }),
	}),
	flag("orphan", entityCall, "a reply that answers no known call", tests{call: inState(Orphan)}),
	flag("lost", entityCall, "its reply will not come", tests{call: inState(LostCall)}),
	flag("batch", entityCall, "an item of a batch", onCalls(CallBatch)),
	flag("late", entityCall, "came after the reorder window", onCalls(CallLate)),
	flag("warning", entityFinding, "a finding of that severity", tests{
		finding: when(func(f *Finding) bool { return f.Severity() == Warning }),
	}),
	flag("proven", entityFinding, "a finding that is certain", withCertainty(Proven)),
	flag("inferred", entityFinding, "a finding with one explanation", withCertainty(Inferred)),
	flag("possible", entityFinding, "a finding with several explanations", withCertainty(Possible)),
}

func flag(name string, home entity, help string, tests tests) field {
	return field{name: name, kind: kindFlag, home: home, help: help, tests: tests}
}

var mismatchTests = tests{
	session: when(func(s *Session) bool { return s.Mismatches > 0 }),
	process: when(func(p *Process) bool { return p.Mismatches > 0 }),
	call:    when(func(c *Call) bool { return c.Is(CallMismatched) }),
	finding: when(func(f *Finding) bool { return f.Kind.Misread() }),
	method:  when(func(m *Method) bool { return m.Mismatches > 0 }),
}

var errorFlagTests = tests{
	session: when(func(s *Session) bool { return s.Errors > 0 }),
	process: when(func(p *Process) bool { return p.Errors > 0 }),
	call:    when(func(c *Call) bool { return c.Is(CallError) }),
	finding: when(func(f *Finding) bool { return f.Severity() == Error }),
	method:  when(func(m *Method) bool { return m.Errors > 0 }),
}

func inState(state CallState) func(*binder, *term) test[Call] {
	return when(func(c *Call) bool { return c.State == state })
}

func onSessions(flags SessionFlags) tests {
	return tests{session: when(func(s *Session) bool { return s.Is(flags) })}
}

func onCalls(flags CallFlags) tests {
	return tests{call: when(func(c *Call) bool { return c.Is(flags) })}
}

func withCertainty(certainty Certainty) tests {
	return tests{finding: when(func(f *Finding) bool { return f.Certainty == certainty })}
}
