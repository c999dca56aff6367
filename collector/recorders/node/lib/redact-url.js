'use strict'

// The rules are those of the reader (model.RedactURL), and so are the results:
// testdata/redact.json holds both to them. Text is worked on as its UTF-8 bytes,
// one character a byte, since lengths count bytes.

const redacted = '<redacted>'
const keyNames = ['key', 'token', 'secret', 'auth', 'pass', 'pwd', 'sig', 'cred', 'jwt', 'session', 'private', 'mnemonic', 'seed']

/**
 * A URL, or a path, with "<redacted>" in the place of what may be a secret:
 * path segments that look like a key, query values that have a key-like name or
 * look like a key. User-info becomes "redacted".
 *
 * @param {string} raw
 * @returns {string}
 */
function redactURL (raw) {
  return inBytes(raw, bytes => {
    const edits = new Edits(bytes)
    const start = userInfo(edits)
    const query = start + indexOrEnd(bytes.slice(start), /[?#]/)
    segments(edits, start, query)
    pairs(edits, query)
    return edits.result()
  })
}

/**
 * redactURL for every URL and path inside a sentence.
 *
 * @param {string} text
 * @returns {string}
 */
function redactText (text) {
  return text.split(/([ \t\r\n"'`])/).map(word => /[/?@]/.test(word) ? redactURL(word) : word).join('')
}

function inBytes (text, change) {
  const bytes = Buffer.from(text).latin1Slice()
  const safe = change(bytes)
  return safe === bytes ? text : Buffer.from(safe, 'latin1').toString()
}

class Edits {
  constructor (source) {
    this.source = source
    this.out = ''
    this.done = 0 // source up to here stands in out
  }

  replace (from, to, text) {
    this.out += this.source.slice(this.done, from) + text
    this.done = to
  }

  result () {
    return this.done === 0 ? this.source : this.out + this.source.slice(this.done)
  }
}

// userInfo redacts what stands before the host and says where the path starts.
// RFC 3986 ends the authority at the first "/", "?" or "#"; a password may hold
// one of them unescaped, and then the "port" is no number.
function userInfo (edits) {
  const source = edits.source
  let start = source.indexOf('//')
  if (start === 0 || start > 0 && source[start - 1] === ':' && !/[/?#@]/.test(source.slice(0, start))) start += 2
  else start = 0
  let end = start + indexOrEnd(source.slice(start), /[/?#]/)
  let at = source.slice(start, end).lastIndexOf('@')
  if (hasBadPort(source.slice(start + at + 1, end))) {
    const late = source.slice(start).lastIndexOf('@')
    if (late > at) {
      at = late
      end = start + at + indexOrEnd(source.slice(start + at), /[/?#]/)
    }
  }
  if (at > 0 && source.slice(start, start + at) !== 'redacted') edits.replace(start, start + at, 'redacted')
  return end
}

function hasBadPort (host) {
  host = host.slice(Math.max(0, host.lastIndexOf(']')))
  const colon = host.indexOf(':')
  return colon >= 0 && /[^0-9]/.test(host.slice(colon + 1))
}

function segments (edits, from, to) {
  const source = edits.source
  for (let before = ''; from < to;) {
    const end = Math.min(to, from + 1 + indexOrEnd(source.slice(from + 1), /\//))
    const start = source[from] === '/' ? from + 1 : from
    const segment = source.slice(start, end)
    const equals = segment.indexOf('=')
    if (equals >= 0 && secretPair(segment.slice(0, equals), segment.slice(equals + 1)) ||
        looksSecret(segment, announcesKey(before))) {
      edits.replace(start, end, redacted)
    }
    before = segment
    from = end
  }
}

// pairs redacts the name=value pairs of a query or a fragment.
function pairs (edits, from) {
  const source = edits.source
  while (from < source.length) {
    const start = from + 1 // after one of ? # & ;
    const end = Math.min(source.length, start + indexOrEnd(source.slice(start), /[?#&;]/))
    const pair = source.slice(start, end)
    const equals = pair.indexOf('=')
    if (equals < 0) {
      if (looksSecret(pair, false)) edits.replace(start, end, redacted)
    } else {
      const value = pair.slice(equals + 1)
      if (value !== redacted && secretPair(pair.slice(0, equals), value)) edits.replace(start + equals + 1, end, redacted)
    }
    from = end
  }
}

const secretPair = (name, value) => value !== '' && (namesKey(name) || looksSecret(value, false))

function namesKey (name) {
  name = unescape(name).toLowerCase()
  return keyNames.some(word => name.includes(word))
}

// announcesKey says whether a path segment is usually followed by a key.
const announcesKey = segment => /^[vV]\d+$/.test(segment) || segment.length <= 'access_token'.length && namesKey(segment)

// looksSecret tells a key from a word by its length, its digits and its mix of
// cases. announced lowers the bar.
function looksSecret (s, announced) {
  s = unescape(s)
  if (s.length < 12) return false
  const digits = /[0-9]/.test(s)
  const mixed = /[A-Z]/.test(s) && /[a-z]/.test(s)
  const hex = /^[0-9A-Fa-f-]*$/.test(s)
  const longest = Math.max(...s.split(/[^0-9A-Za-z]/).map(run => run.length))
  if (digits && (announced || s.length >= 16 && (hex || longest >= 16 || mixed))) return true
  return longest >= 24 || s.length >= 20 && mixed
}

// unescape reads %XX; what has a % that is none stays as it is.
function unescape (s) {
  if (!s.includes('%') || /%(?![0-9A-Fa-f]{2})/.test(s)) return s
  return s.replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
}

function indexOrEnd (s, pattern) {
  const i = s.search(pattern)
  return i < 0 ? s.length : i
}

module.exports = { redactURL, redactText }
