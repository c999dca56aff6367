package model

// wordTests search all text of a row for a bare word.
var wordTests = tests{
	session: func(b *binder, t *term) test[Session] {
		return orFlag(t, b.sessionText(&t.value.text), b.sessionLeaf)
	},
	process: func(b *binder, t *term) test[Process] {
		return orFlag(t, processText(&t.value.text), b.processLeaf)
	},
	call: func(b *binder, t *term) test[Call] {
		return orFlag(t, b.callText(&t.value.text), b.callLeaf)
	},
	finding: func(b *binder, t *term) test[Finding] {
		return orFlag(t, b.findingText(&t.value.text), b.findingLeaf)
	},
	method: func(b *binder, t *term) test[Method] {
		in := b.sym(&t.value.text)
		return orFlag(t, func(m *Method) bool { return in(m.Sym) }, b.methodLeaf)
	},
}

// orFlag matches where text does, or the word of is: that the word is as well.
func orFlag[T any](t *term, text test[T], leaf func(*term) test[T]) test[T] {
	if t.also == nil {
		return text
	}
	return either(text, leaf(&term{field: t.also, op: opHas}))
}

func processText(want *text) test[Process] {
	pid := pidText(want)
	return func(p *Process) bool {
		return pid(p.Info.PID) || want.in(p.Info.Comm) || want.in(p.Info.Host)
	}
}

// connText says whether the text of the session itself matches.
func connText(want *text) test[Session] {
	return func(s *Session) bool {
		c := s.Conn
		return c != nil && (inLabel(want, c) || want.in(c.URL) || want.in(c.Name) || want.in(c.Client))
	}
}

// kindsNamed is the set of the kinds of finding whose names match.
func kindsNamed(want *text) (wanted [findingKinds]bool, some bool) {
	for _, k := range FindingKinds() {
		wanted[k] = want.in(k.String())
		some = some || wanted[k]
	}
	return wanted, some
}

// sessionText matches a session by itself, its processes, its last method and
// the kinds of its findings.
func (b *binder) sessionText(want *text) test[Session] {
	conn := connText(want)
	procs := onSession(b.processSlots(processText(want)))
	method := b.sym(want)
	found := set(nil)
	if wanted, some := kindsNamed(want); some {
		found = make(set, b.snap.Sessions.Len())
		b.each(b.snap.Findings.Len(), func(i int) {
			if f := b.snap.Findings.At(i); !f.Void && wanted[f.Kind] {
				found.add(int(f.Session))
			}
		})
	}
	return func(s *Session) bool {
		return method(s.LastMethod) || conn(s) || procs(s) || found.has(int(s.ID))
	}
}

// callText matches a call by its method, error, id, session, processes and the
// kind of its finding.
func (b *binder) callText(want *text) test[Call] {
	sym := b.sym(want)
	conn := b.connSlots(want)
	proc := b.processSlots(processText(want))
	id := wordID(want)
	wanted, some := kindsNamed(want)
	return func(c *Call) bool {
		if sym(c.Method) || sym(c.Err) || proc(c.Asker) || proc(c.Reader) || id(c.ID) || conn(c.Session) {
			return true
		}
		if !some || c.Finding == 0 {
			return false
		}
		f := b.snap.FindingOf(c)
		return f != nil && wanted[f.Kind]
	}
}

// findingText matches a finding by its kinds, what is wrong, the methods and
// ids of its calls, its session and its processes.
func (b *binder) findingText(want *text) test[Finding] {
	sym := b.sym(want)
	conn := b.connSlots(want)
	proc := b.findingProcs(b.processSlots(processText(want)))
	id := wordID(want)
	wanted, _ := kindsNamed(want)
	ref := func(r *CallRef) bool { return r.Known() && (sym(r.Method) || id(r.ID)) }
	return func(f *Finding) bool {
		return wanted[f.Kind] || wanted[f.Cause] || want.in(f.Detail.Text()) ||
			ref(&f.Call) || ref(&f.Owner) || conn(f.Session) || proc(f)
	}
}

// connSlots is connText of sessions by slot.
func (b *binder) connSlots(want *text) func(SessionID) bool {
	match := connText(want)
	known := lazy(b.snap.Sessions.Len(), func(i int) bool { return match(b.snap.Sessions.At(i)) })
	return func(id SessionID) bool { return known(int(id)) }
}

// wordID says whether an id is the word.
func wordID(want *text) func(ID) bool {
	t := term{text: want.want}
	if want.how == textGlob || t.parseID() != nil {
		return func(ID) bool { return false }
	}
	return t.matchID
}
