'use strict'

const { Scan } = require('./json-scan.js')
const { redactMessage } = require('./redact-message.js')

const few = 10 // digits, of which an id that is kept as a number has fewer

/**
 * A JSON text. Its bytes are the program's: what is kept of them must be copied.
 */
class JSONText {
  /**
   * @param {Buffer} bytes
   * @param {number} from where it starts and ends there
   * @param {number} to
   */
  constructor (bytes, from, to) {
    this.bytes = bytes
    this.from = from
    this.to = to
    this.scan = new Scan(bytes, from, to)
  }

  get text () {
    return this.bytes.utf8Slice(this.from, this.to)
  }

  /** What JSON.parse makes of it. */
  get value () {
    return JSON.parse(this.text)
  }

  /** The bytes as they stand in the log: without secrets, on one line; and where in bytes. */
  get line () {
    if (!this.scan.odd) return this
    const bytes = Buffer.from(redactMessage(this.text).replaceAll('\n', ' ')) // a bare newline in it is white space
    return { bytes, from: 0, to: bytes.length }
  }

  /** Whether it is an array, a batch. */
  get array () {
    return this.scan.odd ? Array.isArray(this.value) : this.scan.array
  }

  /**
   * Its id; of an array, those of its elements: a number where it is an integer
   * of a few digits, for which no string is made, else the JSON of it.
   *
   * @returns {(number | string)[]}
   */
  get ids () {
    const { odd, array, idFrom, idTo } = this.scan
    if (odd || array) return idsOf(this.value)
    if (idTo === 0) return []
    const n = idTo - idFrom < few ? integer(this.bytes, idFrom, idTo) : -1
    return [n >= 0 ? n : this.bytes.latin1Slice(idFrom, idTo)]
  }
}

/**
 * What bytes are, as JSON; null where JSON.parse would not take them, or they
 * are not UTF-8.
 *
 * @param {Buffer} bytes
 * @param {number} [from] where they start and end there
 * @param {number} [to]
 * @returns {JSONText | null}
 */
function jsonText (bytes, from = 0, to = bytes.length) {
  const json = new JSONText(bytes, from, to)
  return (json.scan.odd ? parses(json) : json.scan.valid) ? json : null
}

function parses ({ text, bytes, from, to }) {
  try {
    JSON.parse(text)
    return !text.includes('\ufffd') || Buffer.from(text).equals(bytes.subarray(from, to))
  } catch {
    return false
  }
}

/** The ids of a message, or of those of a batch. */
function idsOf (value) {
  const list = Array.isArray(value) ? value : [value]
  return list.filter(m => m?.id !== undefined).map(({ id }) => Number.isInteger(id) && id >= 0 && id < 10 ** (few - 1) ? id : JSON.stringify(id))
}

// integer is the number that digits say, -1 where other bytes are among them.
function integer (bytes, from, to) {
  let n = 0
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 0x30
    if (digit < 0 || digit > 9) return -1
    n = n * 10 + digit
  }
  return n
}

module.exports = { jsonText }
