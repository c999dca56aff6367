package model

import (
	"net/url"
	"strings"
)

// Redacted stands where a secret was.
const Redacted = "<redacted>"

// RedactURL is an endpoint's URL (or a URL without its scheme, or a path) with
// Redacted in the place of what may be a secret: path segments that look like a
// key (/v3/ and 32 hexadecimal digits, a UUID, a long token), query values that
// have a key-like name or look like a key. User-info becomes "redacted", since
// "<" may not stand there: a URL that net/url parses stays one, with its scheme
// and its host, unless a password with a slash in it made the host look shorter. What looks like a key and is none is redacted too. Redacting
// twice changes nothing more; where nothing is redacted, raw itself comes back
// and nothing is allocated. Safe from any goroutine.
func RedactURL(raw string) string {
	e := edits{src: raw}
	path := e.userInfo()
	query := path + indexOrLen(raw[path:], "?#")
	e.path(path, query)
	e.pairs(query, len(raw))
	return e.String()
}

// RedactText is RedactURL for every URL and path inside a sentence, such as
// the words of an HTTP library's error.
func RedactText(text string) string {
	if !strings.ContainsAny(text, "/?@") {
		return text
	}
	e := edits{src: text}
	for i := 0; i < len(text); {
		end := i + indexOrLen(text[i:], " \t\r\n\"'`")
		if word := text[i:end]; strings.ContainsAny(word, "/?@") {
			if safe := RedactURL(word); safe != word {
				e.replace(i, end, safe)
			}
		}
		i = end + 1
	}
	return e.String()
}

// edits is a string and what has been changed in it so far.
type edits struct {
	src  string
	out  []byte // src[:done] after the changes
	done int
}

func (e *edits) replace(from, to int, with string) {
	e.out = append(e.out, e.src[e.done:from]...)
	e.out = append(e.out, with...)
	e.done = to
}

func (e *edits) String() string {
	if e.done == 0 {
		return e.src
	}
	return string(append(e.out, e.src[e.done:]...))
}

// userInfo redacts what stands before the host and says where the path starts.
// RFC 3986 ends the authority at the first "/", "?" or "#"; a password may hold
// one of them unescaped, and then the "port" is no number.
func (e *edits) userInfo() (path int) {
	start := strings.Index(e.src, "//")
	if start == 0 || start > 0 && e.src[start-1] == ':' && !strings.ContainsAny(e.src[:start], "/?#@") {
		start += len("//")
	} else {
		start = 0
	}
	end := start + indexOrLen(e.src[start:], "/?#")
	at := strings.LastIndexByte(e.src[start:end], '@')
	if hasBadPort(e.src[start+at+1 : end]) {
		if late := strings.LastIndexByte(e.src[start:], '@'); late > at {
			at = late
			end = start + at + indexOrLen(e.src[start+at:], "/?#")
		}
	}
	if at > 0 && e.src[start:start+at] != "redacted" {
		e.replace(start, start+at, "redacted")
	}
	return end
}

// hasBadPort says whether what follows the host's colon is no port number.
func hasBadPort(host string) bool {
	if i := strings.LastIndexByte(host, ']'); i >= 0 {
		host = host[i:]
	}
	_, port, _ := strings.Cut(host, ":")
	return strings.Trim(port, "0123456789") != ""
}

func (e *edits) path(from, to int) {
	before := "" // the segment before this one
	for from < to {
		end := min(to, from+1+indexOrLen(e.src[from+1:], "/"))
		start := from
		if e.src[from] == '/' {
			start++
		}
		seg := e.src[start:end]
		if name, value, ok := strings.Cut(seg, "="); ok && secretPair(name, value) ||
			looksSecret(seg, announcesKey(before)) {
			e.replace(start, end, Redacted)
		}
		before, from = seg, end
	}
}

// pairs redacts the name=value pairs of a query or a fragment.
func (e *edits) pairs(from, to int) {
	for from < to {
		start := from + 1 // after one of ? # & ;
		end := min(to, start+indexOrLen(e.src[start:], "?#&;"))
		name, value, ok := strings.Cut(e.src[start:end], "=")
		switch {
		case ok && value != Redacted && secretPair(name, value):
			e.replace(start+len(name)+1, end, Redacted)
		case !ok && looksSecret(name, false):
			e.replace(start, end, Redacted)
		}
		from = end
	}
}

func secretPair(name, value string) bool {
	return value != "" && (namesKey(name) || looksSecret(value, false))
}

// namesKey says whether a parameter of this name holds a secret.
func namesKey(name string) bool {
	name = strings.ToLower(unescape(name))
	for _, word := range [...]string{"key", "token", "secret", "auth", "pass", "pwd", "sig", "cred", "jwt", "session", "private", "mnemonic", "seed"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// announcesKey says whether a path segment is usually followed by a key: v3,
// apikey, token.
func announcesKey(seg string) bool {
	if len(seg) > 1 && (seg[0] == 'v' || seg[0] == 'V') && strings.Trim(seg[1:], "0123456789") == "" {
		return true
	}
	return len(seg) <= len("access_token") && namesKey(seg)
}

// looksSecret tells a key from a word by its length, its digits and its mix of
// cases. announced lowers the bar.
func looksSecret(s string, announced bool) bool {
	s = unescape(s)
	if len(s) < 12 {
		return false
	}
	var digits, upper, lower, run, longest int
	hex := true // nothing but hexadecimal digits and dashes
	for i := range len(s) {
		c := s[i]
		run++
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'A' <= c && c <= 'Z':
			upper++
			hex = hex && c <= 'F'
		case 'a' <= c && c <= 'z':
			lower++
			hex = hex && c <= 'f'
		default:
			run = 0
			hex = hex && c == '-'
		}
		longest = max(longest, run)
	}
	if digits > 0 && (announced || len(s) >= 16 && (hex || longest >= 16 || upper > 0 && lower > 0)) {
		return true
	}
	return longest >= 24 || len(s) >= 20 && upper > 0 && lower > 0
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

func indexOrLen(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}
