package web3py

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestToJSON(t *testing.T) {
	for src, want := range map[string]string{
		`{'jsonrpc': '2.0', 'id': 0, 'result': ['0xe047', '0x1']}`:                                                           `{"jsonrpc":"2.0","id":0,"result":["0xe047","0x1"]}`,
		`{'id': 1, 'result': None}`:                                                                                          `{"id":1,"result":null}`,
		`{'id': 1, 'result': {'a': (1, 2.5, -3), 'b': [True, False]}}`:                                                       `{"id":1,"result":{"a":[1,2.5,-3],"b":[true,false]}}`,
		`AttributeDict({'id': 1, 'hash': HexBytes('0xab')})`:                                                                 `{"id":1,"hash":"0xab"}`,
		`{'a': b'\x01\xffA\'', "b": "it's", 'c': 'say "\u00e9\n"'}`:                                                          `{"a":"0x01ff4127","b":"it's","c":"say \"é\u000a\""}`,
		`{1: 'a', None: 'b', 'c': 10000000000000000000000000000000001}`:                                                      `{"1":"a","null":"b","c":10000000000000000000000000000000001}`,
		`{'a': inf, 'b': -inf, 'c': nan, 'd': 1e+20, 'e': Decimal('1.5'), 'f': datetime.datetime(2026, 11, 22, tzinfo=x.y)}`: `{"a":"inf","b":"-inf","c":"nan","d":1e+20,"e":"1.5","f":2026}`,
		`{'a': '\d', 'b': u'x', 'c': object(), 'd': 1., }`:                                                                   `{"a":"\\d","b":"x","c":null,"d":1}`,
		`[]`: `[]`,
	} {
		got, _, err := toJSON([]byte(src))
		if err != nil || string(got) != want || !json.Valid(got) {
			t.Errorf("%s\n got %s, %v\nwant %s", src, got, err, want)
		}
	}
}

func TestToJSONFindsTheID(t *testing.T) {
	for src, want := range map[string]string{
		`{'jsonrpc': '2.0', 'id': 7, 'result': {'id': 9}}`:                  "7",
		`{'result': {'id': 9}, 'id': 'x'}`:                                  `"x"`,
		`AttributeDict({'id': 3, 'result': 1})`:                             "3",
		`{'jsonrpc': '2.0', 'error': {'code': -32700, 'message': 'id: 1'}}`: "",
		`{'id': None}`: "null",
	} {
		if _, id, err := toJSON([]byte(src)); err != nil || string(id) != want {
			t.Errorf("%s: id %q, %v, want %q", src, id, err, want)
		}
	}
}

func TestToJSONRefusesWhatIsNone(t *testing.T) {
	for _, src := range []string{"", "{", "{'a'", "{'a':", "{'a': 1", "'abc", `'\x4`, `'\xzz'`, "[1 2]", "{1}", "<object at 0x7f>",
		strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1)} {
		if got, _, err := toJSON([]byte(src)); err == nil {
			t.Errorf("%s: got %s, want an error", src, got)
		}
	}
}

func FuzzToJSON(f *testing.F) {
	f.Add(`{'jsonrpc': '2.0', 'id': 0, 'result': ['0xe047', "0x1", b'\x01', None, True, 1.5, -inf, HexBytes('0x')]}`)
	f.Add(`AttributeDict({'a': (1, 2), 3: {}, 'b': x(a=1)})`)
	f.Fuzz(func(t *testing.T, src string) {
		got, id, err := toJSON([]byte(src))
		if err == nil && !json.Valid(got) {
			t.Errorf("%q becomes %s, which is no JSON", src, got)
		}
		if len(id) > 0 && !json.Valid(id) {
			t.Errorf("%q has the id %s, which is no JSON", src, id)
		}
	})
}
