package synth_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sessiontop/sessiontop/collector/synth"
	"github.com/sessiontop/sessiontop/model"
	"github.com/sessiontop/sessiontop/model/ethereum"
)

// message is the JSON-RPC message of a line.
type message struct {
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
}

// exchange is one call whose reply gets another's result.
type exchange struct {
	at       *synth.Reply
	ask      message
	from, to string // methods: whose result it was, and whose call got it
	result   []byte
}

// Every reply whose result is exchanged for another method's is found, unless
// the result could be the call's own: the same kind of value that names nothing
// else.
func TestExchangedResults(t *testing.T) {
	cfg := synth.Healthy(3)
	cfg.Calls = 600
	r := simulate(t, cfg)
	if n := r.snap.Findings.Len(); n > 0 {
		t.Fatalf("%d findings before anything was exchanged", n)
	}
	plan := r.exchanges(rand.New(rand.NewPCG(1, 1)))
	r.rewrite(plan)
	r.out.Reset()
	r.apply(t, ethereum.New())
	r.compare(t, plan)
}

// exchanges chooses every eighth reply and gives it the result of the reply
// to another method.
func (r *run) exchanges(random *rand.Rand) []exchange {
	var results []message
	for i := range r.truth.Replies {
		t := &r.truth.Replies[i]
		m := r.message(t.Owner.Line)
		m.Result = r.message(t.Line).Result
		results = append(results, m)
	}
	var plan []exchange
	for i := 200; i < len(results); i += 8 {
		other := random.IntN(len(results))
		for results[other].Method == results[i].Method || results[other].Result == nil || results[i].Result == nil {
			other, i = random.IntN(len(results)), i+1
			if i == len(results) {
				return plan
			}
		}
		plan = append(plan, exchange{&r.truth.Replies[i], results[i], results[other].Method, results[i].Method, results[other].Result})
	}
	return plan
}

func (r *run) message(l synth.Line) message {
	var line struct{ Msg message }
	if err := json.Unmarshal([]byte(r.line(l)), &line); err != nil {
		panic(err)
	}
	return line.Msg
}

// rewrite puts the exchanged results into the files, and the truth where the
// lines stand now.
func (r *run) rewrite(plan []exchange) {
	slices.SortFunc(plan, func(a, b exchange) int { return int(b.at.Offset - a.at.Offset) })
	for i := range plan {
		x := &plan[i]
		text := r.files[x.at.File]
		line := text[x.at.Offset : x.at.Offset+int64(x.at.Len)]
		start := bytes.Index(line, []byte(`"result":`)) + len(`"result":`)
		end := bytes.LastIndex(line, []byte(`},"status"`))
		fresh := slices.Concat(line[:start], x.result, line[end:])
		r.files[x.at.File] = slices.Concat(text[:x.at.Offset], fresh, text[x.at.Offset+int64(x.at.Len):])
		shift := len(fresh) - x.at.Len
		for k := range r.truth.Replies {
			if other := &r.truth.Replies[k]; other.File == x.at.File && other.Offset > x.at.Offset {
				other.Offset += int64(shift)
			}
		}
		x.at.Len, x.at.Kind = len(fresh), "exchanged"
	}
}

// compare says what of the plan was found.
func (r *run) compare(t *testing.T, plan []exchange) {
	found := make(map[string]bool)
	for i := range r.snap.Findings.Len() {
		f := r.snap.Findings.At(i)
		file, offset := r.resolve(f.Reply)
		start := bytes.LastIndexByte(r.files[file][:offset], '\n') + 1
		found[fmt.Sprint(file, start)] = true
	}
	d := ethereum.New()
	hit, silent, wrong := 0, make(map[string]int), 0
	for _, x := range plan {
		key := fmt.Sprint(x.at.File, x.at.Offset)
		isFound := found[key]
		delete(found, key)
		ask, reply := d.Ask(x.to, x.ask.Params), d.Reply(x.result)
		told := !ask.Fits(&reply) || ask.Echo(&reply) == model.EchoContradicts
		switch {
		case isFound:
			hit++
		case bytes.Equal(x.result, x.ask.Result):
			silent["the very same result"]++
		case told:
			wrong++
			t.Errorf("%s got the result of %s and nobody noticed: %.80s", x.to, x.from, x.result)
		default:
			silent[x.to+" <- "+x.from]++
		}
	}
	if len(found) > 0 || hit < len(plan)*3/4 {
		t.Errorf("found %d of %d, and %d that were not exchanged", hit, len(plan), len(found))
	}
	total := 0
	for _, n := range silent {
		total += n
	}
	t.Logf("exchanged %d: found %d (%.1f %%), indistinguishable %d, overlooked %d, findings elsewhere %d",
		len(plan), hit, 100*float64(hit)/float64(len(plan)), total, wrong, len(found))
	names := slices.SortedFunc(func(yield func(string) bool) {
		for k := range silent {
			if !yield(k) {
				return
			}
		}
	}, func(a, b string) int { return silent[b] - silent[a] })
	for _, n := range names[:min(20, len(names))] {
		t.Logf("%4d %s", silent[n], n)
	}
}
