package model

import (
	"fmt"
	"slices"
	"strings"
)

// valueKind is how a field's value is read and compared.
type valueKind uint8

const (
	kindWord     valueKind = iota // no field: the search for a word
	kindText                      // text, whole
	kindPart                      // text, of which a part is enough for ":"
	kindProc                      // a process: its PID or its name
	kindCount                     // a number
	kindSize                      // a number of bytes
	kindDuration                  // nanoseconds
	kindTime
	kindID
	kindEnum // one of the words of field.enum
	kindFlag // is:
)

func (k valueKind) ordered() bool { return k >= kindCount && k <= kindID }

// entity is a kind of row.
type entity uint8

const (
	entitySession entity = iota
	entityProcess
	entityCall
	entityFinding
	entityMethod
)

// field is a field of the language: how its value is read, and its test on
// each kind of row that has it. A row that has not is asked through rows of
// the field's home, which always has it.
type field struct {
	name  string
	also  string // another name
	kind  valueKind
	home  entity
	help  string
	eg    string // an example of a value
	enum  *enum
	tests tests
}

// tests makes a field's test of a row, nil where that kind of row has not got
// the field.
type tests struct {
	session func(*binder, *term) test[Session]
	process func(*binder, *term) test[Process]
	call    func(*binder, *term) test[Call]
	finding func(*binder, *term) test[Finding]
	method  func(*binder, *term) test[Method]
}

// enum lists the words of a field by their number; "" is no word.
type enum struct {
	names   []string
	ordered bool
}

var (
	transports  = &enum{names: []string{"http", "ws", "ipc", "h2"}}
	states      = &enum{names: []string{"pending", "answered", "failed", "orphan", "lost"}}
	severities  = &enum{names: []string{"", "warning", "error"}, ordered: true}
	certainties = &enum{names: []string{"possible", "inferred", "proven"}, ordered: true}
	evidences   = &enum{names: []string{"wire", "id", "type", "echo"}}
	kinds       = &enum{names: kindNames("")}
	causes      = &enum{names: kindNames("none")}
)

func kindNames(none string) []string {
	names := []string{none}
	for _, k := range FindingKinds() {
		names = append(names, k.String())
	}
	return names
}

// wordField is the search for a bare word.
var wordField = field{name: "text", kind: kindWord, tests: wordTests}

// fieldTable holds every field, in the order in which completion offers them.
var fieldTable = []field{
	{name: "pid", kind: kindCount, home: entityProcess, help: "process id", eg: "4120", tests: pidTests},
	{name: "method", kind: kindText, home: entityCall, help: "RPC method", eg: "eth_get*", tests: methodTests},
	{name: "is", kind: kindFlag, help: "what is true of it", eg: "mismatch"},
	{name: "finding", also: "kind", kind: kindEnum, home: entityFinding, help: "kind of finding", eg: "swapped-reply", enum: kinds, tests: kindTests},
	{name: "comm", kind: kindText, home: entityProcess, help: "process name", eg: "gunicorn", tests: commTests},
	{name: "session", also: "sess", kind: kindPart, home: entitySession, help: "session, by its name", eg: "51234", tests: labelTests},
	{name: "lat", also: "latency", kind: kindDuration, home: entityCall, help: "time from request to reply; p95 of a session or method", eg: "100ms", tests: latencyTests},
	{name: "err", kind: kindPart, home: entityCall, help: "why the client gave up", eg: "timeout", tests: errTests},
	{name: "id", kind: kindID, home: entityCall, help: "JSON-RPC id", eg: "7", tests: idTests},
	{name: "state", kind: kindEnum, home: entityCall, help: "how far the call has come", eg: "pending", enum: states, tests: stateTests},
	{name: "host", kind: kindText, home: entityProcess, help: "machine", eg: "w1", tests: hostTests},
	{name: "url", also: "endpoint", kind: kindPart, home: entitySession, help: "RPC server", eg: "node:8545", tests: urlTests},
	{name: "local", kind: kindPart, home: entitySession, help: "the client's address", eg: "127.0.0.1:51234", tests: localTests},
	{name: "peer", kind: kindPart, home: entitySession, help: "the server's address", eg: "127.0.0.1:8545", tests: peerTests},
	{name: "transport", kind: kindEnum, home: entitySession, help: "http, ws or ipc", eg: "ws", enum: transports, tests: transportTests},
	{name: "owner", kind: kindProc, home: entitySession, help: "who opened the session: PID or name", eg: "4119", tests: ownerTests},
	{name: "asker", kind: kindProc, home: entityCall, help: "who asked: PID or name", eg: "4120", tests: askerTests},
	{name: "reader", kind: kindProc, home: entityCall, help: "who read the reply: PID or name", eg: "4121", tests: readerTests},
	{name: "proc", kind: kindProc, home: entityProcess, help: "process: PID or name", eg: "worker*", tests: procTests},
	{name: "ppid", kind: kindCount, home: entityProcess, help: "the parent's process id", eg: "4119", tests: ppidTests},
	{name: "nspid", kind: kindCount, home: entityProcess, help: "process id as its container counts it", eg: "7", tests: nspidTests},
	{name: "severity", kind: kindEnum, home: entityFinding, help: "of the finding", eg: "error", enum: severities, tests: severityTests},
	{name: "certainty", kind: kindEnum, home: entityFinding, help: "of the finding", eg: "proven", enum: certainties, tests: certaintyTests},
	{name: "evidence", kind: kindEnum, home: entityFinding, help: "what the finding rests on", eg: "wire", enum: evidences, tests: evidenceTests},
	{name: "cause", kind: kindEnum, home: entityFinding, help: "the finding that caused it", eg: "shared-session", enum: causes, tests: causeTests},
	{name: "size", kind: kindSize, home: entityCall, help: "bytes of the reply", eg: "64k", tests: sizeTests},
	{name: "calls", kind: kindCount, home: entitySession, help: "number of calls", eg: "1k", tests: callsTests},
	{name: "errors", also: "errs", kind: kindCount, home: entitySession, help: "RPC errors and failed calls", eg: "10", tests: errorsTests},
	{name: "mism", also: "mismatches", kind: kindCount, home: entitySession, help: "replies that were another's", eg: "1", tests: mismTests},
	{name: "age", kind: kindDuration, home: entitySession, help: "time since it began", eg: "5m", tests: ageTests},
	{name: "idle", kind: kindDuration, home: entitySession, help: "time since its last event", eg: "30s", tests: idleTests},
	{name: "time", kind: kindTime, home: entitySession, help: "when", eg: "-5m", tests: timeTests},
}

// example is a hint that shows the field in use.
func (f *field) example() string {
	sign := ":"
	if f.kind.ordered() && f.kind != kindID {
		sign = ">"
	}
	return fmt.Sprintf("for example %s%s%s", f.name, sign, f.eg)
}

// fieldNamed is the field of that name in any case, nil if there is none.
func fieldNamed(name string) *field {
	if name == "" {
		return nil
	}
	for i := range fieldTable {
		if f := &fieldTable[i]; strings.EqualFold(name, f.name) || strings.EqualFold(name, f.also) {
			return f
		}
	}
	return nil
}

// flagNamed is the word of is: of that name in any case, nil if there is none.
func flagNamed(name string) *field {
	for i := range flagFields {
		if strings.EqualFold(name, flagFields[i].name) {
			return &flagFields[i]
		}
	}
	return nil
}

func unknownField(name string, pos int) *FilterError {
	var names []string
	for i := range fieldTable {
		names = append(names, fieldTable[i].name, fieldTable[i].also)
	}
	hint := "to search for a text with a colon or a sign in it, put it in quotes"
	if near := nearest(name, names); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return &FilterError{pos, len(name), fmt.Sprintf("there is no field %q", clip(name)), hint}
}

// suggest names the word of names that s is nearly, else all of them.
func suggest(s string, names []string) string {
	if near := nearest(s, names); near != "" {
		return "did you mean " + near + "?"
	}
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })
	return "one of " + strings.Join(names, ", ")
}

// nearest is the one of names that s differs least from, "" where all differ
// by more than two letters.
func nearest(s string, names []string) string {
	best, at := 3, ""
	for _, n := range names {
		if d := distance(lower(s), n); n != "" && d < best {
			best, at = d, n
		}
	}
	return at
}

// clip shortens what is shown of a text.
func clip(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}

// distance is the Levenshtein distance of a and b, 99 where their lengths
// already differ by more than anybody mistypes.
func distance(a, b string) int {
	if len(a)-len(b) > 3 || len(b)-len(a) > 3 {
		return 99
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
