package ethereum

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// Redact is msg, a JSON-RPC message or batch, with "<redacted>" in the place
// of the passphrases and keys among its parameters (SecretParams says which).
// The URLs that an error quotes lose their keys (model.RedactText). Every other
// byte stays as it was, and valid JSON stays valid. Bytes that are no JSON but
// name such a method, or half of one, or hold params without their method,
// become "<redacted>" as a whole; so does a JSON string that says such bytes,
// plainly or in base64, as a body that is no JSON stands in a session log. Where there is nothing to redact msg itself comes back and nothing is
// allocated; otherwise the result is a copy. Safe from any goroutine.
func Redact(msg []byte) []byte {
	if opensString(msg) {
		return redactString(msg)
	}
	walk := mentionsSecret(msg) || mentionsURL(msg)
	if !walk && !orphanParams(msg) {
		return msg
	}
	if !json.Valid(msg) {
		if secretFragment(msg) {
			return []byte(redactedJSON)
		}
		return msg
	}
	if !walk {
		return msg
	}
	r := redactor{buf: msg}
	r.value(0)
	if r.done == 0 {
		return msg
	}
	return append(r.out, msg[r.done:]...)
}

const (
	redactedJSON = `"` + model.Redacted + `"`
	maxRedaction = 8 // depth of messages inside messages; deeper ones go as a whole
)

// mentionsSecret says whether msg may name a method with secrets: a namespace
// that has some, or an escape that may spell one. It is all that most messages
// cost, so it looks at underscores only.
func mentionsSecret(msg []byte) bool {
	for i := 0; ; i++ {
		n := bytes.IndexByte(msg[i:], '_')
		if n < 0 {
			return bytes.Contains(msg, []byte(`\u`))
		}
		i += n
		if endsInSecretNamespace(msg[:i]) {
			return true
		}
	}
}

func endsInSecretNamespace(b []byte) bool {
	for _, ns := range [...]string{"personal", "parity", "clef", "account", "secretstore", "signer", "shh", "evm", "hardhat", "anvil", "ganache"} {
		if len(b) >= len(ns) && b[len(b)-1]|0x20 == ns[len(ns)-1] && strings.EqualFold(string(b[len(b)-len(ns):]), ns) {
			return true
		}
	}
	return false
}

// redactor walks one valid JSON text from front to back.
type redactor struct {
	buf     []byte
	pos     int
	out     []byte // buf[:done] after the changes
	done    int
	inError bool // the value at pos belongs to an error
}

// value walks over the value at pos and redacts the requests in it.
func (r *redactor) value(depth int) {
	switch c := r.peek(); {
	case (c == '{' || c == '[') && depth == maxRedaction:
		from, to := r.skip()
		if deep := r.buf[from:to]; mentionsSecret(deep) || r.inError && mentionsURL(deep) {
			r.replace(from, to, redactedJSON)
		}
	case c == '[':
		r.each(func(int) { r.value(depth + 1) })
	case c == '{':
		r.object(depth)
	default:
		if from, to := r.skip(); r.inError {
			r.errorText(from, to)
		}
	}
}

// object walks an object twice: the first time for its methods, since params
// may come before them and every key may come twice.
func (r *redactor) object(depth int) {
	start := r.pos
	var secrets []int
	r.members(func(key string) {
		from, to := r.skip()
		if strings.EqualFold(key, "method") {
			secrets = append(secrets, SecretParams(stringOf(r.buf[from:to]))...)
		}
	})
	r.pos = start
	r.members(func(key string) {
		if secrets != nil && strings.EqualFold(key, "params") {
			r.params(secrets)
			return
		}
		outer := r.inError
		r.inError = outer || strings.EqualFold(key, "error")
		r.value(depth + 1)
		r.inError = outer
	})
}

// params redacts the values at the positions, nested arrays (which none of
// these methods takes: misplaced parameters), and, as the names of the
// parameters are not standardised, every value of an object.
func (r *redactor) params(positions []int) {
	switch r.peek() {
	case '[':
		r.each(func(i int) {
			secret := r.peek() == '['
			for _, p := range positions {
				secret = secret || p == i
			}
			r.scalar(secret)
		})
	case '{':
		r.members(func(string) { r.scalar(true) })
	default:
		r.scalar(true)
	}
}

func (r *redactor) scalar(secret bool) {
	from, to := r.skip()
	if v := string(r.buf[from:to]); secret && v != "null" && v != redactedJSON {
		r.replace(from, to, redactedJSON)
	}
}

func (r *redactor) replace(from, to int, with string) {
	r.out = append(r.out, r.buf[r.done:from]...)
	r.out = append(r.out, with...)
	r.done = to
}

// peek skips white space and is the byte that follows.
func (r *redactor) peek() byte {
	for r.pos < len(r.buf) {
		switch c := r.buf[r.pos]; c {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return c
		}
	}
	return 0
}

// skip walks over a value and says where it stands.
func (r *redactor) skip() (from, to int) {
	r.peek()
	from = r.pos
	for depth := 0; r.pos < len(r.buf); {
		c := r.buf[r.pos]
		switch c {
		case '"':
			r.pos++
			for r.buf[r.pos] != '"' {
				if r.buf[r.pos] == '\\' {
					r.pos++
				}
				r.pos++
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		r.pos++
		if depth == 0 && (c == '"' || c == '}' || c == ']' || r.pos == len(r.buf) || strings.IndexByte(",:]} \t\r\n", r.buf[r.pos]) >= 0) {
			break
		}
	}
	return from, r.pos
}

// each calls f at every element of the array at pos; f walks over it.
func (r *redactor) each(f func(i int)) {
	r.pos++
	for i := 0; r.peek() != ']'; i++ {
		f(i)
		if r.peek() == ',' {
			r.pos++
		}
	}
	r.pos++
}

// members calls f at every value of the object at pos; f walks over it.
func (r *redactor) members(f func(key string)) {
	r.pos++
	for r.peek() != '}' {
		from, to := r.skip()
		r.peek()
		r.pos++ // the colon
		f(stringOf(r.buf[from:to]))
		if r.peek() == ',' {
			r.pos++
		}
	}
	r.pos++
}

// stringOf is what a JSON string says, "" for any other value.
func stringOf(raw []byte) string {
	if raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// unescapeASCII replaces the \u escapes of ASCII characters.
func unescapeASCII(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+6 <= len(b) && b[i+1] == 'u' {
			if c, err := strconv.ParseUint(string(b[i+2:i+6]), 16, 7); err == nil {
				out = append(out, byte(c))
				i += 5
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

// SecretParams is the positions, from 0, of the parameters of method that are
// passphrases, private keys, seeds, or URLs that may hold a key; nil if it has
// none. Methods of go-ethereum's personal, account and clef namespaces, of
// OpenEthereum's personal, parity, secretstore and signer, of Whisper's shh, and
// of the development nodes Hardhat, Anvil and Ganache. Case is ignored, as some
// nodes do. Safe from any goroutine.
func SecretParams(method string) []int {
	namespace, name, _ := strings.Cut(method, "_")
	if !endsInSecretNamespace([]byte(namespace)) {
		return nil
	}
	switch strings.ToLower(method) {
	case "personal_newaccount", "account_import", "parity_phrasetoaddress", "parity_setenginesignersecret",
		"shh_addprivatekey", "shh_addsymkey", "shh_generatesymkeyfrompassword":
		return []int{0}
	case "personal_importrawkey", "clef_importrawkey", "parity_newaccountfromphrase",
		"parity_newaccountfromsecret", "parity_newaccountfromwallet":
		return []int{0, 1}
	case "clef_import", "personal_replacerawkey":
		return []int{0, 1, 2}
	case "personal_unlockaccount", "personal_sendtransaction", "personal_signtransaction",
		"personal_signandsendtransaction", "personal_openwallet", "personal_unpair", "clef_openwallet",
		"parity_testpassword", "parity_killaccount", "parity_exportaccount", "parity_setenginesigner",
		"parity_deriveaddresshash", "parity_deriveaddressindex", "parity_newvault", "parity_openvault",
		"parity_changevaultpassword", "secretstore_encrypt", "secretstore_decrypt",
		"secretstore_signrawhash", "secretstore_generatedocumentkey", "evm_addaccount", "evm_removeaccount":
		return []int{1}
	case "parity_changepassword", "secretstore_shadowdecrypt":
		return []int{1, 2}
	case "personal_sign", "personal_signtypeddata", "signer_confirmrequest",
		"signer_confirmrequestraw", "signer_confirmrequestwithtoken":
		return []int{2}
	case "personal_sign191":
		return []int{3}
	}
	// hardhat_reset, anvil_setRpcUrl and their aliases name another endpoint.
	if strings.EqualFold(name, "reset") || strings.EqualFold(name, "setRpcUrl") {
		return []int{0}
	}
	return nil
}
