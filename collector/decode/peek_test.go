package decode_test

import (
	"testing"

	"github.com/sessiontop/sessiontop/collector/decode"
)

func TestPeeker(t *testing.T) {
	p := decode.NewPeeker()
	for _, tt := range []struct {
		line string
		want int64
		ok   bool
	}{
		{`{"ts":12345,"pid":1}`, 12345, true},
		{`{"pid":1,"ts": -5 }`, -5, true},
		{`{"v":1,"ts":"1970-01-01T00:00:01.000000002Z"}`, 1_000_000_002, true},
		{`{"ts":"1970-01-01T01:00:01+01:00"}`, 1_000_000_000, true},
		{`{"ts":"soon"}`, 0, false},
		{`{"ts":"1970`, 0, false},
		{`{"ts":`, 0, false},
		{`{"pid":1}`, 0, false},
		{``, 0, false},
	} {
		if got, ok := p.Time([]byte(tt.line)); got != tt.want && tt.ok || ok != tt.ok {
			t.Errorf("%s: %d, %t; want %d, %t", tt.line, got, ok, tt.want, tt.ok)
		}
	}
}
