'use strict'

const { mentionsSecret, secretParams } = require('./secret-params.js')
const { redactText } = require('./redact-url.js')

// The rules are those of the reader (ethereum.Redact), and so are the results:
// testdata/redact.json holds both to them.

const redacted = '"<redacted>"'
const maxDepth = 8 // of messages inside messages; deeper ones go as a whole

/**
 * A JSON-RPC message or batch with "<redacted>" in the place of the passphrases
 * and keys among its parameters; the URLs that an error quotes lose their keys.
 * Every other character stays as it was. Text that is no JSON but names such a
 * method, or half of one, or has params without their method, goes as a whole.
 *
 * @param {string} text
 * @returns {string}
 */
function redactMessage (text) {
  const walks = mentionsSecret(text) || mentionsURL(text)
  if (!walks && !orphanParams(text)) return text
  if (!isJSON(text)) return secretFragment(text) ? redacted : text
  if (!walks) return text
  const walk = new Walk(text)
  walk.value(0)
  return walk.result()
}

// Walk goes through one valid JSON text from front to back.
class Walk {
  constructor (text) {
    this.text = text
    this.pos = 0
    this.out = ''
    this.done = 0 // text up to here stands in out
    this.inError = false // the value at pos belongs to an error
  }

  result () {
    return this.done === 0 ? this.text : this.out + this.text.slice(this.done)
  }

  // value walks over the value at pos and redacts the requests in it.
  value (depth) {
    const c = this.peek()
    if ((c === '{' || c === '[') && depth === maxDepth) {
      const [from, to] = this.skip()
      const deep = this.text.slice(from, to)
      if (mentionsSecret(deep) || this.inError && mentionsURL(deep)) this.replace(from, to)
    } else if (c === '[') {
      this.each(() => this.value(depth + 1))
    } else if (c === '{') {
      this.object(depth)
    } else {
      const [from, to] = this.skip()
      if (this.inError) this.errorText(from, to)
    }
  }

  // errorText redacts the URLs in a string of an error.
  errorText (from, to) {
    const text = stringOf(this.text.slice(from, to))
    const safe = text.includes('://') ? redactText(text) : text
    if (safe !== text) this.replace(from, to, JSON.stringify(safe))
  }

  // object walks twice: the first time for the methods, since params may come
  // before them and every key may come twice.
  object (depth) {
    const start = this.pos
    const secrets = []
    this.members(key => {
      const [from, to] = this.skip()
      if (key.toUpperCase() === 'METHOD') secrets.push(...secretParams(stringOf(this.text.slice(from, to))))
    })
    this.pos = start
    this.members(key => {
      if (secrets.length > 0 && key.toUpperCase() === 'PARAMS') return this.params(secrets)
      const outer = this.inError
      this.inError ||= key.toUpperCase() === 'ERROR'
      this.value(depth + 1)
      this.inError = outer
    })
  }

  // params redacts the values at the positions, nested arrays, which none of
  // these methods takes, and every value of an object, whose names are nobody's
  // standard.
  params (positions) {
    const c = this.peek()
    if (c === '[') this.each(i => this.scalar(this.peek() === '[' || positions.includes(i)))
    else if (c === '{') this.members(() => this.scalar(true))
    else this.scalar(true)
  }

  scalar (secret) {
    const [from, to] = this.skip()
    const value = this.text.slice(from, to)
    if (secret && value !== 'null' && value !== redacted) this.replace(from, to)
  }

  replace (from, to, text = redacted) {
    this.out += this.text.slice(this.done, from) + text
    this.done = to
  }

  // peek skips white space and is the character that follows.
  peek () {
    while (this.pos < this.text.length && ' \t\r\n'.includes(this.text[this.pos])) this.pos++
    return this.text[this.pos]
  }

  // skip walks over a value and says where it stands.
  skip () {
    const c = this.peek()
    const from = this.pos
    if (c === '"') this.string()
    else if (c === '{' || c === '[') this.nested()
    else while (this.pos < this.text.length && !',:]} \t\r\n'.includes(this.text[this.pos])) this.pos++
    return [from, this.pos]
  }

  string () {
    for (this.pos++; this.text[this.pos] !== '"'; this.pos++) {
      if (this.text[this.pos] === '\\') this.pos++
    }
    this.pos++
  }

  nested () {
    let depth = 0
    do {
      const c = this.text[this.pos]
      if (c === '"') {
        this.string()
        continue
      }
      if (c === '{' || c === '[') depth++
      else if (c === '}' || c === ']') depth--
      this.pos++
    } while (depth > 0)
  }

  // each calls f at every element of the array at pos; f walks over it.
  each (f) {
    this.pos++
    for (let i = 0; this.peek() !== ']'; i++) {
      f(i)
      if (this.peek() === ',') this.pos++
    }
    this.pos++
  }

  // members calls f at every value of the object at pos; f walks over it.
  members (f) {
    this.pos++
    while (this.peek() !== '}') {
      const [from, to] = this.skip()
      this.peek()
      this.pos++ // the colon
      f(stringOf(this.text.slice(from, to)))
      if (this.peek() === ',') this.pos++
    }
    this.pos++
  }
}

// stringOf is what a JSON string says, "" for any other value.
const stringOf = json => json[0] === '"' ? JSON.parse(json) : ''

function isJSON (text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// mentionsURL says whether text may hold a URL, which an error's words quote with
// the key in it.
const mentionsURL = text => text.includes('://') || text.includes(':\\/\\/')

// secretFragment says whether text that is no JSON may hold a secret. A decoder
// may read \u escapes, in whatever state the rest is.
function secretFragment (text) {
  const plain = unescapeASCII(text)
  return mentionsSecret(plain) || orphanParams(plain)
}

// orphanParams says whether there are params whose method does not stand before
// them: in half a message nobody can tell whether they are secret.
function orphanParams (text) {
  const parts = text.split('"params"')
  return parts.slice(0, -1).some(before => !before.includes('"method"'))
}

// unescapeASCII replaces the \u escapes of ASCII characters.
const unescapeASCII = text => text.replace(/\\u00([0-7][0-9a-fA-F])/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))

module.exports = { redactMessage }
