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

const words = { 0x74: 'true', 0x66: 'false', 0x6e: 'null' } // by their first letter

/**
 * One look at each byte of what may be a JSON text, which spares nearly all of
 * them JSON.parse and what is built there. Where odd is true nothing else is
 * certain: it has escapes, line ends, what may be a secret or is not ASCII.
 */
class Scan {
  /**
   * @param {Buffer} bytes
   * @param {number} from where the text starts and ends there
   * @param {number} to
   */
  constructor (bytes, from, to) {
    this.bytes = bytes
    this.to = to
    this.odd = false
    this.array = false // the text is an array
    this.idFrom = this.idTo = 0 // of the object that the text is: where its id stands
    this.called = false // that has a method, which is a string
    this.marked = false // it has params or jsonrpc
    this.even = to - from >= large && isEven(bytes.subarray(from, to))
    const end = this.value(this.space(from), 0)
    this.valid = end >= 0 && end <= to && this.space(end) >= to
  }

  // Each of these goes over what it is named after, from a place on, and says
  // where that ends; -1 where it is not that. What follows the text in bytes may
  // be taken for more of it, for then the end is past the text's.

  value (at, depth) {
    const c = this.bytes[at]
    if (c === 0x22) return this.string(at + 1)
    if (c !== 0x7b && c !== 0x5b) return this.scalar(at, c, depth)
    this.odd ||= depth === maxDepth
    if (this.odd) return -1
    this.array ||= depth === 0 && c === 0x5b
    at = this.space(at + 1)
    if (this.bytes[at] === c + 2) return at + 1 // } or ]
    return c === 0x7b ? this.members(at, depth) : this.elements(at, depth)
  }

  elements (at, depth) {
    const { bytes } = this
    for (;;) {
      const end = this.value(at, depth + 1)
      if (end < 0) return -1
      at = this.space(end)
      if (bytes[at] === 0x5d) return at + 1
      if (bytes[at] !== 0x2c) return -1
      at = this.space(at + 1)
    }
  }

  members (at, depth) {
    const { bytes } = this
    for (;;) {
      if (bytes[at] !== 0x22) return -1
      const name = at + 1
      const nameEnd = this.string(name)
      if (nameEnd < 0) return -1
      at = this.space(nameEnd)
      if (bytes[at] !== 0x3a) return -1
      at = this.space(at + 1)
      const end = this.value(at, depth + 1)
      if (end < 0) return -1
      if (depth === 0) this.own(name, nameEnd - 1, at, end)
      at = this.space(end)
      if (bytes[at] === 0x7d) return at + 1
      if (bytes[at] !== 0x2c) return -1
      at = this.space(at + 1)
    }
  }

  // own is told of a member of the object that the text is: where its name
  // stands, and its value. Of two alike the last one counts.
  own (name, nameEnd, from, to) {
    switch (nameEnd - name) {
      case 2:
        if (this.isAt(name, 'id')) {
          this.idFrom = from
          this.idTo = to
        }
        break
      case 6:
        if (this.isAt(name, 'method')) this.called = this.bytes[from] === 0x22
        else this.marked ||= this.isAt(name, 'params')
        break
      case 7:
        this.marked ||= this.isAt(name, 'jsonrpc')
    }
  }

  space (at) {
    return this.bytes[at] > 0x20 ? at : this.afterSpace(at)
  }

  afterSpace (at) {
    const { bytes, to } = this
    for (; at < to; at++) {
      const c = bytes[at]
      if (c === 0x0a) this.odd = true
      else if (c !== 0x20 && c !== 0x0d && c !== 0x09) return at
    }
    return at
  }

  string (at) {
    const { bytes, to } = this
    if (this.even) return this.evenString(at)
    for (; at < to; at++) {
      const kind = kinds[bytes[at]]
      if (kind === 0) continue
      if (kind === quote) return at + 1
      if (kind === control) return -1
      if (isOdd(kind, bytes, at)) {
        this.odd = true
        return -1
      }
    }
    return -1
  }

  // evenString goes to the next quote: most are near.
  evenString (at) {
    const { bytes } = this
    for (const near = at + nearby; at < near && bytes[at] !== 0x22;) at++
    return bytes[at] === 0x22 ? at + 1 : bytes.indexOf(0x22, at) + 1 || -1
  }

  // scalar: a number that is all of the text may seem to go on after it.
  scalar (at, c, depth) {
    if (c === 0x2d || isDigit(c)) {
      this.odd ||= depth === 0
      return this.number(at)
    }
    const word = words[c]
    return word !== undefined && this.isAt(at, word) ? at + word.length : -1
  }

  number (at) {
    const { bytes } = this
    if (bytes[at] === 0x2d) at++
    at = bytes[at] === 0x30 ? at + 1 : this.digits(at)
    if (bytes[at] === 0x2e) at = this.digits(at + 1)
    if (at < 0 || (bytes[at] | 0x20) !== 0x65) return at
    at++
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++
    return this.digits(at)
  }

  digits (at) {
    const { bytes } = this
    if (!isDigit(bytes[at])) return -1
    while (isDigit(bytes[at])) at++
    return at
  }

  isAt (from, name) {
    for (let i = 0; i < name.length; i++) if (this.bytes[from + i] !== name.charCodeAt(i)) return false
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

const odds = (some, spaces) => some | (some - spaces)

// isEven says whether a text is all ASCII without control characters and without
// anything that may be odd, so that each of its strings ends at the next quote.
function isEven (bytes) {
  if (bytes.includes(0x5c) || bytes.includes(0x5f) || bytes.includes('//')) return false
  const start = -bytes.byteOffset & 3
  const fours = new Int32Array(bytes.buffer, bytes.byteOffset + start, (bytes.length - start) >> 4 << 2)
  const spaces = 0x20202020
  let seen = 0 // has a byte's highest bit where one is past 0x7f, or below 0x20
  for (let i = 0; i < fours.length; i += 4) {
    seen |= odds(fours[i], spaces) | odds(fours[i + 1], spaces) | odds(fours[i + 2], spaces) | odds(fours[i + 3], spaces)
  }
  for (let i = 0; i < start; i++) seen |= odds(bytes[i], 0x20)
  for (let i = start + fours.byteLength; i < bytes.length; i++) seen |= odds(bytes[i], 0x20)
  return (seen & 0x80808080) === 0
}

module.exports = { Scan }
