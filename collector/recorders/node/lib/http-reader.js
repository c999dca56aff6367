'use strict'

const { maxLine } = require('./log.js')

const maxHead = 256 << 10
const endOfHead = Buffer.from('\r\n\r\n')
const endOfLine = Buffer.from('\r\n')

/** What is read is no HTTP/1.1. */
class Malformed extends Error {}

/**
 * Cuts one direction of an HTTP/1.1 connection into messages.
 *
 * plan(head) is asked for every head, a string without its last line end, and
 * says how the body comes and whether it is wanted:
 * {framing: 'length' | 'chunked' | 'end' | 'none' | 'stop', length, keep}.
 * message(body) is called at the end of every message, with its bytes where
 * they are wanted: null where there were too many. After 'stop' what follows is
 * no HTTP: feed returns it.
 */
class HTTPReader {
  constructor (plan, message) {
    this.plan = plan
    this.message = message
    this.step = this.head
    this.held = undefined // the start of a head or line that goes on in the next chunk
    this.left = 0 // bytes of the body, or the chunk, to come
    this.framing = undefined
    this.keep = false
    this.parts = []
    this.size = 0
    this.stopped = false
  }

  /**
   * @param {Buffer} data
   * @returns {Buffer | undefined} what comes after the HTTP
   * @throws {Malformed}
   */
  feed (data) {
    if (this.held) {
      data = Buffer.concat([this.held, data])
      this.held = undefined
    }
    let at = 0
    while (at < data.length && !this.stopped) {
      const next = this.step(data, at)
      if (next < 0) {
        this.held = Buffer.from(data.subarray(at)) // a copy: the chunk is the program's
        if (this.held.length > maxHead) throw new Malformed('no end of the head')
        return undefined
      }
      at = next
    }
    return this.stopped ? data.subarray(at) : undefined
  }

  /** The peer sends no more. */
  end () {
    if (this.framing === 'end') this.finish()
  }

  // Each step consumes something and returns where it ended; -1 where it needs
  // more.

  head (data, at) {
    while (data[at] === 13 || data[at] === 10) at++
    if (at === data.length) return at
    const end = data.indexOf(endOfHead, at)
    if (end < 0) return -1
    const plan = this.plan(data.latin1Slice(at, end))
    this.framing = plan.framing
    this.keep = plan.keep
    this.left = plan.length
    this.stopped = plan.framing === 'stop'
    if (plan.framing === 'none' || plan.framing === 'length' && plan.length === 0) this.finish()
    else this.step = plan.framing === 'chunked' ? this.chunkSize : this.body
    return end + endOfHead.length
  }

  body (data, at) {
    const end = this.framing === 'end' ? data.length : Math.min(data.length, at + this.left)
    this.left -= end - at
    if (this.framing === 'length' && this.left === 0 && this.size === 0 && this.keep) {
      this.parts.push(data.subarray(at, end)) // whole: it is used up before feed returns
      this.size = end - at
    } else {
      this.take(data, at, end)
    }
    if (this.framing === 'length' && this.left === 0) this.finish()
    return end
  }

  chunkSize (data, at) {
    const end = data.indexOf(endOfLine, at)
    if (end < 0) return -1
    const digits = /^[0-9a-f]{1,12}(?=[ \t;]|$)/i.exec(data.latin1Slice(at, end))
    if (!digits) throw new Malformed('no size of a chunk')
    this.left = parseInt(digits[0], 16)
    this.step = this.left > 0 ? this.chunk : this.trailer
    return end + endOfLine.length
  }

  chunk (data, at) {
    const end = Math.min(data.length, at + this.left)
    this.take(data, at, end)
    this.left -= end - at
    if (this.left === 0) this.step = this.chunkEnd
    return end
  }

  chunkEnd (data, at) {
    if (data.length - at < endOfLine.length) return -1
    if (data.indexOf(endOfLine, at) !== at) throw new Malformed('no end of a chunk')
    this.step = this.chunkSize
    return at + endOfLine.length
  }

  trailer (data, at) {
    const end = data.indexOf(endOfLine, at)
    if (end < 0) return -1
    if (end === at) this.finish()
    return end + endOfLine.length
  }

  take (data, at, end) {
    this.size += end - at
    if (!this.keep || end === at) return
    if (this.size > maxLine) this.parts = []
    else this.parts.push(Buffer.from(data.subarray(at, end)))
  }

  finish () {
    const { parts, size, keep } = this
    this.parts = []
    this.size = 0
    this.framing = undefined
    this.step = this.head
    if (!keep) this.message(undefined)
    else if (size > maxLine) this.message(null)
    else this.message(parts.length === 1 ? parts[0] : Buffer.concat(parts))
  }
}

/**
 * The value of a header field, trimmed; "" where it is absent.
 *
 * @param {string} head
 * @param {RegExp} pattern made by field
 */
function valueOf (head, pattern) {
  return pattern.exec(head)?.[1].trim() ?? ''
}

const field = name => new RegExp(`\\r\\n${name}:([^\\r\\n]*)`, 'i')

const contentLength = field('content-length')
const transferEncoding = field('transfer-encoding')

/** How the body comes, by RFC 9112, 6.3; a request's has otherwise none. */
function framing (head, otherwise) {
  const coding = valueOf(head, transferEncoding).toLowerCase()
  if (coding) return { framing: coding.endsWith('chunked') ? 'chunked' : 'end', length: 0 }
  const length = valueOf(head, contentLength)
  if (!length) return { framing: otherwise, length: 0 }
  if (!/^\d{1,15}$/.test(length)) throw new Malformed('no length of the body')
  return { framing: 'length', length: Number(length) }
}

module.exports = { HTTPReader, Malformed, valueOf, field, framing }
