'use strict'

const zlib = require('node:zlib')
const { maxLine } = require('./log.js')

const window = 32 << 10 // bytes that a compressed message may refer back to
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]) // RFC 7692, 7.2.2
const shortHeader = 2
const maxHeader = 14

/**
 * Cuts one direction of a WebSocket (RFC 6455) into messages: message(bytes) is
 * called with each text or binary message, unmasked and inflated (RFC 7692), or
 * with null for one that is too long or cannot be inflated. Control frames are
 * skipped.
 */
class FrameReader {
  /**
   * @param {(body: Buffer | null) => void} message
   * @param {{deflate: boolean, takeover: boolean}} extension
   */
  constructor (message, { deflate, takeover }) {
    this.message = message
    this.deflate = deflate
    this.history = takeover ? Buffer.alloc(0) : undefined
    this.parts = [] // bytes that wait for the rest of their frame
    this.size = 0
    this.need = shortHeader
    this.skip = 0 // bytes to come of a frame that is too long
    this.ends = false // with which the message ends
    this.payloads = [] // of the message's frames so far
    this.length = 0
    this.compressed = false
    this.broken = false // the history is lost
  }

  /** @param {Buffer} data */
  feed (data) {
    if (this.skip > 0) {
      const n = Math.min(this.skip, data.length)
      this.skip -= n
      data = data.subarray(n)
      if (this.skip === 0 && this.ends) this.finish()
    }
    if (data.length === 0) return
    this.parts.push(data)
    this.size += data.length
    if (this.size < this.need) {
      this.parts[this.parts.length - 1] = Buffer.from(data) // the chunk is the program's
      return
    }
    const all = this.parts.length === 1 ? data : Buffer.concat(this.parts)
    let at = 0
    for (let next; (next = this.frame(all, at)) > at;) at = next
    const rest = all.subarray(Math.min(at, all.length))
    this.parts = rest.length ? [Buffer.from(rest)] : []
    this.size = rest.length
  }

  // frame reads the frame at a place and says where it ends; at itself where
  // more is needed, and then need says how much.
  frame (all, at) {
    const head = header(all.subarray(at, at + maxHeader))
    if (!head) {
      this.need = all.length - at < shortHeader ? shortHeader : shortHeader + extra(all, at)
      return at
    }
    const start = at + head.size
    const end = start + head.length
    if (head.length > maxLine) return this.tooLong(head, end, all.length)
    if (end > all.length) {
      this.need = end - at
      return at
    }
    this.need = shortHeader
    if (head.opcode < 8) this.take(head, all.subarray(start, end))
    return end
  }

  // tooLong skips a frame and says how much of it is there.
  tooLong (head, end, length) {
    this.begin(head)
    this.length += head.length
    this.payloads = []
    this.need = shortHeader
    this.ends = head.fin
    this.skip = Math.max(0, end - length)
    if (this.skip === 0 && head.fin) this.finish()
    return Math.min(end, length)
  }

  begin (head) {
    if (head.opcode !== 0) {
      this.compressed = head.rsv1 && this.deflate
      this.payloads = []
      this.length = 0
    }
  }

  take (head, payload) {
    this.begin(head)
    this.length += payload.length
    if (this.length > maxLine) this.payloads = []
    else this.payloads.push(head.mask ? unmask(payload, head.mask) : head.fin ? payload : Buffer.from(payload))
    if (head.fin) this.finish()
  }

  finish () {
    const { payloads, length } = this
    this.payloads = []
    this.length = 0
    if (length > maxLine) {
      this.broken ||= this.compressed && this.history !== undefined
      return this.message(null)
    }
    const body = payloads.length === 1 ? payloads[0] : Buffer.concat(payloads)
    this.message(this.compressed ? this.inflate(body) : body)
  }

  // inflate unpacks one message. What the messages before it said is the
  // dictionary, where the two sides keep it.
  inflate (body) {
    if (this.broken) return null
    const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: maxLine }
    if (this.history?.length) options.dictionary = this.history
    try {
      const plain = zlib.inflateRawSync(Buffer.concat([body, tail]), options)
      if (this.history) {
        const past = plain.length >= window ? plain : Buffer.concat([this.history, plain])
        this.history = Buffer.from(past.subarray(Math.max(0, past.length - window)))
      }
      return plain
    } catch {
      this.broken = this.history !== undefined
      return null
    }
  }
}

// extra is how many bytes the header has after the first two.
function extra (all, at) {
  const short = all[at + 1] & 0x7f
  return (short === 126 ? 2 : short === 127 ? 8 : 0) + (all[at + 1] & 0x80 ? 4 : 0)
}

// header reads a frame's header; undefined where it isn't all there.
function header (b) {
  if (b.length < shortHeader || b.length < shortHeader + extra(b, 0)) return undefined
  const short = b[1] & 0x7f
  const size = shortHeader + extra(b, 0)
  const length = short === 126 ? b.readUInt16BE(2) : short === 127 ? Number(b.readBigUInt64BE(2)) : short
  return {
    fin: (b[0] & 0x80) !== 0,
    rsv1: (b[0] & 0x40) !== 0,
    opcode: b[0] & 0x0f,
    mask: b[1] & 0x80 ? b.subarray(size - 4, size) : undefined,
    size,
    length
  }
}

function unmask (payload, mask) {
  const plain = Buffer.allocUnsafe(payload.length)
  for (let i = 0; i < payload.length; i++) plain[i] = payload[i] ^ mask[i & 3]
  return plain
}

module.exports = { FrameReader }
