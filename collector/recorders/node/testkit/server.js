'use strict'

const crypto = require('node:crypto')
const http = require('node:http')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const zlib = require('node:zlib')

const address = n => '0x' + n.toString(16).padStart(40, '0')

const results = {
  eth_chainId: () => '0x539',
  net_version: () => '1337',
  eth_blockNumber: () => '0x10',
  eth_gasPrice: () => '0x3b9aca00',
  eth_accounts: () => [address(1), address(2)],
  eth_getBalance: () => '0xde0b6b3a7640000',
  eth_getTransactionCount: () => '0x7',
  eth_getCode: ([address, size]) => '0x' + '60'.repeat(Number(size) || Number(address)), // of so many bytes
  eth_syncing: () => false,
  web3_clientVersion: () => 'test/v1'
}

function answer (call) {
  const make = results[call.method]
  const reply = { jsonrpc: '2.0', id: call.id }
  if (make) reply.result = make(call.params ?? [])
  else reply.error = { code: -32601, message: `the method ${call.method} does not exist` }
  return reply
}

/**
 * A JSON-RPC server on the loopback interface that remembers what it read and
 * wrote: the truth that a log is held to. options: gzip, deflate (WebSocket),
 * chunked, hold (the id of a call that is answered when the next one has come),
 * batch(replies) to spoil a batch.
 */
class Server {
  constructor (options = {}) {
    this.options = options
    this.read = []
    this.wrote = []
    this.sockets = new Set()
  }

  async start () {
    this.http = http.createServer({ keepAliveTimeout: 60000 }, (req, res) => this.request(req, res))
    this.http.on('upgrade', (req, socket, head) => this.upgrade(req, socket, head))
    this.ipc = net.createServer(socket => this.stream(socket))
    for (const s of [this.http, this.ipc]) s.on('connection', c => { this.sockets.add(c); c.on('error', () => {}) })
    this.path = path.join(os.tmpdir(), `st-node-${process.pid}-${crypto.randomBytes(4).toString('hex')}.ipc`)
    await listen(this.http, { port: 0, host: '127.0.0.1' })
    await listen(this.ipc, { path: this.path })
    this.port = this.http.address().port
    this.url = `http://127.0.0.1:${this.port}`
    return this
  }

  stop () {
    for (const s of this.sockets) s.destroy()
    this.http.close()
    this.ipc.close()
  }

  /** Calls write with the text of the reply, when it is due. */
  serve (text, write) {
    this.read.push(text)
    const message = JSON.parse(text)
    let reply
    if (Array.isArray(message)) {
      reply = message.map(answer)
      if (this.options.batch) reply = this.options.batch(reply)
    } else {
      reply = answer(message)
    }
    const out = JSON.stringify(reply)
    const send = () => {
      this.wrote.push(out)
      write(out)
    }
    const { held } = this
    this.held = this.options.hold !== undefined && message.id === this.options.hold ? send : undefined
    if (!this.held) send()
    held?.()
  }

  request (req, res) {
    const parts = []
    req.on('data', p => parts.push(p))
    req.on('end', () => {
      if (req.method !== 'POST') return res.end('<html>no JSON-RPC here</html>')
      this.serve(Buffer.concat(parts).toString(), out => this.respond(req, res, out))
    })
  }

  respond (req, res, out) {
    const gzip = this.options.gzip && /gzip/.test(req.headers['accept-encoding'] ?? '')
    const body = gzip ? zlib.gzipSync(out) : Buffer.from(out)
    res.setHeader('content-type', 'application/json')
    if (gzip) res.setHeader('content-encoding', 'gzip')
    if (!this.options.chunked) res.setHeader('content-length', body.length)
    const half = body.length >> 1
    res.write(body.subarray(0, half))
    res.end(body.subarray(half))
  }

  stream (socket) {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', chunk => {
      text += chunk
      for (let end; (end = completeJSON(text)) > 0; text = text.slice(end).trimStart()) {
        this.serve(text.slice(0, end), out => socket.write(out + '\n'))
      }
    })
  }

  upgrade (req, socket, head) {
    const key = crypto.createHash('sha1')
      .update(req.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')
    const deflate = this.options.deflate && /permessage-deflate/.test(req.headers['sec-websocket-extensions'] ?? '')
    const takeover = this.options.deflate !== 'no-takeover'
    const agreed = 'permessage-deflate' + (takeover ? '' : '; server_no_context_takeover; client_no_context_takeover')
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${key}\r\n${deflate ? `Sec-WebSocket-Extensions: ${agreed}\r\n` : ''}\r\n`)
    const peer = new Peer(socket, deflate, takeover)
    peer.onmessage = text => this.serve(text, out => peer.send(out))
    socket.on('data', chunk => peer.feed(chunk))
    if (head.length) peer.feed(head)
  }
}

/** The server's end of a WebSocket; its streams of zlib keep the context. */
class Peer {
  constructor (socket, deflate, takeover) {
    Object.assign(this, { socket, deflate, takeover, buffer: Buffer.alloc(0), sizes: [] })
    this.out = Promise.resolve()
    this.in = Promise.resolve()
    if (deflate) this.streams()
  }

  streams () {
    this.deflater = zlib.createDeflateRaw()
    this.inflater = zlib.createInflateRaw()
  }

  feed (chunk) {
    this.buffer = Buffer.concat([this.buffer, chunk])
    for (;;) {
      const b = this.buffer
      if (b.length < 6) return
      let size = b[1] & 0x7f
      let at = 2
      if (size === 126) { size = b.readUInt16BE(2); at = 4 } else if (size === 127) { size = Number(b.readBigUInt64BE(2)); at = 10 }
      if (b.length < at + 4 + size) return
      const mask = b.subarray(at, at + 4)
      const data = Buffer.from(b.subarray(at + 4, at + 4 + size)).map((x, i) => x ^ mask[i & 3])
      this.buffer = b.subarray(at + 4 + size)
      this.frame(b[0], Buffer.from(data))
    }
  }

  frame (first, data) {
    const opcode = first & 15
    if (opcode === 8) return this.socket.end(Buffer.from([0x88, 0]))
    if (opcode > 2) return
    this.kind = opcode === 0 ? this.kind : first
    this.message = opcode === 0 ? Buffer.concat([this.message, data]) : data
    if (!(first & 0x80)) return
    const whole = this.message
    if (!(this.kind & 0x40)) return this.onmessage(whole.toString())
    this.in = this.in.then(async () => {
      this.onmessage((await through(this.inflater, Buffer.concat([whole, Buffer.from([0, 0, 255, 255])]))).toString())
      if (!this.takeover) this.inflater = zlib.createInflateRaw()
    })
  }

  send (text) {
    const pieces = text.length > 20 ? 2 : 1 // in two frames
    this.out = this.out.then(async () => {
      let data = Buffer.from(text)
      if (this.deflate) {
        data = (await through(this.deflater, data)).subarray(0, -4)
        if (!this.takeover) this.deflater = zlib.createDeflateRaw()
      }
      const step = Math.ceil(data.length / pieces)
      for (let i = 0; i < pieces; i++) {
        const part = data.subarray(i * step, (i + 1) * step)
        const first = (i === pieces - 1 ? 0x80 : 0) | (i === 0 ? (this.deflate ? 0x41 : 0x01) : 0)
        this.socket.write(Buffer.concat([frameHead(first, part.length), part]))
      }
      this.socket.write(Buffer.from([0x89, 0])) // a ping
    })
  }
}

function frameHead (first, size) {
  if (size < 126) return Buffer.from([first, size])
  if (size < 65536) return Buffer.from([first, 126, size >> 8, size & 255])
  const head = Buffer.alloc(10)
  head.set([first, 127])
  head.writeBigUInt64BE(BigInt(size), 2)
  return head
}

function through (stream, data) {
  return new Promise(resolve => {
    const parts = []
    const on = part => parts.push(part)
    stream.on('data', on)
    stream.write(data)
    stream.flush(zlib.constants.Z_SYNC_FLUSH, () => {
      stream.off('data', on)
      resolve(Buffer.concat(parts))
    })
  })
}

// completeJSON is where the first text ends, by trying; 0 where it is not whole.
function completeJSON (text) {
  for (let i = 0; (i = text.slice(i).search(/[}\]]/) + i + 1) > 0 && i <= text.length;) {
    try {
      JSON.parse(text.slice(0, i))
      return i
    } catch {}
    if (!/[}\]]/.test(text.slice(i))) break
  }
  return 0
}

const listen = (server, where) => new Promise(resolve => server.listen(where, resolve))

module.exports = { Server }
