'use strict'

const assert = require('node:assert/strict')
const test = require('node:test')
const zlib = require('node:zlib')
const { HTTPReader, Malformed, keep } = require('../lib/http-reader.js')
const { JSONReader } = require('../lib/json-reader.js')
const { FrameReader } = require('../lib/frame-reader.js')
const { decode } = require('../lib/content.js')
const { parseRequest, parseReply } = require('../lib/rpc.js')
const { jsonText } = require('../lib/json-text.js')
const { random } = require('../testkit/random.js')

/** The stream in pieces of any size, the last byte of each overwritten after use. */
function inPieces (stream, below, feed) {
  for (let at = 0; at < stream.length;) {
    const size = 1 + below(below(2) ? 7 : stream.length)
    const piece = Buffer.from(stream.subarray(at, at + size))
    feed(piece)
    piece.fill(0x23) // it is the program's, which may do with it what it likes
    at += size
  }
}

function httpMessages (stream, below) {
  const got = []
  const reader = new HTTPReader('none', () => keep, (body, from, to) => got.push(body.toString('utf8', from, to)))
  inPieces(stream, below, piece => reader.feed(piece))
  return got
}

test('HTTP messages come out whole, however they are cut', () => {
  const below = random(1)
  for (let round = 0; round < 200; round++) {
    const bodies = Array.from({ length: 1 + below(4) }, () => 'é'.repeat(below(40)) + '\r\n\r\n'.repeat(below(3)))
    const stream = Buffer.concat(bodies.map(text => {
      const body = Buffer.from(text)
      if (below(2)) return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nCONTENT-length: ${body.length}\r\n\r\n`), body])
      const chunks = [Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n')]
      for (let at = 0; at < body.length;) {
        const part = body.subarray(at, at + 1 + below(20))
        chunks.push(Buffer.from(part.length.toString(16) + (below(2) ? ';x="y"' : '') + '\r\n'), part, Buffer.from('\r\n'))
        at += part.length
      }
      return Buffer.concat([...chunks, Buffer.from(below(2) ? '0\r\n\r\n' : '0\r\nA: b\r\n\r\n')])
    }))
    assert.deepEqual(httpMessages(stream, below), bodies)
  }
})

test('what is no HTTP is said to be none', () => {
  for (const head of ['POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc', 'a'.repeat(300000)]) {
    assert.throws(() => httpMessages(Buffer.from(head), () => 0x7fffffff), Malformed)
  }
})

test('JSON texts come out whole, however they are cut', () => {
  const below = random(2)
  for (let round = 0; round < 200; round++) {
    const texts = Array.from({ length: 1 + below(5) }, () => JSON.stringify(
      below(2) ? { a: '}"\\{é'.slice(0, below(6)), b: [[], {}, below(99)] } : [1, { '[': '\\' }]))
    const got = []
    const reader = new JSONReader(body => got.push(body.toString()))
    inPieces(Buffer.from(texts.map(t => t + ['', '\n', ' \r\n'][below(3)]).join('')), below, piece => reader.feed(piece))
    assert.deepEqual(got, texts)
  }
})

test('what is no JSON comes line by line', () => {
  const got = []
  const reader = new JSONReader(body => got.push(body.toString()))
  for (const part of ['HTTP/1.1 400', ' {x}\n{"a"', ':1}}\n[]']) reader.feed(Buffer.from(part))
  assert.deepEqual(got, ['HTTP/1.1 400 {x}\n', '{"a":1}', '}\n', '[]'])
})

/** Frames as a peer makes them, of messages that may be in several. */
function frames (texts, below, { masked, deflate, takeover }) {
  let past = Buffer.alloc(0)
  return Buffer.concat(texts.flatMap(text => {
    let data = Buffer.from(text)
    const compressed = deflate && below(4) > 0
    if (compressed) {
      const plain = data
      const dictionary = takeover && past.length ? { dictionary: past.subarray(-32768) } : {}
      data = zlib.deflateRawSync(data, { finishFlush: zlib.constants.Z_SYNC_FLUSH, ...dictionary }).subarray(0, -4)
      past = Buffer.concat([past, plain])
    }
    const parts = Array.from({ length: 1 + below(3) })
    const step = Math.ceil(data.length / parts.length) || 1
    return parts.flatMap((_, i) => [
      frame((i === 0 ? (compressed ? 0x41 : 1) : 0) | (i === parts.length - 1 ? 0x80 : 0), data.subarray(i * step, (i + 1) * step), masked, below),
      frame(0x89, Buffer.from('ping'), masked, below)
    ])
  }))
}

function frame (first, data, masked, below) {
  const long = data.length > 65535
  const head = Buffer.alloc(2 + (long ? 8 : data.length > 125 ? 2 : 0))
  head[0] = first
  head[1] = (masked ? 0x80 : 0) | (long ? 127 : data.length > 125 ? 126 : data.length)
  if (long) head.writeBigUInt64BE(BigInt(data.length), 2)
  else if (data.length > 125) head.writeUInt16BE(data.length, 2)
  if (!masked) return Buffer.concat([head, data])
  const mask = Buffer.from([below(256), below(256), below(256), below(256)])
  return Buffer.concat([head, mask, data.map((x, i) => x ^ mask[i & 3])])
}

test('WebSocket messages come out whole, however they are cut', () => {
  const below = random(3)
  for (const masked of [false, true]) {
    for (const way of [{ deflate: false }, { deflate: true, takeover: true }, { deflate: true, takeover: false }]) {
      for (let round = 0; round < 40; round++) {
        const texts = Array.from({ length: 1 + below(5) }, () => 'eth_é'.repeat(below(below(9) ? 40 : 14000)))
        const got = []
        const reader = new FrameReader(body => got.push(body.toString()), way)
        inPieces(frames(texts, below, { masked, ...way }), below, piece => reader.feed(piece))
        assert.deepEqual(got, texts)
      }
    }
  }
})

test('a frame that is too long is skipped, and what follows is not', () => {
  const got = []
  const reader = new FrameReader(body => got.push(body?.toString() ?? null), { deflate: false })
  const size = (64 << 20) + 1
  const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeBigUInt64BE(BigInt(size), 2)
  reader.feed(head)
  const piece = Buffer.alloc(1 << 20)
  for (let left = size; left > 0; left -= piece.length) reader.feed(piece.subarray(0, Math.min(left, piece.length)))
  reader.feed(Buffer.from([0x81, 2, 0x7b, 0x7d]))
  assert.deepEqual(got, [null, '{}'])
})

test('content codings', () => {
  const text = Buffer.from('{"jsonrpc":"2.0"}')
  for (const [coding, body] of [['gzip', zlib.gzipSync(text)], ['br', zlib.brotliCompressSync(text)], ['deflate', zlib.deflateSync(text)],
    ['deflate', zlib.deflateRawSync(text)], ['', text], ['identity', text], ['gzip', text], ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(text))]]) {
    assert.equal(decode(body, coding).toString(), text.toString(), coding)
  }
})

test('what a request is', () => {
  for (const [text, ids] of [
    ['{"jsonrpc":"2.0","id":1,"method":"a"}', [1]],
    ['{"jsonrpc":"2.0","id":1234567890,"method":"a"}', ['1234567890']], ['{"id":-1,"method":"a"}', ['-1']],
    [' [{"id":"x","method":"a"},{"jsonrpc":"2.0","method":"b"}]', ['"x"']],
    ['{"method":"a"}', null], ['{"method":1,"id":1}', null], ['[]', null], ['"method"', null],
    ['{"jsonrpc":"2.0","id":1,"method":"a"', null], ['{"jsonrpc":"2.0","id":1,"result":"method"}', null]
  ]) assert.deepEqual(parseRequest(Buffer.from(text))?.ids ?? null, ids, text)
})

test('what a reply is', () => {
  assert.deepEqual(parseReply(Buffer.from('{"id":1}')).json.ids, [1])
  for (const body of [Buffer.from('<html>'), Buffer.from([0x22, 0xff, 0x22]), Buffer.alloc(0)]) assert.deepEqual(parseReply(body).raw, body)
})

/** A JSON text of any kind. */
function anyText (below, depth = 0) {
  const list = make => Array.from({ length: below(4) }, make).join([',', ' , ', '\n,', '\t,\r'][below(4)])
  const pick = (...of) => of[below(of.length)]
  switch (below(depth > 3 ? 4 : 7)) {
    case 0: return String(below(100) - 50)
    case 1: return pick('true', 'false', 'null', '0', '-0', '1e5', '1.5E-3', '0.0')
    case 2: case 3: return JSON.stringify(pick('', 'id', 'eth_x', 'personal_x', 'http://a', '/', '//', 'é', 'a\\b', 'a\nb', '"'))
    case 4: return '[' + list(() => anyText(below, depth + 1)) + ']'
    default: return '{' + list(() => `"${pick('id', 'method', 'params', 'jsonrpc', 'x')}"${pick(':', ' : ')}${anyText(below, depth + 1)}`) + '}'
  }
}

/** Bytes of which one is another, one is missing or one is too many. */
function spoiled (bytes, below) {
  const at = below(bytes.length)
  const some = Buffer.from([...'"{}[],:0-.e\\_ \nt'].map(c => c.charCodeAt(0)).concat(1, 0xff))
  const one = some.subarray(below(some.length)).subarray(0, 1)
  return Buffer.concat([bytes.subarray(0, at), below(3) ? one : Buffer.alloc(0), bytes.subarray(at + below(2))])
}

test('JSON is what JSON.parse takes, of a call it tells the same, and a line of it is one', () => {
  const below = random(4)
  for (let round = 0; round < 5000; round++) {
    let bytes = Buffer.from(anyText(below))
    while (bytes.length && below(2)) bytes = spoiled(bytes, below)
    if (below(50) === 0) bytes = Buffer.concat([Buffer.from(`{"x":"${'a'.repeat(4096 + below(9))}","params":`), bytes, Buffer.from('}')])
    const json = jsonText(bytes)
    const text = bytes.toString()
    let value
    try {
      value = Buffer.from(text).equals(bytes) ? JSON.parse(text) : undefined
    } catch {}
    assert.equal(json !== null, value !== undefined, text)
    if (!json) continue
    const line = json.line.bytes.toString('utf8', json.line.from, json.line.to)
    assert.deepEqual(JSON.parse(line), value, text)
    assert.ok(!line.includes('\n'), text)
    assert.equal(json.array, Array.isArray(value), text)
    if (value !== null && typeof value === 'object' && !json.array) {
      assert.equal(JSON.stringify(json.ids.map(id => JSON.parse(id))), JSON.stringify('id' in value ? [value.id] : []), text)
      const call = typeof value.method === 'string' && ('id' in value || 'params' in value || 'jsonrpc' in value)
      assert.equal(parseRequest(bytes) !== null, call, text)
    }
  }
})

test('JSON may be as deep as JSON.parse takes it', () => {
  for (const depth of [199, 200, 201, 3000]) {
    assert.ok(jsonText(Buffer.from('['.repeat(depth) + ']'.repeat(depth))))
    assert.equal(jsonText(Buffer.from('['.repeat(depth) + ']'.repeat(depth - 1))), null)
  }
})
