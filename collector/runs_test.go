package collector

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// However many parts of a file are surveyed at once, its layout is the same.
func TestSurveyInParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for range 200 {
		var b strings.Builder
		now := int64(1_795_338_000_000_000_000)
		for range 1 + rng.IntN(60) {
			switch rng.IntN(12) {
			case 0:
				now -= rng.Int64N(slack) // two writers
			case 1:
				now -= 2*slack + rng.Int64N(100*slack) // another log
			default:
				now += rng.Int64N(slack)
			}
			fmt.Fprintf(&b, `{"ts":%d,"pid":1,"ev":"exec","pad":%q}`+"\n", now, strings.Repeat("x", rng.IntN(80)))
			if rng.IntN(8) == 0 {
				b.WriteString("\nno line of ours\n")
			}
		}
		r := strings.NewReader(b.String())
		want, err := surveyIn(r, r.Size(), 1)
		if err != nil {
			t.Fatal(err)
		}
		for n := 2; n < 9; n++ {
			if got, err := surveyIn(r, r.Size(), n); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("in %d parts %v, %v; in one %v", n, got, err, want)
			}
		}
	}
}
