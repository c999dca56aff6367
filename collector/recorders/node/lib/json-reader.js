'use strict'

const { maxLine } = require('./log.js')

const quote = 0x22
const backslash = 0x5c

/**
 * Cuts a stream of JSON objects and arrays into texts: message(text) is called
 * with the bytes of each, which are good until it returns, or with null for one
 * that is too long. Between them white space is skipped, and what is neither is
 * passed on line by line.
 */
class JSONReader {
  constructor (message) {
    this.message = message
    this.parts = []
    this.size = 0
    this.depth = 0
    this.inString = false
    this.escaped = false
    this.garbage = false
  }

  /** @param {Buffer} data */
  feed (data) {
    let start = 0
    for (let at = 0; at < data.length;) {
      if (this.size === 0 && start === at && this.depth === 0 && !this.garbage) {
        if (data[at] <= 0x20) {
          start = ++at
          continue
        }
        this.garbage = data[at] !== 0x7b && data[at] !== 0x5b
      }
      at = this.garbage ? endOfLine(data, at) : this.scan(data, at)
      if (this.garbage ? data[at - 1] === 0x0a : this.depth === 0) {
        this.take(data.subarray(start, at), true)
        start = at
      }
    }
    if (start < data.length) this.take(data.subarray(start), false)
  }

  // scan goes to the end of the text at hand, or of the data.
  scan (data, at) {
    let { depth, inString, escaped } = this
    for (; at < data.length; at++) {
      const c = data[at]
      if (inString) {
        if (escaped) escaped = false
        else if (c === backslash) escaped = true
        else if (c === quote) inString = false
      } else if (c === quote) {
        inString = true
      } else if (c === 0x7b || c === 0x5b) {
        depth++
      } else if ((c === 0x7d || c === 0x5d) && --depth === 0) {
        at++
        break
      }
    }
    this.depth = depth
    this.inString = inString
    this.escaped = escaped
    return at
  }

  take (part, last) {
    this.size += part.length
    if (this.size > maxLine) this.parts = []
    else this.parts.push(last ? part : Buffer.from(part))
    if (!last) return
    const { parts, size } = this
    this.parts = []
    this.size = 0
    this.garbage = false
    this.message(size > maxLine ? null : parts.length === 1 ? parts[0] : Buffer.concat(parts))
  }
}

function endOfLine (data, at) {
  const i = data.indexOf(0x0a, at)
  return i < 0 ? data.length : i + 1
}

module.exports = { JSONReader }
