package decode_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

// values are what a key may have: mostly what it should, at times another
// value of its type, seldom of another type.
var values = map[string][]string{
	"v":      {"1", "1", "1", "1.0", "null", "2"},
	"ts":     {`"2026-11-22T09:00:00.000100000Z"`, `"2026-11-22T10:30:00.5+01:30"`, "1795338000000000000", "1.795338e18", `"\u0032026-11-22T09:00:00Z"`, `"never"`},
	"mono":   {"1", "9223372036854775807", "null", "9223372036854775808"},
	"pid":    {"4121", "4122", "1e3", "4121.0", "0"},
	"ppid":   {"4119", "0", "null"},
	"nspid":  {"7", "0", "-1"},
	"tid":    {"4121", "7"},
	"start":  {"18446744073709551615", "5", "-1"},
	"host":   {`"a"`, `"b"`, `"\u00e9"`, "null"},
	"comm":   {`"worker"`, `"q\"uote"`},
	"ev":     {`"send"`, `"recv"`, `"send"`, `"recv"`, `"fail"`, `"open"`, `"close"`, `"fork"`, `"exec"`, `"exit"`, `"lost"`, `"\u0073end"`, `"dance"`},
	"sess":   {`"s1"`, `"s2"`, `""`},
	"cookie": {"12", "18446744073709551615", "0"},
	"ino":    {"88211", "88212"},
	"local":  {`"127.0.0.1:51234"`, `"/run/geth.ipc"`},
	"peer":   {`"127.0.0.1:8545"`, "5"},
	"opener": {"4119", "4121"},
	"url":    {`"http://127.0.0.1:8545"`, `"ws:\/\/h"`},
	"client": {`"web3.py/6.15.1"`},
	"off":    {"0", "812", "-1"},
	"upto":   {"900", "7", "-1"},
	"size":   {"88", "0", "4294967296"},
	"raw":    {`"<html>"`, `"\ud83d\ude00"`, "null"},
	"enc":    {`"base64"`},
	"part":   {"true", "false", "null"},
	"rest":   {"true", "false", "null", "0"},
	"before": {"true", "false", "null", "1"},
	"status": {"200", "400", "502", "null"},
	"err":    {`"timeout"`, `"reset \"by\" peer"`},
	"id":     {"1", `"a"`, "null", "1.5"},
	"child":  {"4130", "null"},
	"code":   {"0", "-9"},
	"n":      {"3", "0"},
	"seq":    {"1", "2", "3", "9"},
	"other":  {`{"ts":[1,{"pid":[]}]}`, `"x"`},
}

var rpcValues = map[string][]string{
	"jsonrpc": {`"2.0"`, `"1.0"`},
	"id":      {"1", "2", "1.0", "-7", "1e2", `"a"`, `"\u0061"`, "null", "true", "99999999999999999999"},
	"method":  {`"eth_call"`, `"eth_chainId"`, `"e\u0074h_call"`, "5", "null"},
	"params":  {"[]", `[{"to":"0x1"},"latest"]`, "null"},
	"result":  {"null", `"0x1"`, "[ 1 , 2 ]", "true"},
	"error":   {"null", `{"code":-32000,"message":"x"}`, `{"code":1.5}`, `{"c\u006fde":7, "data":{"code":1}}`, `"bad"`, "[]", "{}"},
	"error ":  {"1"},
}

// object writes members of from in random order, with random white space,
// escapes in keys, and at times a key twice.
func object(r *rand.Rand, from map[string][]string, with ...string) string {
	keys := with
	for key := range from {
		if r.IntN(4) == 0 {
			keys = append(keys, key)
		}
	}
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	blank := func() string { return []string{"", "", "", "", "", " ", "\t"}[r.IntN(7)] }
	var members []string
	for _, key := range keys {
		var value string
		if key == "msg" {
			value = message(r)
		} else {
			value = from[key][min(r.IntN(len(from[key])), r.IntN(len(from[key])))]
		}
		if at := r.IntN(len(key)); r.IntN(12) == 0 {
			key = key[:at] + fmt.Sprintf(`\u%04x`, key[at]) + key[at+1:]
		}
		members = append(members, blank()+`"`+key+`"`+blank()+":"+blank()+value+blank())
	}
	return "{" + strings.Join(members, ",") + "}"
}

func message(r *rand.Rand) string {
	switch n := r.IntN(12); n {
	case 0:
		return []string{"null", "5", "[]", "[ ]", `"x"`, "{}"}[r.IntN(6)]
	case 1, 2:
		items := make([]string, 1+r.IntN(4))
		for i := range items {
			items[i] = message(r)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return object(r, rpcValues, []string{"method", "result", "error", "id"}[r.IntN(4)], "id")
}

// like is a line like the one before but for a digit, a comma and a blank, or
// a member that comes on top: what a process writes, and what only looks like it.
func like(r *rand.Rand, line string) string {
	b := []byte(line)
	switch at := r.IntN(len(b)); r.IntN(5) {
	case 0:
		for i := at; i < len(b); i++ {
			if b[i] >= '1' && b[i] <= '8' {
				b[i]++
				break
			}
		}
	case 1:
		for i := at; i < len(b); i++ {
			if b[i] >= '1' && b[i] <= '9' {
				return line[:i] + "1" + line[i:]
			}
		}
	case 2:
		if at := strings.IndexByte(line[at:], ',') + at; at > 0 {
			return line[:at] + " " + line[at:]
		}
	case 3:
		key := []string{"ino", "pid", "host", "sess", "x"}[r.IntN(5)]
		member := `,"` + key + `":` + append(values[key], "1")[0]
		return line[:len(line)-1] + member + "}"
	}
	return string(b)
}

// lines is a log of n random lines, at times with a blank or a broken one.
func lines(r *rand.Rand, n int) []byte {
	var b bytes.Buffer
	var last string
	for range n {
		line := object(r, values, "ts", "pid", "ev", "msg", "n", "child")
		if last != "" && r.IntN(2) == 0 {
			line = like(r, last)
		}
		last = line
		switch r.IntN(40) {
		case 0:
			line = line[:r.IntN(len(line))]
		case 1:
			line = ""
		case 2:
			line += "\r"
		}
		b.WriteString(line + "\n")
	}
	return b.Bytes()
}

func TestRandomLinesDecodeAsTheReferenceSays(t *testing.T) {
	used := 0
	for seed := range uint64(300) {
		data := lines(rand.New(rand.NewPCG(seed, 1)), 20)
		if agree(t, data); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
		used += len(run(string(data)).Events)
	}
	if used < 1000 {
		t.Errorf("only %d of 6000 random lines were good: the test tests little", used)
	}
}

// TestKeyOrderDoesNotMatter marshals records by encoding/json and shuffles
// their keys: no member stands twice, so the order must say nothing.
func TestKeyOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		record := map[string]json.RawMessage{"msg": json.RawMessage(message(r))}
		for key, choice := range values {
			record[key] = json.RawMessage(choice[0])
		}
		var keys []string
		for key := range record {
			keys = append(keys, key)
		}
		var want decode.Out
		for range 5 {
			r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			var members []string
			for _, key := range keys {
				members = append(members, fmt.Sprintf("%q:%s", key, record[key]))
			}
			got := run("{" + strings.Join(members, ",") + "}")
			for i := range got.Messages {
				got.Messages[i].At = 0
			}
			if want.Events == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" || len(got.Events) != 1 {
				t.Fatalf("seed %d: %s %s", seed, diff, got.Stats.BadReason)
			}
		}
	}
}

// TestBlocksMayBeCutAtAnyLine decodes a file whole, and in blocks cut at random
// lines, each by a Decoder that has met other blocks before.
func TestBlocksMayBeCutAtAnyLine(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		data := append([]byte("\xef\xbb\xbf"), lines(r, 60)...)
		in := model.NewInterner(1 << 20)
		var whole, cut decode.Out
		decode.New(in, model.NoDialect{}).Block(3, 0, data, &whole)
		decoders := []*decode.Decoder{decode.New(in, model.NoDialect{}), decode.New(in, model.NoDialect{})}
		var sum decode.Stats
		for at := 0; at < len(data); {
			end := at
			for range 1 + r.IntN(6) {
				end += bytes.IndexByte(data[end:], '\n') + 1
				if end == len(data) {
					break
				}
			}
			decoders[r.IntN(2)].Block(3, int64(at), data[at:end], &cut)
			sum.Lines += cut.Stats.Lines
			sum.Malformed += cut.Stats.Malformed
			sum.LostReported += cut.Stats.LostReported
			if sum.BadReason == "" {
				sum.BadOffset, sum.BadReason = cut.Stats.BadOffset, cut.Stats.BadReason
			}
			at = end
		}
		cut.Stats = sum
		for _, out := range []*decode.Out{&whole, &cut} { // what is missing at a cut, the source tells
			for i := range out.Events {
				out.Events[i].Flags &^= model.Gapped
			}
		}
		if diff := cmp.Diff(whole, cut, cmpopts.IgnoreFields(decode.Stats{}, "Seq")); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}
