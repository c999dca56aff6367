'use strict'

/**
 * A JSON-RPC message, or batch, that goes out.
 *
 * @typedef {object} Request
 * @property {string} text the JSON as it is
 * @property {string[]} ids JSON of the ids of its calls; a notification has none
 * @property {boolean} batch
 */

/**
 * What body is, if it is a JSON-RPC request: an object, or an array of them,
 * with a method and one of jsonrpc, id and params; else null.
 *
 * @param {Buffer} body
 * @returns {Request | null}
 */
function parseRequest (body) {
  if (!mayBeMessage(body) || body.indexOf('"method"') < 0) return null
  const { text, value } = parse(body)
  const calls = Array.isArray(value) ? value : [value]
  if (text === undefined || calls.length === 0 || !calls.every(isCall)) return null
  const ids = calls.filter(c => c.id !== undefined).map(c => JSON.stringify(c.id))
  return { text, ids, batch: Array.isArray(value) }
}

const isCall = c => c !== null && typeof c === 'object' && typeof c.method === 'string' &&
  ('jsonrpc' in c || 'id' in c || 'params' in c)

/**
 * What body is, as a reply: its JSON where it is such, else its bytes, and the
 * ids in it.
 *
 * @param {Buffer} body
 * @returns {{text?: string, raw?: Buffer, ids: string[]}}
 */
function parseReply (body) {
  const { text, value } = parse(body)
  if (text === undefined) return { raw: body, ids: [] }
  const replies = Array.isArray(value) ? value : [value]
  return { text, ids: replies.filter(r => r?.id !== undefined).map(r => JSON.stringify(r.id)) }
}

// parse is nothing for what is not JSON in UTF-8.
function parse (body) {
  const text = body.utf8Slice(0, body.length)
  try {
    const value = JSON.parse(text)
    if (text.includes('\ufffd') && !Buffer.from(text).equals(body)) return {}
    return { text, value }
  } catch {
    return {}
  }
}

// mayBeMessage says whether the first byte that is no white space is { or [.
function mayBeMessage (body) {
  for (let i = 0; i < body.length; i++) {
    const c = body[i]
    if (c > 0x20) return c === 0x7b || c === 0x5b
  }
  return false
}

module.exports = { parseRequest, parseReply, mayBeMessage }
