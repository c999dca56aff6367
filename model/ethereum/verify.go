package ethereum

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// Difference is a value of a result that is not what it must be.
type Difference struct {
	Field string // where, as in transactions[2].from; "" is the whole result
	Got   string // what the result says
	Want  string // what was computed, asked for, or answered when asked again
}

func (d Difference) String() string {
	field := d.Field
	if field == "" {
		field = "result"
	}
	return fmt.Sprintf("%s: got %s, want %s", field, d.Got, d.Want)
}

// Verify checks a result deeply, with go-ethereum's types: it computes a
// block's hash and roots, a transaction's hash and sender, a receipt's bloom,
// and holds them against what the result says and what the parameters ask for.
// It finds what a Fingerprint cannot: a reply that was altered, or made up.
//
// It says nothing of methods without such values, of null, of pending blocks
// and of what go-ethereum's types cannot read: transactions and headers of other
// chains that have fields or types of their own. It decodes everything, so it
// is for the one reply that somebody looks at. Any goroutine may call it.
func Verify(method string, params, result []byte) []Difference {
	var v verifier
	arg := firstArgument(params)
	switch method {
	case "eth_getBlockByHash", "eth_getHeaderByHash":
		v.block(result, arg, "")
	case "eth_getBlockByNumber", "eth_getHeaderByNumber":
		v.block(result, "", arg)
	case "eth_getTransactionByHash":
		v.transaction("", result, place{hash: arg})
	case "eth_getTransactionByBlockHashAndIndex":
		v.transaction("", result, place{blockHash: arg})
	case "eth_getTransactionByBlockNumberAndIndex":
		v.transaction("", result, place{blockNumber: arg})
	case "eth_getTransactionReceipt":
		v.receipt("", result, place{hash: arg})
	case "eth_getBlockReceipts":
		v.receipts(result, arg)
	case "eth_sendRawTransaction":
		v.digest(result, func(b []byte) (string, bool) { return rawHash(b) }, arg)
	case "web3_sha3":
		v.digest(result, func(b []byte) (string, bool) { return hexutil.Encode(crypto.Keccak256(b)), true }, arg)
	}
	return v.found
}

// verifier gathers differences.
type verifier struct{ found []Difference }

// equal compares two values in hex, quantities or bytes; an empty want is not
// known, an empty got was not said.
func (v *verifier) equal(field, got, want string) {
	if got == "" || want == "" || canonicalHex(got) == canonicalHex(want) {
		return
	}
	v.found = append(v.found, Difference{field, got, want})
}

// digest checks a result that is the hash of the parameter.
func (v *verifier) digest(result []byte, hash func([]byte) (string, bool), arg string) {
	var got string
	if json.Unmarshal(result, &got) != nil {
		return
	}
	b, err := hexutil.Decode(arg)
	if err != nil {
		return
	}
	if want, ok := hash(b); ok {
		v.equal("", got, want)
	}
}

// canonicalHex is a hex string in lower case without leading zeros, any other
// as it is.
func canonicalHex(s string) string {
	d, ok := hexDigits([]byte(s))
	if !ok {
		return s
	}
	return "0x" + strings.ToLower(string(noZeros(d)))
}

// firstArgument is the first parameter where it is a hex string, of whatever
// block parameter form; else "".
func firstArgument(params []byte) string {
	c, ok := argument(params, 0)
	if !ok {
		return ""
	}
	var arg any
	d := json.NewDecoder(bytes.NewReader(c.b[c.i:]))
	if d.Decode(&arg) != nil {
		return ""
	}
	if o, ok := arg.(map[string]any); ok {
		if arg, ok = o["blockHash"]; !ok {
			arg = o["blockNumber"]
		}
	}
	s, _ := arg.(string)
	if !strings.HasPrefix(s, "0x") {
		return "" // a tag
	}
	return s
}

// at names an element, or a member of one.
func at(field string, index int) string { return fmt.Sprintf("%s[%d]", field, index) }

func dot(field, member string) string {
	if field == "" {
		return member
	}
	return field + "." + member
}
