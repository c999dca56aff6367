'use strict'

const { Pieces } = require('./pieces.js')

const maxHead = 256 << 10
const endOfHead = Buffer.from('\r\n\r\n')
const endOfLine = Buffer.from('\r\n')
const nothing = Buffer.alloc(0)

/** What is read is no HTTP/1.1. */
class Malformed extends Error {}

// What is to be done with the body of a message.
const keep = { keep: true } // it is wanted
const skip = { keep: false }
const none = { keep: true, framing: 'none' } // there is none, whatever the head says
const skipNone = { keep: false, framing: 'none' }
const stop = { keep: false, framing: 'stop' } // what follows is no HTTP

/**
 * Cuts one direction of an HTTP/1.1 connection into messages.
 *
 * plan(head) is asked for every head, as parseHead has it, and returns what is
 * to be done, one of the above. message(body, from, to) is called at the
 * end of every message, with the place of its bytes where they are wanted, good
 * until it returns: null where there were too many. After stop feed returns what follows.
 */
class HTTPReader {
  /**
   * @param {'none' | 'end'} otherwise how a body comes of which the head does not say that
   * @param {(head: Head) => typeof keep} plan
   * @param {(body?: Buffer | null, from: number, to: number) => void} message
   */
  constructor (otherwise, plan, message) {
    this.otherwise = otherwise
    this.plan = plan
    this.message = message
    this.step = this.head
    this.held = undefined // the start of a head or line that goes on in the next chunk
    this.left = 0 // bytes of the body, or the chunk, to come
    this.framing = undefined
    this.keep = false
    this.pieces = new Pieces()
    this.stopped = false
    this.lastBytes = nothing // of the last head
    this.lastHead = undefined
  }

  /**
   * @param {Buffer} data
   * @param {number} [size] of it, from its start, is read
   * @returns {Buffer | undefined} what comes after the HTTP
   * @throws {Malformed}
   */
  feed (data, size = data.length) {
    if (this.held) {
      data = Buffer.concat([this.held, data.subarray(0, size)])
      size = data.length
      this.held = undefined
    }
    let at = 0
    while (at < size && !this.stopped) {
      const next = this.step(data, at, size)
      if (next < 0) {
        this.held = Buffer.from(data.subarray(at, size)) // a copy: the chunk is the program's
        if (this.held.length > maxHead) throw new Malformed('no end of the head')
        return undefined
      }
      at = next
    }
    return this.stopped ? data.subarray(at, size) : undefined
  }

  /** The peer sends no more. */
  end () {
    if (this.framing === 'end') this.finish()
  }

  // Each step consumes something of data up to size and returns where it ended;
  // -1 where it needs more.

  head (data, at, size) {
    while (at < size && (data[at] === 13 || data[at] === 10)) at++
    if (at === size) return at
    if (!this.sameHead(data, at, size) && !this.newHead(data, at, size)) return -1
    const { lastHead: head, lastBytes } = this
    const plan = this.plan(head)
    this.framing = plan.framing ?? head.framing
    this.keep = plan.keep
    this.left = head.length
    this.stopped = this.framing === 'stop'
    if (this.framing === 'none' || this.framing === 'length' && this.left === 0) this.finish(nothing, 0, 0)
    else this.step = this.framing === 'chunked' ? this.chunkSize : this.body
    return at + lastBytes.length
  }

  // sameHead says whether the head is the last one again, as it often is. Where
  // it is not, its end mostly tells: a length, or a date.
  sameHead (data, at, size) {
    const { lastBytes } = this
    const { length } = lastBytes
    if (length === 0 || size - at < length) return false
    for (let i = length - 1; i >= 0; i--) if (data[at + i] !== lastBytes[i]) return false
    return true
  }

  newHead (data, at, size) {
    const end = find(data, endOfHead, at, size)
    if (end < 0) return false
    this.lastHead = parseHead(data.latin1Slice(at, end), this.otherwise)
    this.lastBytes = Buffer.from(data.subarray(at, end + endOfHead.length))
    return true
  }

  body (data, at, size) {
    const end = this.framing === 'end' ? size : Math.min(size, at + this.left)
    this.left -= end - at
    const last = this.framing === 'length' && this.left === 0
    if (last && this.pieces.size === 0) {
      this.finish(data, at, end)
    } else {
      this.take(data, at, end)
      if (last) this.finish()
    }
    return end
  }

  chunkSize (data, at, size) {
    const end = find(data, endOfLine, at, size)
    if (end < 0) return -1
    const digits = /^[0-9a-f]{1,12}(?=[ \t;]|$)/i.exec(data.latin1Slice(at, end))
    if (!digits) throw new Malformed('no size of a chunk')
    this.left = parseInt(digits[0], 16)
    this.step = this.left > 0 ? this.chunk : this.trailer
    return end + endOfLine.length
  }

  chunk (data, at, size) {
    const end = Math.min(size, at + this.left)
    this.left -= end - at
    this.take(data, at, end)
    if (this.left === 0) this.step = this.chunkEnd
    return end
  }

  chunkEnd (data, at, size) {
    if (size - at < endOfLine.length) return -1
    if (find(data, endOfLine, at, size) !== at) throw new Malformed('no end of a chunk')
    this.step = this.chunkSize
    return at + endOfLine.length
  }

  trailer (data, at, size) {
    const end = find(data, endOfLine, at, size)
    if (end < 0) return -1
    if (end === at) this.finish()
    return end + endOfLine.length
  }

  take (data, at, end) {
    if (this.keep) this.pieces.add(data, at, end, this.left)
  }

  // finish tells of the message: body holds its bytes, if they came in one piece.
  finish (body, from, to) {
    this.framing = undefined
    this.step = this.head
    if (!this.keep) this.message(undefined)
    else if (body) this.message(body, from, to)
    else this.pieces.take(this.message)
  }
}

// find is where some bytes are in data up to size, or -1.
function find (data, bytes, at, size) {
  const found = data.indexOf(bytes, at)
  return found + bytes.length <= size ? found : -1
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
 * What a head says: the words of its first line, its fields, "" for one that is
 * absent, and how the body comes; known is for who reads it.
 *
 * @typedef {{start: string[], framing: string, length: number, coding: string, host: string, upgrade: string, extensions: string, known: any}} Head
 *
 * @param {string} text
 * @param {'none' | 'end'} otherwise
 * @returns {Head}
 */
function parseHead (text, otherwise) {
  const end = text.indexOf('\r\n')
  const of = name => fields[name].exec(text)?.[1].trimEnd() ?? ''
  return { // written out, for then all heads are objects of one shape, which are read faster
    start: (end < 0 ? text : text.slice(0, end)).split(' '),
    coding: of('coding'),
    host: of('host'),
    upgrade: of('upgrade'),
    extensions: of('extensions'),
    known: undefined,
    ...framing(of('length'), of('transfer'), otherwise)
  }
}

// framing is how the body comes, by RFC 9112, 6.3.
function framing (length, transfer, otherwise) {
  if (transfer) return { framing: /chunked$/i.test(transfer) ? 'chunked' : 'end', length: 0 }
  if (!length) return { framing: otherwise, length: 0 }
  if (!/^\d{1,15}$/.test(length)) throw new Malformed('no length of the body')
  return { framing: 'length', length: Number(length) }
}

module.exports = { HTTPReader, Malformed, keep, skip, none, skipNone, stop }
