package decode_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sessiontop/sessiontop/collector/decode"
	"github.com/sessiontop/sessiontop/model"
)

func TestClassesOfMessages(t *testing.T) {
	one, null := model.IntID(1), model.ID{Kind: model.IDNull}
	invalid := func(id model.ID, why model.Why) model.Message { return model.Message{ID: id, Why: why} }
	for _, c := range []struct {
		msg  string
		want model.Message
	}{
		{`{"jsonrpc":"2.0","id":1,"method":"m","params":[]}`, model.Message{Kind: model.Request, ID: one, Method: 2}},
		{`{"id":1,"method":"m"}`, model.Message{Kind: model.Request, ID: one, Method: 2}},
		{`{"id":null,"method":"m"}`, model.Message{Kind: model.Request, ID: null, Method: 2}},
		{`{"method":"m","id":1.0}`, model.Message{Kind: model.Request, ID: one, Method: 2}},
		{`{"method":"m","id":10e-1}`, model.Message{Kind: model.Request, ID: one, Method: 2}},
		{`{"id":"1","method":"m"}`, model.Message{Kind: model.Request, ID: model.TextID([]byte(`"1"`)), Method: 2}},
		{`{"id":"\u0031","method":"m"}`, model.Message{Kind: model.Request, ID: model.TextID([]byte(`"1"`)), Method: 2}},
		{`{"id":0.5,"method":"m"}`, model.Message{Kind: model.Request, ID: model.TextID([]byte(`0.5`)), Method: 2}},
		{`{"id":18446744073709551615,"method":"m"}`, model.Message{Kind: model.Request, ID: model.TextID([]byte(`18446744073709551615`)), Method: 2}},
		{`{"method":"m"}`, model.Message{Kind: model.Notification, Method: 2}},
		{`{"id":1,"result":0}`, model.Message{Kind: model.Result, ID: one}},
		{`{"id":1,"result":null}`, model.Message{Kind: model.Result, ID: one}},
		{`{"id":1,"result":0,"error":null}`, model.Message{Kind: model.Result, ID: one}},
		{`{"id":1,"error":{"code":-32000,"message":"m"}}`, model.Message{Kind: model.ErrorReply, ID: one, Code: -32000}},
		{`{"id":null,"error":{"message":"m","code":-32700}}`, model.Message{Kind: model.ErrorReply, ID: null, Code: -32700}},
		{`{"id":1,"error":{"code":3e9}}`, model.Message{Kind: model.ErrorReply, ID: one}},
		{`{"id":1,"error":{"data":{"code":5}}}`, model.Message{Kind: model.ErrorReply, ID: one}},
		{`{"id":1,"error":"m"}`, model.Message{Kind: model.ErrorReply, ID: one}},
		{`{"id":1,"result":0,"error":{}}`, invalid(one, model.WhyBoth)},
		{`{"id":1,"result":null,"error":{}}`, model.Message{Kind: model.ErrorReply, ID: one}},
		{`{"id":1}`, invalid(one, model.WhyNeither)},
		{`{"id":1,"error":null}`, invalid(one, model.WhyNeither)},
		{`{"id":1,"method":7}`, invalid(one, model.WhyNeither)},
		{`{}`, invalid(model.ID{}, model.WhyNeither)},
		{`{"id":null,"result":0}`, invalid(null, model.WhyNullResult)},
		{`{"result":0}`, invalid(model.ID{}, model.WhyNullResult)},
		{`{"id":true,"result":0}`, invalid(model.ID{}, model.WhyBadID)},
		{`{"id":{},"method":"m"}`, invalid(model.ID{}, model.WhyBadID)},
		{`"x"`, invalid(model.ID{}, model.WhyNotObject)},
		{`null`, invalid(model.ID{}, model.WhyNotObject)},
		{`[]`, invalid(model.ID{}, model.WhyEmptyBatch)},
	} {
		prefix := `{"ts":1,"pid":1,"ev":"recv","msg":`
		out := run(prefix + c.msg + "}\n")
		c.want.At, c.want.Len = uint32(len(prefix)), uint32(len(c.msg))
		if diff := cmp.Diff([]model.Message{c.want}, out.Messages); diff != "" || len(out.Events) != 1 {
			t.Errorf("%s: %s %s", c.msg, diff, out.Stats.BadReason)
		}
	}
}

func TestWhyABodyIsNoMessage(t *testing.T) {
	for _, c := range []struct {
		rest string
		want model.Why
	}{
		{`"raw":"x"`, model.WhyNotJSON},
		{`"raw":"x","status":200`, model.WhyNotJSON},
		{`"raw":"x","status":502`, model.WhyHTTP},
		{`"raw":"x","status":502,"part":true`, model.WhyPartial},
		{`"msg":{"message":"rate limited"},"status":429`, model.WhyHTTP},
		{`"msg":{"id":null,"result":1},"status":500`, model.WhyNullResult},
		{`"msg":{"id":1},"part":true`, model.WhyPartial},
		{`"part":true`, model.WhyPartial},
	} {
		_, messages := one(t, `{"ts":1,"pid":1,"ev":"recv",`+c.rest+`}`)
		if len(messages) != 1 || messages[0].Kind != model.Invalid || messages[0].Why != c.want {
			t.Errorf("%s: %+v, want %s", c.rest, messages, c.want.Text())
		}
	}
}

// spy is a dialect that puts what it was given into fingerprints.
type spy struct{ asked, replied []string }

func (s *spy) Ask(method string, params []byte) model.Fingerprint {
	s.asked = append(s.asked, method+" "+string(params))
	return model.Fingerprint{Lo: uint64(len(s.asked))}
}

func (s *spy) Reply(result []byte) model.Fingerprint {
	s.replied = append(s.replied, string(result))
	return model.Fingerprint{Hi: uint64(len(s.replied))}
}

func TestTheDialectReadsRequestsAndResultsOnly(t *testing.T) {
	line := func(msg string) string { return `{"ts":1,"pid":1,"ev":"recv","msg":` + msg + "}\n" }
	var s spy
	var out decode.Out
	decode.New(model.NewInterner(100), &s).Block(1, 0, []byte(line(`{"id":1,"method":"eth_c\u0061ll","params":[ {"a":1} ]}`)+
		line(`{"method":"eth_subscription","params":{}}`)+line(`{"id":2,"method":"a_method_that_came_too_late"}`)+
		line(`{"id":1,"result": [ 1, 2 ] }`)+line(`{"id":1,"error":{}}`)), &out)
	if diff := cmp.Diff([]string{`eth_call [ {"a":1} ]`, "a_method_that_came_too_late "}, s.asked); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"[ 1, 2 ]"}, s.replied); diff != "" {
		t.Error(diff)
	}
	if out.Messages[0].Print.Lo != 1 || out.Messages[3].Print.Hi != 1 || out.Messages[2].Method != model.SymOther {
		t.Errorf("messages %+v", out.Messages)
	}
}

func TestLongMethodNamesAreCut(t *testing.T) {
	in := model.NewInterner(1 << 20)
	var out decode.Out
	decode.New(in, model.NoDialect{}).Block(1, 0, []byte(`{"ts":1,"pid":1,"ev":"send","msg":{"id":1,"method":"`+strings.Repeat("é", 1000)+`"}}`), &out)
	if got := in.Names()[out.Messages[0].Method]; got != strings.Repeat("é", 128) {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
