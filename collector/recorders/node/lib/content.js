'use strict'

const zlib = require('node:zlib')
const { maxLine } = require('./log.js')

/**
 * A body without its Content-Encoding; the bytes themselves where that is not
 * known, or the body is broken or too large.
 *
 * @param {Buffer} body
 * @param {string} coding
 * @returns {Buffer}
 */
function decode (body, coding) {
  if (!coding || body.length === 0) return body
  try {
    return coding.split(',').reverse().reduce((data, c) => decodeOne(data, c.trim().toLowerCase()), body)
  } catch {
    return body
  }
}

function decodeOne (data, coding) {
  const options = { maxOutputLength: maxLine }
  switch (coding) {
    case 'gzip': case 'x-gzip': return zlib.gunzipSync(data, options)
    case 'br': return zlib.brotliDecompressSync(data, options)
    case 'zstd': return zlib.zstdDecompressSync(data, options)
    case 'deflate': // with or without the zlib header
      return (data[0] & 0x0f) === 8 ? zlib.inflateSync(data, options) : zlib.inflateRawSync(data, options)
  }
  return data
}

module.exports = { decode }
