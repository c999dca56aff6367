package model_test

import (
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model"
)

// explained is what is said of the script's first finding of that kind.
func explained(t *testing.T, kind model.FindingKind, text string) model.Explanation {
	t.Helper()
	s := run(t, text)
	for i := range s.Findings.Len() {
		if f := s.Findings.At(i); f.Kind == kind && !f.Void {
			return s.Explain(f)
		}
	}
	t.Fatalf("no %s; there are %v", kind, findings(s))
	return model.Explanation{}
}

// The cause says how each process came by the connection.
func TestCause(t *testing.T) {
	for _, tt := range []struct{ name, script, want string }{
		{"by fork", `
			1000 1 open 50001
			1000000 1 fork n=2
			2000000 1 send 50001 id=1 m=a
			2000100 2 send 50001 id=1 m=a`,
			"127.0.0.1:50001>127.0.0.1:8545 was opened by web 1 at 00:00:00; PID 2 inherited it by fork at 00:00:01"},
		{"by forks over some time", `
			1000 1 open 50001
			1000000 1 fork n=2
			61000000 1 fork n=3
			62000000 2 send 50001 id=1 m=a
			62000100 3 send 50001 id=1 m=a`,
			"127.0.0.1:50001>127.0.0.1:8545 was opened by web 1 at 00:00:00; PIDs 2 and 3 inherited it by fork from 00:00:01 to 00:01:01"},
		{"by fork, before the log began", `
			1000 1 open 50001 opener=1 before=1
			1000 1 fork n=2 before=1
			2000000 1 send 50001 opener=1 id=1 m=a
			2000100 2 send 50001 opener=1 id=1 m=a`,
			"127.0.0.1:50001>127.0.0.1:8545 was opened by web 1; PID 2 inherited it by fork"},
		{"two children of one that is not recorded", `
			0 2 send 50001 id=1 m=a ppid=1
			100 3 send 50001 id=1 m=a ppid=1`,
			"127.0.0.1:50001>127.0.0.1:8545 was opened by web 2 (the first seen on it); PID 3 inherited it by fork"},
		{"handed to a child that ran already", `
			0 1 fork n=2
			10 2 send 50009 id=1 m=a
			1000000 1 open 50001
			2000000 1 send 50001 id=1 m=a
			2000100 2 send 50001 id=1 m=a`,
			"127.0.0.1:50001>127.0.0.1:8545 was opened by web 1 at 00:00:01; PID 2 ran already and got it later, as by SCM_RIGHTS"},
		{"from who knows where", `
			0 1 send 50001 id=1 m=a
			100 7 send 50001 id=1 m=a`,
			"127.0.0.1:50001>127.0.0.1:8545 was opened by web 1 (the first seen on it); how PID 7 came by it is not in the log"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := explained(t, model.SharedSession, tt.script).Cause; got != tt.want {
				t.Errorf("cause %q, want %q", got, tt.want)
			}
		})
	}
}

// The advice is for the client and for what started the processes, in two lines.
func TestAdvice(t *testing.T) {
	for _, tt := range []struct{ client, comm, want string }{
		{"web3.py/6.15.1", "python", "_session_cache"},
		{"web3.py/7.16.0", "python", "anew in each process"},
		{"web3.py/5.31.4", "gunicorn", "call it in the post_fork hook"}, // a client made there gets the parent's session
		{"web3.py/8.0.0", "gunicorn", "make the client in the post_fork hook"},
		{"requests/2.32", "celery", "worker_process_init"},
		{"httpx/0.28", "uwsgi", "@postfork"},
		{"requests/2.32", "python", "multiprocessing"},
		{"ethers/6.13", "node", "cluster"},
		{"viem/2.21", "node", "cluster"},
		{"web3.js/4.16", "node", "cluster"},
		{"go-ethereum/1.16", "indexer", "rpc.Dial"},
		{"", "gunicorn", "preload_app"},
		{"", "worker", "os.register_at_fork"},
	} {
		e := explained(t, model.SharedSession, `
			0 1 send 50001 id=1 m=a comm=`+tt.comm+` client=`+tt.client+`
			100 2 send 50001 id=1 m=a client=`+tt.client)
		if !strings.Contains(e.Advice, tt.want) {
			t.Errorf("%s under %s: advice %q does not say %q", tt.client, tt.comm, e.Advice, tt.want)
		}
		if strings.Count(e.Advice, "\n") > 1 {
			t.Errorf("%s under %s: the advice is longer than two lines:\n%s", tt.client, tt.comm, e.Advice)
		}
	}
}

// A connection that was there before anybody watched is told of first by who
// does not know its client: its requests name it.
func TestAdviceOfClientNamedLater(t *testing.T) {
	e := explained(t, model.SharedSession, `
		0 1 open 50001 comm=gunicorn
		100 1 send 50001 id=1 m=a client=web3.py/6.20.4
		200 2 send 50001 id=1 m=a client=web3.py/6.20.4`)
	if !strings.HasPrefix(e.Advice, "web3.py 6 ") {
		t.Errorf("advice %q", e.Advice)
	}
}

// Everyone who holds a connection of another is named.
func TestHoldersAreNamed(t *testing.T) {
	for holders, want := range map[string]string{
		"0 1 fork n=2":                "PID 2 holds a connection that PID 1 opened, and has not used it yet",
		"0 1 fork n=2\n10 1 fork n=3": "PIDs 2 and 3 hold a connection that PID 1 opened, and have not used it yet",
	} {
		e := explained(t, model.InheritedSession, "-20 1 open 50001\n-10 1 send 50001 id=1 m=a\n-5 1 recv 50001 id=1\n"+holders)
		if e.Message != want {
			t.Errorf("%q, want %q", e.Message, want)
		}
	}
}
