'use strict'

const { Scan } = require('./json-scan.js')
const { redactMessage } = require('./redact-message.js')

/**
 * A JSON text. Its bytes are the program's: what is kept of them must be copied.
 */
class JSONText {
  /** @param {Buffer} bytes */
  constructor (bytes) {
    this.bytes = bytes
    this.scan = new Scan(bytes)
  }

  get text () {
    return this.bytes.utf8Slice(0, this.bytes.length)
  }

  /** What JSON.parse makes of it. */
  get value () {
    return JSON.parse(this.text)
  }

  /** The bytes as they stand in the log: without secrets, on one line. */
  get line () {
    if (!this.scan.odd) return this.bytes
    return Buffer.from(redactMessage(this.text).replaceAll('\n', ' ')) // a bare newline in it is white space
  }

  /** Whether it is an array, a batch. */
  get array () {
    return this.scan.odd ? Array.isArray(this.value) : this.scan.array
  }

  /** The JSON of its id; of an array, of those of its elements. */
  get ids () {
    const { odd, array, idFrom, idTo } = this.scan
    if (odd || array) return idsOf(this.value)
    return idTo > 0 ? [this.bytes.latin1Slice(idFrom, idTo)] : []
  }
}

/**
 * What bytes are, as JSON; null where JSON.parse would not take them, or they
 * are not UTF-8.
 *
 * @param {Buffer} bytes
 * @returns {JSONText | null}
 */
function jsonText (bytes) {
  const json = new JSONText(bytes)
  return (json.scan.odd ? parses(json) : json.scan.valid) ? json : null
}

function parses ({ text, bytes }) {
  try {
    JSON.parse(text)
    return !text.includes('\ufffd') || Buffer.from(text).equals(bytes)
  } catch {
    return false
  }
}

/** JSON of the ids of a message, or of those of a batch. */
function idsOf (value) {
  const list = Array.isArray(value) ? value : [value]
  return list.filter(m => m?.id !== undefined).map(m => JSON.stringify(m.id))
}

module.exports = { jsonText }
