'use strict'

const { endsNamespace } = require('./secret-params.js')

const maxDepth = 200 // of what is looked through here; JSON.parse does the rest
const large = 4096 // bytes from which it pays to look at them four at a time first
const nearby = 48 // bytes from which a native search pays

// What the bytes of a string are. Most are nothing special.
const quote = 1
const control = 2 // none may stand in a string
const escape = 3
const underscore = 4
const slash = 5
const wide = 6 // not ASCII
const kinds = new Uint8Array(256).fill(control, 0, 0x20).fill(wide, 0x80)
for (const [char, kind] of [['"', quote], ['\\', escape], ['_', underscore], ['/', slash]]) kinds[char.charCodeAt(0)] = kind

const words = ['true', 'false', 'null'].map(word => Buffer.from(word))
const names = Object.fromEntries(['id', 'method', 'params', 'jsonrpc'].map(name => [name, Buffer.from(name)]))

/**
 * One look at each byte of what may be a JSON text, which spares nearly all of
 * them JSON.parse and what is built there. Where odd is true nothing else is
 * certain: it has escapes, line ends, what may be a secret or is not ASCII.
 */
class Scan {
  /** @param {Buffer} bytes */
  constructor (bytes) {
    this.bytes = bytes
    this.at = 0
    this.odd = false
    this.array = false // the text is an array
    this.idFrom = this.idTo = 0 // of the object that the text is: where its id stands
    this.called = false // that has a method, which is a string
    this.marked = false // it has params or jsonrpc
    this.even = bytes.length >= large && isEven(bytes)
    this.valid = this.value(0) && this.space() === undefined
  }

  // Each of these goes over what it is named after, and says whether it is that.

  value (depth) {
    const c = this.space()
    if (c === 0x22) return this.string()
    if (c !== 0x7b && c !== 0x5b) return c === 0x2d || isDigit(c) ? this.number() : this.word()
    this.odd ||= depth === maxDepth
    if (this.odd) return false
    this.at++
    if (c === 0x7b) return this.closes(0x7d) || this.members(depth)
    this.array ||= depth === 0
    return this.closes(0x5d) || this.elements(depth)
  }

  elements (depth) {
    while (this.value(depth + 1)) {
      if (this.closes(0x5d)) return true
      if (!this.closes(0x2c)) return false
    }
    return false
  }

  members (depth) {
    while (this.space() === 0x22) {
      const from = this.at + 1
      if (!this.string()) return false
      const to = this.at - 1
      if (!this.closes(0x3a)) return false
      const c = this.space()
      const at = this.at
      if (!this.value(depth + 1)) return false
      if (depth === 0) this.own(from, to, c, at)
      if (this.closes(0x7d)) return true
      if (!this.closes(0x2c)) return false
    }
    return false
  }

  // own is told of a member of the object that the text is: where its name
  // stands, how its value begins and where. Of two alike the last one counts.
  own (from, to, first, at) {
    switch (to - from) {
      case 2:
        if (this.isAt(from, names.id)) {
          this.idFrom = at
          this.idTo = this.at
        }
        break
      case 6:
        if (this.isAt(from, names.method)) this.called = first === 0x22
        else this.marked ||= this.isAt(from, names.params)
        break
      case 7:
        this.marked ||= this.isAt(from, names.jsonrpc)
    }
  }

  // space skips white space and is the byte that follows.
  space () {
    const c = this.bytes[this.at]
    return c > 0x20 ? c : this.afterSpace()
  }

  afterSpace () {
    const { bytes } = this
    for (; this.at < bytes.length; this.at++) {
      const c = bytes[this.at]
      if (c === 0x0a) this.odd = true
      else if (c !== 0x20 && c !== 0x0d && c !== 0x09) return c
    }
    return undefined
  }

  closes (c) {
    const is = this.space() === c
    if (is) this.at++
    return is
  }

  string () {
    const { bytes } = this
    let at = this.at + 1
    if (this.even) return this.evenString(at)
    for (const end = bytes.length; at < end; at++) {
      const kind = kinds[bytes[at]]
      if (kind === 0) continue
      if (kind === quote) {
        this.at = at + 1
        return true
      }
      if (kind === control) return false
      if (isOdd(kind, bytes, at)) {
        this.odd = true
        return false
      }
    }
    return false
  }

  // evenString goes to the next quote: most are near.
  evenString (at) {
    const { bytes } = this
    for (const near = at + nearby; at < near && bytes[at] !== 0x22;) at++
    this.at = bytes[at] === 0x22 ? at + 1 : bytes.indexOf(0x22, at) + 1
    return this.at > 0
  }

  number () {
    const { bytes } = this
    if (bytes[this.at] === 0x2d) this.at++
    if (bytes[this.at] === 0x30) this.at++
    else if (!this.digits()) return false
    if (bytes[this.at] === 0x2e) {
      this.at++
      if (!this.digits()) return false
    }
    if ((bytes[this.at] | 0x20) !== 0x65) return true
    this.at++
    if (bytes[this.at] === 0x2b || bytes[this.at] === 0x2d) this.at++
    return this.digits()
  }

  digits () {
    const from = this.at
    while (isDigit(this.bytes[this.at])) this.at++
    return this.at > from
  }

  word () {
    const word = words.find(w => this.isAt(this.at, w))
    this.at += word?.length ?? 0
    return word !== undefined
  }

  isAt (from, name) {
    for (let i = 0; i < name.length; i++) if (this.bytes[from + i] !== name[i]) return false
    return true
  }
}

const isDigit = c => c >= 0x30 && c <= 0x39

// isOdd says whether a byte of a string, of a kind, makes the text odd.
function isOdd (kind, bytes, at) {
  if (kind === underscore) return endsNamespace(bytes, at)
  if (kind === slash) return bytes[at - 1] === 0x2f && bytes[at - 2] === 0x3a // of a URL
  return true
}

// isEven says whether a text is all ASCII without control characters and without
// anything that may be odd, so that each of its strings ends at the next quote.
function isEven (bytes) {
  if (bytes.includes(0x5c) || bytes.includes(0x5f) || bytes.includes('//')) return false
  const start = -bytes.byteOffset & 3
  const four = new Int32Array(bytes.buffer, bytes.byteOffset + start, (bytes.length - start) >> 2)
  let seen = 0 // has a byte's highest bit where one is past 0x7f, or below 0x20
  for (let i = 0; i < four.length; i++) seen |= four[i] | (four[i] - 0x20202020)
  for (let i = 0; i < 4; i++) seen |= bytes[i] | (bytes[i] - 0x20) | bytes.at(-i) | (bytes.at(-i) - 0x20)
  return (seen & 0x80808080) === 0
}

module.exports = { Scan }
