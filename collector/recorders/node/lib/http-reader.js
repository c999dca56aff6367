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
 * plan(head) is asked for every head, as parseHead has it, and says how the body
 * comes and whether it is wanted:
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
    this.lastText = ''
    this.lastHead = undefined
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
    const text = data.latin1Slice(at, end)
    if (text !== this.lastText) { // a client says the same again and again
      this.lastHead = parseHead(text)
      this.lastText = text
    }
    const plan = this.plan(this.lastHead)
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

const fields = {
  length: field('content-length'),
  transfer: field('transfer-encoding'),
  coding: field('content-encoding'),
  host: field('host'),
  upgrade: field('upgrade'),
  extensions: field('sec-websocket-extensions')
}

function field (name) {
  return new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*)`, 'i')
}

/**
 * What a head says: the words of its first line, and its fields, "" for one that
 * is absent.
 *
 * @param {string} head
 * @returns {{start: string[], length: string, transfer: string, coding: string, host: string, upgrade: string, extensions: string}}
 */
function parseHead (head) {
  const end = head.indexOf('\r\n')
  const parsed = { start: (end < 0 ? head : head.slice(0, end)).split(' ') }
  for (const name in fields) parsed[name] = fields[name].exec(head)?.[1].trimEnd() ?? ''
  return parsed
}

/**
 * How the body comes, by RFC 9112, 6.3.
 *
 * @param {{length: string, transfer: string}} head
 * @param {'none' | 'end'} otherwise where the head does not say
 */
function framing ({ length, transfer }, otherwise) {
  if (transfer) return { framing: /chunked$/i.test(transfer) ? 'chunked' : 'end', length: 0 }
  if (!length) return { framing: otherwise, length: 0 }
  if (!/^\d{1,15}$/.test(length)) throw new Malformed('no length of the body')
  return { framing: 'length', length: Number(length) }
}

module.exports = { HTTPReader, Malformed, framing }
