package foreign_test

import (
	"strconv"
	"testing"

	"github.com/sessiontop/sessiontop/collector/foreign"
)

const ms = int64(1e6)

// What a node has served is a call only where it can be no other.
func TestServed(t *testing.T) {
	call := func(pid int, asked, got int64) foreign.Call {
		return foreign.Call{PID: pid, Method: "m", ID: "1", Asked: asked * ms, Got: got * ms}
	}
	for name, tc := range map[string]struct {
		calls []foreign.Call
		at    []int64 // when the node served m with the id 1
		want  []int   // whose call that was, 0 where it is not known
	}{
		"one":                        {[]foreign.Call{call(7, 100, 110)}, []int64{105}, []int{7}},
		"stamps of milliseconds":     {[]foreign.Call{call(7, 100, 110)}, []int64{99}, []int{7}},
		"before it was sent":         {[]foreign.Call{call(7, 100, 110)}, []int64{90}, []int{0}},
		"after its reply was read":   {[]foreign.Call{call(7, 100, 110)}, []int64{120}, []int{0}},
		"found once":                 {[]foreign.Call{call(7, 100, 110)}, []int64{105, 106}, []int{7, 0}},
		"two that look the same":     {[]foreign.Call{call(7, 100, 110), call(8, 101, 111)}, []int64{105, 106}, []int{0, 0}},
		"one after the other":        {[]foreign.Call{call(7, 100, 110), call(8, 200, 210)}, []int64{105, 205}, []int{7, 8}},
		"one that was not served":    {[]foreign.Call{call(7, 100, 110), call(8, 200, 210)}, []int64{205}, []int{0}},
		"one that was, long ago":     {[]foreign.Call{call(7, 100, 110), call(8, 9000, 9010)}, []int64{9005}, []int{8}},
		"of two, a third is its own": {[]foreign.Call{call(7, 100, 110), call(8, 100, 110), call(7, 200, 210)}, []int64{105, 106, 205}, []int{0, 0, 7}},
	} {
		t.Run(name, func(t *testing.T) {
			c := foreign.NewCalls()
			for _, k := range tc.calls {
				c.Add(k)
			}
			for i, at := range tc.at {
				got, ok := c.Served("m", "1", at*ms)
				if ok != (tc.want[i] != 0) || ok && got.PID != tc.want[i] {
					t.Errorf("served at %d: PID %d, %v, want %d", at, got.PID, ok, tc.want[i])
				}
			}
			if _, ok := c.Served("other", "1", 105*ms); ok {
				t.Error("a method that nobody called")
			}
		})
	}
}

// What a request on the wire may be is told by its time.
func TestNear(t *testing.T) {
	c := foreign.NewCalls()
	c.Add(foreign.Call{PID: 8, Method: "m", ID: "1", Asked: 200 * ms, Got: 210 * ms})
	c.Add(foreign.Call{PID: 7, Method: "m", ID: "1", Asked: 100 * ms, Got: 110 * ms, Sure: true})
	c.Add(foreign.Call{PID: 9, Method: "m", ID: "1", Asked: 9000 * ms, Got: 19000 * ms, Sure: true}) // long after it was sent
	c.Add(foreign.Call{PID: 9, Method: "m", ID: "1", Asked: 30000 * ms})                             // without a reply
	for _, tc := range []struct {
		id       string
		from, to int64
		want     string
	}{
		{"1", 105, 105, "7"}, {"1", 98, 98, "7"}, {"1", 112, 112, "7"}, {"1", 97, 97, ""}, {"1", 113, 113, ""}, {"1", 0, 500, "78"},
		{"1", 9500, 9500, "9"}, {"1", 11000, 11000, ""}, {"1", 30001, 30001, "9"}, {"2", 105, 105, ""},
		{"", 105, 105, ""}, {"", 205, 205, "8"},
	} {
		got := ""
		for _, k := range c.Near("m", tc.id, tc.from*ms, tc.to*ms) {
			got += strconv.Itoa(k.PID)
		}
		if got != tc.want {
			t.Errorf("%q from %d to %d: %q, want %q", tc.id, tc.from, tc.to, got, tc.want)
		}
	}
}

func TestNamed(t *testing.T) {
	const second = 1000 * ms
	c := foreign.NewCalls()
	c.Name("127.0.0.1:5", "10.0.0.1:6", 100*second)
	c.Name("127.0.0.1:5", "10.0.0.1:6", 130*second)
	c.Name("socket:[7]", "/run/geth.ipc", 100*second)
	for _, tc := range []struct {
		local, peer string
		at          int64
		want        bool
	}{
		{"127.0.0.1:5", "10.0.0.1:6", 115, true}, {"127.0.0.1:5", "10.0.0.1:6", 96, true}, {"[::ffff:127.0.0.1]:5", "10.0.0.1:6", 134, true},
		{"127.0.0.1:5", "10.0.0.1:6", 90, false}, {"127.0.0.1:5", "10.0.0.1:6", 140, false}, {"10.0.0.1:6", "127.0.0.1:5", 115, false},
		{"127.0.0.1:7", "10.0.0.1:6", 115, false}, {"socket:[7]", "/run/geth.ipc", 100, false}, {"", "", 100, false},
	} {
		if got := c.Named(tc.local, tc.peer, tc.at*second); got != tc.want {
			t.Errorf("%s>%s at %d: %v", tc.local, tc.peer, tc.at, got)
		}
	}
}

// The oldest calls go when there are many.
func TestCallsAreBounded(t *testing.T) {
	const many = 1<<18 + 100
	c := foreign.NewCalls()
	for i := range many {
		c.Add(foreign.Call{PID: 7, Method: "m", ID: strconv.Itoa(i), Asked: int64(i), Got: int64(i)})
	}
	if _, ok := c.Served("m", "1", 1); ok {
		t.Error("the first is still there")
	}
	if _, ok := c.Served("m", strconv.Itoa(many-1), many); !ok {
		t.Error("the last is not")
	}
	var none *foreign.Calls
	none.Add(foreign.Call{})
	if _, ok := none.Served("m", "1", 1); ok {
		t.Error("found in nothing")
	}
}
