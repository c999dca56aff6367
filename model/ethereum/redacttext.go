package ethereum

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/sessiontop/sessiontop/model"
)

// opensString says whether msg is a JSON string, or the beginning of one: a
// body that is no JSON stands so in a session log.
func opensString(msg []byte) bool {
	text := bytes.TrimLeft(msg, " \t\r\n")
	return len(text) > 0 && text[0] == '"'
}

// redactString redacts a string as a whole, if what it says, or the base64 of
// it, may hold a secret.
func redactString(msg []byte) []byte {
	var text []byte
	if json.Valid(msg) {
		text = []byte(stringOf(bytes.TrimSpace(msg)))
	} else {
		text = bytes.ReplaceAll(msg, []byte(`\"`), []byte(`"`))
	}
	// What decodes before an error counts too: the body may have been cut off.
	plain := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, _ := base64.StdEncoding.Decode(plain, text)
	if secretText(text) || secretText(plain[:n]) {
		return []byte(redactedJSON)
	}
	return msg
}

// secretText says whether the text of a string, whole messages or parts of
// them, may hold a secret.
func secretText(text []byte) bool {
	if json.Valid(text) {
		return mentionsSecret(unescapeASCII(text)) || !bytes.Equal(Redact(text), text)
	}
	return secretFragment(text)
}

// secretFragment says whether text, which is no JSON, may hold a secret. A
// decoder may read \u escapes, in whatever state the rest is.
func secretFragment(text []byte) bool {
	if bytes.Contains(text, []byte(`\u`)) {
		text = unescapeASCII(text)
	}
	return mentionsSecret(text) || orphanParams(text)
}

// orphanParams says whether there are params whose method does not stand
// before them: in half a message nobody can tell whether they are secret.
func orphanParams(text []byte) bool {
	for {
		before, after, found := bytes.Cut(text, []byte(`"params"`))
		if !found {
			return false
		}
		if !bytes.Contains(before, []byte(`"method"`)) {
			return true
		}
		text = after
	}
}

// mentionsURL says whether msg may hold a URL, which an error's words quote
// with the key in it.
func mentionsURL(msg []byte) bool {
	return bytes.Contains(msg, []byte("://")) || bytes.Contains(msg, []byte(`:\/\/`))
}

// errorText redacts the URLs in a string of an error.
func (r *redactor) errorText(from, to int) {
	text := stringOf(r.buf[from:to])
	if !strings.Contains(text, "://") {
		return
	}
	safe := model.RedactText(text)
	if safe == text {
		return
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if enc.Encode(safe) != nil {
		r.replace(from, to, redactedJSON)
		return
	}
	r.replace(from, to, strings.TrimSuffix(out.String(), "\n"))
}
