'use strict'

const { jsonText } = require('./json-text.js')

/**
 * What body is, if it is a JSON-RPC request: an object, or an array of them,
 * with a method and one of jsonrpc, id and params; else null.
 *
 * @param {Buffer} body
 * @param {number} [from] where it starts and ends there
 * @param {number} [to]
 * @returns {import('./json-text.js').JSONText | null}
 */
function parseRequest (body, from = 0, to = body.length) {
  const json = mayBeMessage(body, from, to) ? jsonText(body, from, to) : null
  return json && isRequest(json) ? json : null
}

function isRequest (json) {
  const { odd, array, called, marked, idTo } = json.scan
  if (!odd && !array) return called && (marked || idTo > 0)
  const { value } = json
  return Array.isArray(value) ? value.length > 0 && value.every(isCall) : isCall(value)
}

const isCall = c => c !== null && typeof c === 'object' && typeof c.method === 'string' &&
  ('jsonrpc' in c || 'id' in c || 'params' in c)

/** What stays of a JSON-RPC message, or batch, that went out. */
class Request {
  /** @param {import('./json-text.js').JSONText} json */
  constructor (json) {
    this.ids = json.ids // of its calls; a notification has none
    this.single = json.array ? undefined : this.ids[0] // the id, if it is one call
  }
}

/**
 * What body is, as a reply: JSON where it is such, else its bytes.
 *
 * @param {Buffer} body
 * @param {number} [from] where it starts and ends there
 * @param {number} [to]
 * @returns {{json?: import('./json-text.js').JSONText, raw?: Buffer}}
 */
function parseReply (body, from = 0, to = body.length) {
  const json = jsonText(body, from, to)
  return json ? { json } : { raw: body.subarray(from, to) }
}

// mayBeMessage says whether the first byte that is no white space is { or [.
function mayBeMessage (body, from = 0, to = body.length) {
  for (let i = from; i < to; i++) {
    const c = body[i]
    if (c > 0x20) return c === 0x7b || c === 0x5b
  }
  return false
}

module.exports = { Request, parseRequest, parseReply, mayBeMessage }
