package ethereum_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/sessiontop/sessiontop/model/ethereum"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing secret", `{"jsonrpc":"2.0","id":1,"method":"eth_accounts","params":[]}`, ""},
		{"reply", `{"jsonrpc":"2.0","id":1,"result":"personal_unlockAccount"}`, ""},
		{"same namespace", `{"method":"personal_listAccounts","params":["x"]}`, ""},
		{"no params", `{"method":"personal_unlockAccount"}`, ""},
		{"unlock", `{"id":1,"method":"personal_unlockAccount","params":["0xab","hunter2",300]}`,
			`{"id":1,"method":"personal_unlockAccount","params":["0xab","<redacted>",300]}`},
		{"spaces stay", "{ \"method\" : \"personal_unlockAccount\" ,\n \"params\" : [ \"0xab\" , \"hunter2\" , 300 ] }",
			"{ \"method\" : \"personal_unlockAccount\" ,\n \"params\" : [ \"0xab\" , \"<redacted>\" , 300 ] }"},
		{"params first", `{"params":["0xab","hunter2"],"method":"personal_unlockAccount"}`,
			`{"params":["0xab","<redacted>"],"method":"personal_unlockAccount"}`},
		{"both", `{"method":"personal_importRawKey","params":["hunter2","hunter2"]}`,
			`{"method":"personal_importRawKey","params":["<redacted>","<redacted>"]}`},
		{"null stays", `{"method":"personal_unlockAccount","params":["0xab",null]}`, ""},
		{"batch", `[{"method":"eth_accounts"},{"method":"personal_sign","params":["0x","0xab","hunter2"]}]`,
			`[{"method":"eth_accounts"},{"method":"personal_sign","params":["0x","0xab","<redacted>"]}]`},
		{"escaped method", `{"method":"personal\u005funlockAccount","params":["0xab","hunter2"]}`,
			`{"method":"personal\u005funlockAccount","params":["0xab","<redacted>"]}`},
		{"escaped key", `{"m\u0065thod":"personal_unlockAccount","p\u0061rams":["0xab","hunter2"]}`,
			`{"m\u0065thod":"personal_unlockAccount","p\u0061rams":["0xab","<redacted>"]}`},
		{"other case", `{"Method":"Personal_UnlockAccount","PARAMS":["0xab","hunter2"]}`,
			`{"Method":"Personal_UnlockAccount","PARAMS":["0xab","<redacted>"]}`},
		{"long s", `{"method":"personal_unlockAccount","paramſ":["0xab","hunter2"]}`,
			`{"method":"personal_unlockAccount","paramſ":["0xab","<redacted>"]}`},
		{"keys twice", `{"method":"eth_accounts","params":[1,"hunter2"],"method":"personal_unlockAccount","params":[1,"hunter2"]}`,
			`{"method":"eth_accounts","params":[1,"<redacted>"],"method":"personal_unlockAccount","params":[1,"<redacted>"]}`},
		{"by name", `{"method":"personal_unlockAccount","params":{"address":"0xab","password":"hunter2"}}`,
			`{"method":"personal_unlockAccount","params":{"address":"<redacted>","password":"<redacted>"}}`},
		{"nested params", `{"method":"personal_unlockAccount","params":[["0xab","hunter2"]]}`,
			`{"method":"personal_unlockAccount","params":["<redacted>"]}`},
		{"scalar params", `{"method":"personal_newAccount","params":"hunter2"}`,
			`{"method":"personal_newAccount","params":"<redacted>"}`},
		{"wrapped", `{"payload":{"method":"personal_newAccount","params":["hunter2"]}}`,
			`{"payload":{"method":"personal_newAccount","params":["<redacted>"]}}`},
		{"wrapped deep", `[[[[[[[[[{"method":"personal_newAccount","params":["hunter2"]}]]]]]]]]]`,
			`[[[[[[[["<redacted>"]]]]]]]]`},
		{"fork URL", `{"method":"hardhat_reset","params":[{"forking":{"jsonRpcUrl":"https://h/v3/hunter2"}}]}`,
			`{"method":"hardhat_reset","params":["<redacted>"]}`},
		{"cut off", `{"method":"personal_unlockAccount","params":["0xab","hunt`, `"<redacted>"`},
		{"two messages torn", `{"id":1,"method":"eth_a{"method":"personal_newAccount","params":["hunter2"]}`, `"<redacted>"`},
		{"cut off, escaped", `{"method":"personal\u005funlockAccount","params":["0xab","hunt`, `"<redacted>"`},
		{"cut off, harmless", `{"error":"a \u003c b`, ""},
		{"second half", `,"params":["0xab","hunter2"]}`, `"<redacted>"`},
		{"second half, escaped", `,"p\u0061rams":["0xab","hunter2"]}`, `"<redacted>"`},
		{"second half after a message", `{"method":"eth_call","params":[]}lAccount","params":["hunter2"]}`, `"<redacted>"`},
		{"first half of a plain call", `{"method":"eth_call","params":[{"to":"0x`, ""},
		{"params first, plain", `{"params":["latest"],"method":"eth_call"}`, ""},
		{"string of half a secret", ` "{\"method\":\"personal_unlockAccount\",\"params\":[\"0xab\",\"hunt"`, `"<redacted>"`},
		{"string of a whole one", `"{\"params\":[\"hunter2\"],\"method\":\"personal_newAccount\"}"`, `"<redacted>"`},
		{"string, escaped", `"{\"method\":\"personal\u005fnewAccount\",\"par\u0061ms\":[\"hunter2\"]"`, `"<redacted>"`},
		{"string, escaped twice", `"{\"method\":\"personal\\u005fnewAccount\",\"params\":[\"hunter2\"]}"`, `"<redacted>"`},
		{"string of a second half", `"ount\",\"params\":[\"0xab\",\"hunter2\"]}"`, `"<redacted>"`},
		{"string, base64", `"` + base64.StdEncoding.EncodeToString([]byte(`{"method":"personal_newAccount","params":["hunter2"`)) + `"`, `"<redacted>"`},
		{"string, base64 cut off", `"` + base64.StdEncoding.EncodeToString([]byte(`{"method":"personal_newAccount","params":["hunter2"`))[:65] + `"`, `"<redacted>"`},
		{"string cut off", `"{\"x\":1,\"params\":[\"hunter2`, `"<redacted>"`},
		{"string of half a plain call", `"{\"method\":\"eth_call\",\"params\":[{\"to\":\"0x"`, ""},
		{"string of a page", `"<html>502 Bad Gateway</html>"`, ""},
		{"error with a URL", `{"id":1,"error":{"code":-32000,"message":"Post \"https://h/v3/0123456789abcdef0123456789abcdef\": EOF","data":["https://u:hunter2@h/"]}}`,
			`{"id":1,"error":{"code":-32000,"message":"Post \"https://h/v3/<redacted>\": EOF","data":["https://redacted@h/"]}}`},
		{"error with slashes escaped", `{"error":"https:\/\/u:hunter2@h"}`, `{"error":"https://redacted@h"}`},
		{"error with a plain URL", `{"error":{"message":"see https://geth.ethereum.org/docs"}}`, ""},
		{"error far down", `{"error":[[[[[[[[[["https://u:hunter2@h"]]]]]]]]]]}`, `{"error":[[[[[[["<redacted>"]]]]]]]}`},
		{"URL in a result", `{"result":"https://u:p@h"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := c.want
			if want == "" {
				want = c.in
			}
			before := []byte(c.in)
			got := ethereum.Redact(before)
			if string(got) != want {
				t.Errorf("Redact(%s)\n got %s\nwant %s", c.in, got, want)
			}
			if string(before) != c.in {
				t.Errorf("the message itself was changed: %s", before)
			}
			if again := ethereum.Redact(got); !bytes.Equal(again, got) {
				t.Errorf("redacted twice: %s, want %s", again, got)
			}
		})
	}
}

func TestRedactOfAPlainMessageAllocatesNothing(t *testing.T) {
	for _, s := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",true]}`,
		`{"jsonrpc":"2.0","id":1,"result":{"a_b":"` + strings.Repeat("ab", 5000) + `"}}`,
	} {
		msg := []byte(s)
		if n := testing.AllocsPerRun(100, func() { ethereum.Redact(msg) }); n != 0 {
			t.Errorf("%v allocations for %.60s, want 0", n, s)
		}
	}
}

// secretMethods has one call of every shape that SecretParams knows.
var secretMethods = []string{
	"personal_newAccount", "personal_importRawKey", "personal_unlockAccount", "personal_sendTransaction",
	"personal_signTransaction", "personal_sign", "personal_sign191", "personal_openWallet",
	"account_import", "clef_importRawKey", "clef_import", "parity_newAccountFromPhrase",
	"parity_changePassword", "secretstore_shadowDecrypt", "signer_confirmRequest", "shh_addSymKey",
	"evm_addAccount", "anvil_setRpcUrl", "hardhat_reset",
}

// FuzzRedactSecret plants a secret where a method has one, among hostile
// neighbours, whole and cut off.
func FuzzRedactSecret(f *testing.F) {
	f.Add("hunter2", `"0xab"`, 2, uint16(0))
	f.Add("päss\"wörd\\", `{"method":"eth_call","params":["x"]}`, 5, uint16(9))
	f.Add("correct horse", "[[1],2]", 9, uint16(70))
	f.Fuzz(func(t *testing.T, secret, other string, which int, cut uint16) {
		if len(secret) < 4 || !json.Valid([]byte(other)) || strings.Contains(other, secret) || strings.Contains(`"<redacted>"`, secret) {
			return
		}
		method := secretMethods[uint(which)%uint(len(secretMethods))]
		word, err := json.Marshal("\x01" + secret + "\x01") // nothing else in the message is like it
		if err != nil {
			t.Fatal(err)
		}
		params := make([]string, 4)
		for i := range params {
			params[i] = other
		}
		for _, p := range ethereum.SecretParams(method) {
			params[p] = string(word)
		}
		msg := `[{"x":` + other + `,"jsonrpc":"2.0","id":1,"method":"` + method + `","params":[` + strings.Join(params, " , ") + `]}]`
		inner := string(word[1 : len(word)-1])
		for _, in := range []string{msg, msg[:len(msg)-int(cut)%10]} {
			if got := string(ethereum.Redact([]byte(in))); strings.Contains(got, inner) {
				t.Fatalf("Redact(%s) = %s: the secret %s is still there", in, got, inner)
			}
		}
	})
}

// FuzzRedact feeds hostile bytes: no panic, JSON stays JSON of the same shape,
// a second time changes nothing.
func FuzzRedact(f *testing.F) {
	f.Add([]byte(`{"method":"personal_unlockAccount","params":["0xab","hunter2",300]}`))
	f.Add([]byte(`[{"params":{"a":1},"method":"clef_import"},{"\u006dethod":"parity_newVault","params":[[],{}]},1,"personal_",null]`))
	f.Add([]byte(`{"method":"personal_sign","params":[`))
	f.Add([]byte("personal_\\u00"))
	f.Fuzz(func(t *testing.T, msg []byte) {
		before := bytes.Clone(msg)
		got := ethereum.Redact(msg)
		if !bytes.Equal(msg, before) {
			t.Fatalf("%q was changed to %q", before, msg)
		}
		if json.Valid(msg) && !json.Valid(got) {
			t.Fatalf("Redact(%q) = %q: no longer JSON", msg, got)
		}
		if again := ethereum.Redact(got); !bytes.Equal(again, got) {
			t.Fatalf("Redact(%q) = %q, twice %q", msg, got, again)
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	plain := []byte(`{"jsonrpc":"2.0","id":4711,"method":"eth_getBalance","params":["0x00000000219ab540356cbb839cbe05303d7705fa","latest"]}`)
	for name, msg := range map[string][]byte{
		"request": plain,
		"reply":   []byte(`{"jsonrpc":"2.0","id":1,"result":"0x` + strings.Repeat("ab", 1<<15) + `"}`),
		"secret":  []byte(`{"jsonrpc":"2.0","id":1,"method":"personal_unlockAccount","params":["0x00000000219ab540356cbb839cbe05303d7705fa","hunter2",300]}`),
	} {
		b.Run(name+strconv.Itoa(len(msg)), func(b *testing.B) {
			b.SetBytes(int64(len(msg)))
			b.ReportAllocs()
			for b.Loop() {
				ethereum.Redact(msg)
			}
		})
	}
}
