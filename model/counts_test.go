package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Offsets that are known after the fact, as the greatest possible, tell the
// order where they fit together, and nothing where they do not. The children
// ask for the same with the same id at once, and stamps do not tell.
func TestCounts(t *testing.T) {
	warm := `
		0 9 send 50001 id=0 m=a
		400 9 recv 50001 id=0`
	for _, tt := range []struct {
		name, script string
		want         []string
	}{
		{"each with its own, whatever the stamps say", `
			10000 2 send 50001 opener=9 id=1 m=a off=400 size=100
			10010 1 send 50001 opener=9 id=1 m=a off=300 size=100
			12000 2 recv 50001 opener=9 id=1 upto=300 size=50
			12010 1 recv 50001 opener=9 id=1 upto=250 size=50`, []string{
			"shared-session proven wire 2",
		}},
		{"each with the other's", `
			10000 1 send 50001 opener=9 id=1 m=a off=300 size=100
			10010 2 send 50001 opener=9 id=1 m=a off=400 size=100
			12000 1 recv 50001 opener=9 id=1 upto=300 size=50
			12010 2 recv 50001 opener=9 id=1 upto=250 size=50`, []string{
			"shared-session proven wire 1",
			"swapped-reply proven wire 1 a#1 <- 2 a#1",
			"swapped-reply proven wire 2 a#1 <- 1 a#1",
		}},
		{"both read before either was counted", `
			10000 1 send 50001 opener=9 id=1 m=a off=300 size=100
			10010 2 send 50001 opener=9 id=1 m=a off=400 size=100
			12000 2 recv 50001 opener=9 id=1 upto=300 size=50
			19000 1 recv 50001 opener=9 id=1 upto=300 size=50`, []string{
			"shared-session proven wire 1",
		}},
		{"both sent before either was counted", `
			10000 1 send 50001 opener=9 id=1 m=a upto=500 size=100
			19000 2 send 50001 opener=9 id=1 m=a upto=500 size=100
			22000 2 recv 50001 opener=9 id=1 upto=250 size=50
			32000 1 recv 50001 opener=9 id=1 upto=300 size=50`, []string{
			"shared-session proven wire 1",
		}},
		{"the first reply answers the first request, though its reader has asked for the second", `
			10000 1 send 50001 opener=9 id=1 m=a off=300 size=100
			10010 2 send 50001 opener=9 id=1 m=a off=400 size=100
			12000 2 recv 50001 opener=9 id=1 upto=250 size=50`, []string{
			"shared-session proven wire 1",
			"swapped-reply proven wire 2 a#1 <- 1 a#1",
		}},
		{"behind the bytes of a reply that nobody has logged", `
			10000 1 send 50001 opener=9 id=1 m=a off=300 size=100
			11000 1 recv 50001 opener=9 id=1 upto=250 size=50
			12000 1 send 50001 opener=9 id=2 m=a off=400 size=100
			13000 2 send 50001 opener=9 id=2 m=a off=500 size=100
			20000 1 recv 50001 opener=9 id=2 upto=350 size=50`, []string{
			"shared-session proven wire 1",
			"swapped-reply possible wire 1 a#2 <- 2 a#2",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, findings(run(t, warm+tt.script))); diff != "" {
				t.Errorf("findings, -want +got:\n%s", diff)
			}
		})
	}
}
