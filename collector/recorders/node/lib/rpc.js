'use strict'

/** A JSON-RPC message, or batch, that goes out: text is its JSON as it is. */
class Request {
  constructor (text, value) {
    this.text = text
    this.calls = Array.isArray(value) ? value : [value]
    this.batch = Array.isArray(value)
  }

  /** JSON of the ids of its calls; a notification has none. */
  get ids () {
    return idsOf(this.calls)
  }

  /** JSON of the id, if it is one call. */
  get single () {
    return this.batch ? undefined : this.ids[0]
  }
}

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
  if (text === undefined) return null
  const request = new Request(text, value)
  return request.calls.length > 0 && request.calls.every(isCall) ? request : null
}

const isCall = c => c !== null && typeof c === 'object' && typeof c.method === 'string' &&
  ('jsonrpc' in c || 'id' in c || 'params' in c)

/**
 * What body is, as a reply: its JSON where it is such, else its bytes.
 *
 * @param {Buffer} body
 * @returns {{text?: string, value?: any, raw?: Buffer}}
 */
function parseReply (body) {
  const { text, value } = parse(body)
  return text === undefined ? { raw: body } : { text, value }
}

/** JSON of the ids of a message, or of those of a batch. */
function idsOf (value) {
  const list = Array.isArray(value) ? value : [value]
  return list.filter(m => m?.id !== undefined).map(m => JSON.stringify(m.id))
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

module.exports = { parseRequest, parseReply, idsOf, mayBeMessage }
