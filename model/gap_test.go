package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Where lines are missing, what they could explain is no finding; what they
// cannot is.
func TestGaps(t *testing.T) {
	for _, tt := range []struct {
		name, script string
		want         []string
	}{
		{"the reply is missing", `
			0 1 send 50001 id=1 m=a
			900 1 send 50001 gap=1 id=2 m=b
			1500 1 recv 50001 id=2
			2000 1 exit n=0`, nil},
		{"the request is missing", `
			0 1 send 50001 id=1 m=a
			500 1 recv 50001 id=1
			1500 1 recv 50001 gap=1 id=2
			2000 1 send 50001 id=3 m=c
			2500 1 recv 50001 id=3`, nil},
		{"logs that begin with a reply", `
			0 1 recv 50001 id=7
			100 2 recv 50002 id=9
			1000 1 send 50001 id=8 m=a
			1900 1 recv 50001 id=8
			2000 2 send 50002 id=10 m=b
			2900 2 recv 50002 id=10`, nil},
		{"logs that begin in the middle of a multiplexed connection", `
			0 1 send 50001 url=ws://n id=9 m=a seq=301 gap=300
			900 1 recv 50001 url=ws://n id=7 seq=302
			1000 1 recv 50001 url=ws://n id=8 seq=303
			1100 1 recv 50001 url=ws://n id=9 seq=304`, nil},
		{"a second reply of a log that begins with one", `
			0 1 recv 50001 id=7
			100 1 recv 50001 id=9`, []string{"unsolicited-reply inferred id 1"}},
		{"a line that stands after its successor is not missing", `
			0 1 send 50001 id=1 m=a seq=1
			900 2 send 50001 id=1 m=b seq=1
			1800 2 recv 50001 id=1 seq=3
			1801 2 send 50001 id=2 m=c seq=2
			2700 1 recv 50001 id=1 seq=2
			3600 2 recv 50001 id=9 seq=4`, []string{
			"shared-session proven wire 2",
			"swapped-reply possible wire 1 a#1 <- 2 b#1",
			"swapped-reply possible wire 2 b#1 <- 1 a#1",
			"wrong-id inferred id 2 c#2",
		}},
		{"lines that are numbered in another order than that of time are not missing", `
			0 1 send 50001 id=1 m=a seq=1
			100 1 send 50002 id=2 m=b seq=4
			200 1 send 50001 id=3 m=c seq=2
			201 1 recv 50001 id=1 seq=3
			1000 1 recv 50001 id=3 seq=5
			1100 1 recv 50002 id=2 seq=6`, nil},
		{"a reply and the next request are missing", `
			0 1 send 50001 id=1 m=a
			1500 1 recv 50001 gap=2 id=2
			2000 1 send 50001 id=3 m=c
			2500 1 recv 50001 id=3
			3000 1 close 50001`, nil},
		{"a client whose ids are all alike", `
			0 1 send 50001 id=1 m=a
			900 1 send 50001 gap=1 id=1 m=b
			1500 1 recv 50001 id=1
			1600 1 send 50001 id=1 m=c
			1700 1 recv 50001 id=1
			2000 1 exit n=0`, nil},
		{"the kernel had no room for what is on the connection", `
			0 1 send 50001 id=1 m=a
			100 1 send 50002 id=7 m=a
			800 1 lost 50001 n=2
			900 1 recv 50001 id=2
			950 1 recv 50002 id=8`, []string{"wrong-id proven id 1 a#7"}},
		{"the log begins in the midst of a connection", `
			0 1 lost 50001 n=0
			0 2 lost 50001 n=0
			100 1 send 50001 id=13 m=a off=300
			200 2 recv 50001 id=27 off=100
			210 2 send 50001 id=28 m=a off=400
			300 1 recv 50001 id=13 off=200
			400 2 recv 50001 id=28 off=300
			1000000 1 send 50001 id=14 m=a off=500
			1000010 2 send 50001 id=29 m=a off=600
			1000100 2 recv 50001 id=14 off=400
			1000200 1 recv 50001 id=29 off=500
			2000000 2 send 50001 id=30 m=a off=700
			2000100 2 recv 50001 id=99 off=600`, []string{
			"shared-session proven wire 2",
			"swapped-reply proven wire,id 1 a#14 <- 2 a#29",
			"swapped-reply proven wire,id 2 a#29 <- 1 a#14",
			"wrong-id inferred id 2 a#30",
		}},
		{"two processes asked with one id, one of them before the log began", `
			0 1 lost 50001 n=0
			0 2 lost 50001 n=0
			100 1 send 50001 id=9 m=a
			1200 2 recv 50001 id=9
			1300 2 send 50001 id=10 m=a
			2400 2 recv 50001 id=9
			2500 2 send 50001 id=11 m=a
			2600 1 recv 50001 id=10`, []string{
			"shared-session proven wire 2",
			"swapped-reply possible wire,id 1 a#9 <- 2 a#10",
			"swapped-reply possible wire,id 2 a#10 <- 1 a#9",
		}},
		{"… whose reply the other reads, and is alone on the connection for all that is seen", `
			0 1 lost 50001 n=0
			0 2 lost 50001 n=0
			100 1 send 50001 id=12 m=a
			1200 1 recv 50001 id=12
			5000 1 send 50001 id=13 m=a
			6100 2 recv 50001 id=12
			6200 2 send 50001 id=13 m=a
			6300 1 recv 50001 id=13`, []string{
			"shared-session proven wire 2",
			"swapped-reply possible wire,id 2 <- 1 a#12",
		}},
		{"… and is read before one that no known request asked for", `
			0 1 lost 50001 n=0
			0 2 lost 50001 n=0
			0 3 lost 50001 n=0
			30 1 send 50001 id=8 m=a
			90 1 recv 50001 id=8
			110 1 send 50001 id=9 m=a
			160 1 recv 50001 id=6
			170 1 send 50001 id=10 m=a
			1320 2 recv 50001 id=8
			1370 2 send 50001 id=7 m=a
			1450 3 recv 50001 id=9`, []string{
			"shared-session proven wire 2",
			"swapped-reply possible wire,id 2 <- 1 a#8",
			"swapped-reply possible wire,id 3 <- 1 a#9",
		}},
		{"who has read a reply to what was asked before the log began is one late from then on", `
			0 1 lost 50001 n=0
			0 2 lost 50001 n=0
			100 1 send 50001 id=5 m=a
			1200 1 recv 50001 id=3
			1300 1 send 50001 id=6 m=a
			2400 1 recv 50001 id=5
			2500 1 send 50001 id=7 m=a
			3600 2 recv 50001 id=6
			3700 2 send 50001 id=4 m=a
			4800 1 recv 50001 id=7`, []string{
			"shared-session proven wire 2",
			"stale-reply possible wire,id 1 a#6 <- 1 a#5",
			"swapped-reply possible wire,id 2 <- 1 a#6",
		}},
		{"the recorder dropped lines of whatever connection", `
			0 1 send 50001 id=1 m=a
			800 1 lost n=2
			900 1 recv 50001 id=2
			1000 1 exit n=0`, nil},
		{"a name without a connection", `
			0 1 send name=s id=1 m=a
			900 1 recv name=s gap=2 id=2
			1000 1 exit n=0`, nil},
		{"once it has caught up, a wrong id is one again", `
			0 1 send 50001 id=1 m=a
			900 1 send 50001 gap=1 id=2 m=b
			1500 1 recv 50001 id=2
			2000 1 send 50001 id=3 m=c
			2500 1 recv 50001 id=9`, []string{"wrong-id proven id 1 c#3"}},
		{"so it is after a while", `
			0 1 send 50001 gap=1 id=1 m=a
			9000000 1 recv 50001 id=9`, []string{"wrong-id proven id 1 a#1"}},
		{"what another process lost explains no id of one's own", `
			0 1 send 50001 id=1 m=a
			100 2 send 50001 gap=1 id=21 m=b
			1500 1 recv 50001 id=9
			1600 2 recv 50001 id=21`, []string{
			"shared-session proven wire 2",
			"wrong-id inferred id 1 a#1",
		}},
		{"a swap across it is possible, not proven", `
			0 2 fork n=3
			0 1 send 50001 id=1 m=a off=0
			0 2 send 50001 id=1 m=b off=100 gap=1
			9 2 recv 50001 id=1 off=0
			9 1 recv 50001 id=1 off=50`, []string{
			"shared-session proven wire 2",
			"swapped-reply possible wire 1 a#1 <- 2 b#1",
			"swapped-reply possible wire 2 b#1 <- 1 a#1",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, findings(run(t, tt.script))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is known to be lost of a session is counted there.
func TestLostOfASession(t *testing.T) {
	snap := run(t, `
		0 1 send 50001 id=1 m=a
		100 1 lost 50001 n=3
		200 1 lost 50001 n=0
		300 2 lost 50001 n=2
		400 1 lost n=7
		500 1 send 50002 id=2 m=b`)
	var lost []uint64
	for i := range snap.Sessions.Len() {
		lost = append(lost, snap.Sessions.At(i).Lost)
	}
	if diff := cmp.Diff([]uint64{5, 0}, lost); diff != "" {
		t.Error(diff)
	}
}
