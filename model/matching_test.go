package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/model"
)

// Every kind of finding, and its healthy neighbours.
func TestFindings(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		want         []string
	}{
		{"a healthy client", `
			0 1 send 50001 id=1 m=eth_chainId
			900 1 recv 50001 id=1
			1000 1 send 50001 id=2 m=eth_accounts
			1900 1 recv 50001 id=2`, nil},
		{"the seed: two children on one socket, ids tell", `
			0 9 send 50001 id=0 m=eth_chainId
			400 9 recv 50001 id=0
			1000 1 send 50001 opener=9 id=1 m=personal_unlockAccount
			1100 2 send 50001 opener=9 id=2 m=eth_accounts
			5000 2 recv 50001 opener=9 id=1
			6000 1 recv 50001 opener=9 id=2`, []string{
			"shared-session proven wire 1",
			"swapped-reply inferred wire,id 1 personal_unlockAccount#1 <- 2 eth_accounts#2",
			"swapped-reply inferred wire,id 2 eth_accounts#2 <- 1 personal_unlockAccount#1",
		}},
		{"the seed with equal ids, told by the order of the wire", `
			0 1 send 50001 id=1 m=personal_unlockAccount
			9000 2 send 50001 id=1 m=eth_accounts
			11000 2 recv 50001 id=1
			20000 1 recv 50001 id=1`, []string{
			"shared-session proven wire 2",
			"swapped-reply inferred wire 1 personal_unlockAccount#1 <- 2 eth_accounts#1",
			"swapped-reply inferred wire 2 eth_accounts#1 <- 1 personal_unlockAccount#1",
		}},
		{"the seed with equal ids and stamps as near as one of a process that waited for its turn", `
			0 1 send 50001 id=1 m=personal_unlockAccount
			3000 2 send 50001 id=1 m=eth_accounts
			8000 2 recv 50001 id=1
			12000 1 recv 50001 id=1`, []string{
			"shared-session proven wire 2",
			"swapped-reply possible wire 1 personal_unlockAccount#1 <- 2 eth_accounts#1",
			"swapped-reply possible wire 2 eth_accounts#1 <- 1 personal_unlockAccount#1",
		}},
		{"equal ids and near-equal stamps, told by type", `
			0 1 send 50001 id=1 m=personal_unlockAccount kinds=1
			5 2 send 50001 id=1 m=eth_accounts kinds=2
			8000 1 recv 50001 id=1 kinds=2
			8010 2 recv 50001 id=1 kinds=1`, []string{
			"shared-session proven wire 2",
			"swapped-reply inferred wire,type 1 personal_unlockAccount#1 <- 2 eth_accounts#1",
			"swapped-reply inferred wire,type 2 eth_accounts#1 <- 1 personal_unlockAccount#1",
		}},
		{"offsets prove it", `
			0 1 send 50001 id=1 m=a off=0
			0 2 send 50001 id=1 m=b off=100
			9 2 recv 50001 id=1 off=0
			9 1 recv 50001 id=1 off=50`, []string{
			"shared-session proven wire 2",
			"swapped-reply proven wire 1 a#1 <- 2 b#1",
			"swapped-reply proven wire 2 b#1 <- 1 a#1",
		}},
		{"offsets count the calls that were given up as well", `
			0 1 send 50001 id=1 m=a off=0
			60000 1 fail 50001 id=1 err=timeout
			61000 2 send 50001 id=1 m=b off=100
			61100 3 send 50001 id=1 m=b off=200
			61900 2 recv 50001 id=1 off=0
			62000 3 recv 50001 id=1 off=50
			63000 2 send 50001 id=2 m=b off=300
			63100 2 recv 50001 id=1 off=90`, []string{
			"lost-reply inferred wire 1 a#1 <- 2",
			"shared-session proven wire 2",
			"swapped-reply proven wire 2 b#1 <- 1 a#1",
			"swapped-reply proven wire 3 b#1 <- 2 b#1",
			"swapped-reply proven wire,id 2 b#2 <- 3 b#1",
		}},
		{"a connection seen from its middle on is counted once nothing is in flight", `
			0 1 send 50001 id=7 m=a off=900
			100 2 send 50001 id=7 m=b off=1000
			200 2 recv 50001 id=7 off=400
			300 1 recv 50001 id=7 off=450
			9000 1 send 50001 id=8 m=a off=1100
			9100 2 send 50001 id=8 m=b off=1200
			9200 2 recv 50001 id=8 off=500
			9300 1 recv 50001 id=8 off=550`, []string{
			"shared-session proven wire 2",
			"swapped-reply inferred wire 1 a#7 <- 2 b#7",
			"swapped-reply inferred wire 2 b#7 <- 1 a#7",
			"swapped-reply proven wire 1 a#8 <- 2 b#8",
			"swapped-reply proven wire 2 b#8 <- 1 a#8",
		}},
		{"one id twice in flight on a WebSocket: either may be answered first", `
			0 1 send 50001 url=ws://node id=1 m=a kinds=1
			100 1 send 50001 url=ws://node id=1 m=b kinds=3
			900 1 recv 50001 url=ws://node id=1 kinds=1
			950 1 recv 50001 url=ws://node id=1 kinds=2`, []string{"duplicate-id proven id 1 b#1"}},
		{"one reply read by two: the rest is no reply of its own", `
			0 1 send 50001 id=1 m=a off=0
			900 2 send 50001 id=1 m=b off=100
			1900 1 recv 50001 off=0 why=8 part=1
			1950 2 recv 50001 off=40 why=8 part=1 rest=1
			1960 2 recv 50001 id=1 off=90
			3000 1 exit n=0
			3100 2 exit n=0`, []string{
			"shared-session proven wire 2",
			"torn-message inferred  1 a#1 <- 2",
		}},
		{"a torn request on a session that names no connection", `
			0 1 send name=c id=1 m=a
			900 1 recv name=c id=null code=-32700`, []string{"torn-message inferred  1 a#1"}},
		{"one id twice in flight on HTTP/2 is no fault", `
			0 1 send 50001 url=h2://node id=1 m=a kinds=1
			100 1 send 50001 url=h2://node id=1 m=b kinds=3
			900 1 recv 50001 url=h2://node id=1 kinds=2
			950 1 recv 50001 url=h2://node id=1 kinds=1`, nil},
		{"a batch with one id twice: which item a result answers is not known", `
			0 1 send 50001 batch=1,1 m=a kinds=1
			900 1 recv 50001 batch=1,1 kinds=2`, []string{"duplicate-id proven id 1 a#1"}},
		{"a bare name in two processes: ids counted alike mean no second reply", `
			0 1 send name=s id=1 m=a
			100 2 send name=s id=1 m=b
			900 1 recv name=s id=1
			950 2 recv name=s id=1
			1000 1 send name=s id=2 m=a
			1100 2 send name=s id=2 m=b
			1900 1 recv name=s id=1`, []string{
			"inherited-session possible  2",
			"wrong-id inferred id 1 a#2",
		}},
		{"shared, but each read its own", `
			0 1 send 50001 id=1 m=a
			3000 2 send 50001 id=1 m=b
			8000 1 recv 50001 id=1
			12000 2 recv 50001 id=1`, []string{"shared-session proven wire 2"}},
		{"swallowed: the sibling read it and the client gave up", `
			0 1 send 50001 id=1 m=a
			1000 2 send 50001 id=1 m=b
			3000 2 recv 50001 id=1
			900000 2 send 50001 id=2 m=c
			2000000 1 fail 50001 id=1 err=timeout
			3000000 2 fail 50001 id=2 err=timeout`, []string{
			"lost-reply inferred wire 1 a#1 <- 2",
			"shared-session proven wire 2",
			"swapped-reply inferred wire 2 b#1 <- 1 a#1",
		}},
		{"a timeout and its late reply, off by one", `
			0 1 send 50001 id=1 m=a
			1000000 1 fail 50001 id=1 err=timeout
			1100000 1 send 50001 id=2 m=b
			1100500 1 recv 50001 id=1
			1200000 1 send 50001 id=3 m=c
			1200500 1 recv 50001 id=2`, []string{
			"stale-reply inferred wire,id 1 b#2 <- 1 a#1",
			"stale-reply inferred wire,id 1 c#3 <- 1 b#2",
		}},
		{"a timeout alone is no finding", `
			0 1 send 50001 id=1 m=a
			1000000 1 fail 50001 id=1 err=timeout`, nil},
		{"a wrong id", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=7`, []string{"wrong-id proven id 1 a#1"}},
		{"a wrong type", `
			0 1 send 50001 id=1 m=eth_accounts kinds=2
			900 1 recv 50001 id=1 kinds=1`, []string{"wrong-type proven type 1 eth_accounts#1"}},
		{"a wrong echo", `
			0 1 send 50001 id=1 m=eth_getBlockByNumber lo=5
			900 1 recv 50001 id=1 lo=6`, []string{"wrong-echo inferred echo 1 eth_getBlockByNumber#1"}},
		{"a second reply", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1
			950 1 recv 50001 id=1`, []string{"duplicate-reply inferred id 1 a#1"}},
		{"a reply that nobody asked for", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1
			950 1 recv 50001 id=8`, []string{"unsolicited-reply inferred id 1"}},
		{"parse error with a null id", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=null code=-32700`, []string{"torn-message inferred  1 a#1"}},
		{"an ordinary error with a null id", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=null code=-32000`, nil},
		{"not JSON", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 why=1`, []string{"torn-message inferred  1 a#1"}},
		{"a proxy's error page", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 why=9 status=502`, nil},
		{"both result and error", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1 why=3`, []string{"bad-message proven id 1 a#1"}},
		{"a batch in another order", `
			0 1 send 50001 batch=1,2,3 m=a
			900 1 recv 50001 batch=3,1,2`, nil},
		{"a batch with an id missing", `
			0 1 send 50001 batch=1,2,3 m=a
			900 1 recv 50001 batch=3,1`, []string{"batch-mismatch proven id 1 a#1"}},
		{"a batch with an id twice", `
			0 1 send 50001 batch=1,2 m=a
			900 1 recv 50001 batch=2,2`, []string{"batch-mismatch proven id 1 a#1"}},
		{"equal ids in one batch", `
			0 1 send 50001 batch=1,1 m=a
			900 1 recv 50001 batch=1,1`, []string{"duplicate-id proven id 1 a#1"}},
		{"WebSocket: any order", `
			0 1 send 50001 url=ws://n id=1 m=a
			10 1 send 50001 url=ws://n id=2 m=b
			900 1 recv 50001 url=ws://n id=2
			910 1 recv 50001 url=ws://n id=1`, nil},
		{"WebSocket: one id twice in flight", `
			0 1 send 50001 url=ws://n id=1 m=a
			10 1 send 50001 url=ws://n id=1 m=b
			900 1 recv 50001 url=ws://n id=1
			910 1 recv 50001 url=ws://n id=1`, []string{"duplicate-id proven id 1 b#1"}},
		{"equal ids one after the other are no fault", `
			0 1 send 50001 id=42 m=a
			900 1 recv 50001 id=42
			1000 1 send 50001 id=42 m=b
			1900 1 recv 50001 id=42`, nil},
		{"a child that holds and does not use", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1
			1000 1 fork n=2`, []string{"inherited-session proven wire 2"}},
		{"a child that closes what it inherited, unused", `
			0 1 open 50001
			10 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1
			1000 1 fork n=2
			1500 2 close 50001 opener=1`, nil},
		{"… before its parent tells of the fork", `
			0 1 open 50001
			10 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1
			1000 2 close 50001 opener=1
			1001 1 fork n=2
			2000 1 send 50001 id=2 m=a
			2900 1 recv 50001 id=2`, nil},
		{"a child that became another program", `
			0 1 send 50001 id=1 m=a
			900 1 recv 50001 id=1
			1000 1 fork n=2
			1500 2 exec`, nil},
		{"one session name in two processes", `
			0 1 send name=cache-1 id=1 m=a
			900 1 recv name=cache-1 id=1
			1000 2 send name=cache-1 id=1 m=a
			1900 2 recv name=cache-1 id=1`, []string{"inherited-session possible  2"}},
		{"no connection known, complementary types", `
			0 1 send name=c id=1 m=personal_unlockAccount kinds=1
			3000 2 send name=c id=1 m=eth_accounts kinds=2
			8000 2 recv name=c id=1 kinds=1
			9000 1 recv name=c id=1 kinds=2`, []string{
			"inherited-session possible  2",
			"swapped-reply inferred type 1 personal_unlockAccount#1 <- 2 eth_accounts#1",
			"swapped-reply inferred type 2 eth_accounts#1 <- 1 personal_unlockAccount#1",
		}},
		{"the connection was closed with a call open", `
			0 1 send 50001 id=1 m=a
			900 1 close 50001`, []string{"lost-reply inferred  1 a#1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, findings(run(t, tt.script))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLaterRequests: requests that were sent after a reply was read say nothing of
// whose it is, however many there are, where the clock is fine enough for the order
// to tell.
func TestLaterRequests(t *testing.T) {
	for clock, want := range map[string]model.Certainty{"mono=1": model.Inferred, "": model.Possible} {
		var text strings.Builder
		line := func(format string, args ...any) { fmt.Fprintf(&text, format+" 50001 "+clock+"\n", args...) }
		line("0 1 send id=1 m=a")
		line("9000 2 send id=1 m=b")
		line("20000 2 recv id=1")
		for pid := range 70 {
			line("%d %d send id=1 m=a", 21000+pid, 3+pid)
		}
		line("40000 1 recv id=1")
		snap := run(t, text.String())
		n := 0
		for i := range snap.Findings.Len() {
			if f := snap.Findings.At(i); f.Kind == model.SwappedReply && snap.Process(f.Reader).Info.PID == 2 {
				n++
				if f.Certainty != want {
					t.Errorf("%q: the reply is %v", clock, f.Certainty)
				}
			}
		}
		if n != 1 {
			t.Errorf("%q: %d findings about it", clock, n)
		}
	}
}
