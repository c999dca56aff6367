package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Explanation is a finding in words. Names from logs stand in it as they were
// read: whoever shows it neutralises them.
type Explanation struct {
	Message string // what happened, in one sentence
	Cause   string // why: which connection, opened by whom, how the others came by it; "" where unknown
	Advice  string // what to change, in at most two lines
}

// Explain puts the finding into words.
func (s *Snapshot) Explain(f *Finding) Explanation {
	return Explanation{Message: s.message(f), Cause: s.cause(f), Advice: s.advice(f)}
}

func (s *Snapshot) message(f *Finding) string {
	reader := s.pidText(f.Reader)
	asked := reader + " asked " + s.callText(&f.Call) + " and read "
	if !f.Call.Known() {
		asked = reader + " read "
	}
	switch f.Kind {
	case SharedSession:
		return s.usersText(f) + " use one connection"
	case InheritedSession:
		return s.inheritedText(f)
	case SwappedReply:
		return asked + s.pidText(f.Owner.Proc) + "'s reply to " + s.callText(&f.Owner)
	case WrongID:
		return asked + "a reply with id " + idText(f.ReplyID) + ", which it has not open here"
	case WrongType:
		return asked + "a result that this method cannot have"
	case WrongEcho:
		if f.Certainty == Possible { // the request names nothing that the result contradicts
			return asked + "a result unlike what the endpoint had answered before"
		}
		return asked + "a result that names something else than it asked for"
	case StaleReply:
		return asked + "the late reply to its own earlier " + s.callText(&f.Owner) + lagText(f.Lag)
	case DuplicateID:
		return reader + " has two calls in flight with id " + idText(f.Call.ID) + " where ids must differ"
	case DuplicateReply:
		return reader + " read a second reply with id " + idText(f.ReplyID)
	case UnsolicitedReply:
		return reader + " read a reply with id " + idText(f.ReplyID) + " that nobody asked for"
	case LostReply:
		return s.lostText(f)
	case TornMessage:
		return asked + s.tornText(f)
	case BadMessage:
		return asked + "a message that is not JSON-RPC 2.0: " + f.Detail.Text()
	case BatchMismatch:
		return asked + "a batch reply with missing, extra or repeated ids"
	}
	return f.Kind.String()
}

// usersText lists the processes of a shared session.
func (s *Snapshot) usersText(f *Finding) string {
	se := s.Session(f.Session)
	if se == nil {
		return "several processes"
	}
	return s.pidsText(se.usedBy())
}

// Users lists the processes of the session that a finding is about: of a shared
// one those that use it, of an inherited one those that hold it, its opener
// first; nil where the finding is about a message, or the session is let go.
func (s *Snapshot) Users(f *Finding) (users []ProcID) {
	s.eachUser(f, func(p ProcID) { users = append(users, p) })
	return users
}

// eachUser is Users without a list.
func (s *Snapshot) eachUser(f *Finding, yield func(ProcID)) {
	se := s.Session(f.Session)
	inherited := f.Kind == InheritedSession
	if se == nil || f.Kind != SharedSession && !inherited {
		return
	}
	if inherited || se.ownerUsed {
		yield(se.Owner)
	}
	for _, p := range se.Sharers {
		yield(p)
	}
	if inherited {
		for _, p := range se.Holders {
			yield(p)
		}
	}
}

func (r *Session) usedBy() []ProcID {
	if !r.ownerUsed {
		return r.Sharers
	}
	return slices.Concat([]ProcID{r.Owner}, r.Sharers)
}

func (s *Snapshot) inheritedText(f *Finding) string {
	se := s.Session(f.Session)
	switch {
	case se == nil:
		return s.pidText(f.Reader) + " holds a connection that it did not open"
	case !se.Is(SessionWire):
		return s.usersText(f) + " use the session name " + se.Conn.Name + "; they may share a connection"
	case len(se.Sharers) > 0:
		return s.pidText(f.Reader) + " uses a connection that " + s.pidText(f.Other) + " opened"
	case len(se.Holders) > 1:
		return s.pidsText(se.Holders) + " hold a connection that " + s.pidText(f.Other) + " opened, and have not used it yet"
	}
	return s.pidText(f.Reader) + " holds a connection that " + s.pidText(f.Other) + " opened, and has not used it yet"
}

func (s *Snapshot) lostText(f *Finding) string {
	head := s.pidText(f.Reader) + " never got the reply to " + s.callText(&f.Call)
	if f.Other != NoProc {
		return head + ": " + s.pidText(f.Other) + " read it"
	}
	if p := s.Process(f.Reader); p != nil && p.Exited != 0 && p.Exited <= f.Time {
		return head + ": the process ended first"
	}
	return head + ": the connection was closed first"
}

func (s *Snapshot) tornText(f *Finding) string {
	if f.Other != NoProc {
		return "some bytes of a reply; " + s.pidText(f.Other) + " read the rest"
	}
	if f.Detail != 0 {
		return "bytes that are no whole message: " + f.Detail.Text()
	}
	return "the server's error " + strconv.Itoa(int(f.Code)) + " with a null id: the bytes of its request were mixed with another's"
}

func lagText(lag int32) string {
	switch {
	case lag <= 0:
		return ""
	case lag == 1:
		return " (one call late)"
	}
	return fmt.Sprintf(" (%d calls late)", lag)
}

func (s *Snapshot) pidText(p ProcID) string {
	if s.Process(p) == nil {
		return "a process"
	}
	return "PID " + strconv.Itoa(int(s.PID(p)))
}

// pidsText is "PID 1", "PIDs 1 and 2", "PIDs 1, 2 and 3", cut after eight.
func (s *Snapshot) pidsText(ids []ProcID) string {
	const most = 8
	var names []string
	for i, p := range ids {
		if i == most-1 && len(ids) > most {
			names = append(names, strconv.Itoa(len(ids)-i)+" more")
			break
		}
		names = append(names, strconv.Itoa(int(s.PID(p))))
	}
	switch n := len(names); n {
	case 0:
		return "no process"
	case 1:
		return "PID " + names[0]
	default:
		return "PIDs " + strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
}

func (s *Snapshot) callText(c *CallRef) string {
	if !c.Known() {
		return "nothing"
	}
	if name := s.Name(c.Method); name != "" {
		return name
	}
	return "a call"
}

func idText(id ID) string {
	switch id.Kind {
	case IDAbsent:
		return "none"
	case IDText:
		return "(text)"
	}
	return id.String()
}
