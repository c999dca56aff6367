'use strict'

const fs = require('node:fs')
const { redactURL, redactText } = require('./redact-url.js')
const { redactMessage } = require('./redact-message.js')
const { clientOf } = require('./client.js')
const { HTTPTalk } = require('./http-talk.js')
const { StreamTalk } = require('./stream-talk.js')

const requestLine = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/
const startOfLine = /^[A-Z]{0,20}$|^[A-Z]+ [^\n]*$/ // of one that is not all there
const maxSniff = 16 << 10
const wide = 4 // bytes that a character takes, at most

/**
 * One socket on which this process sent first. The first bytes say what is
 * spoken on it: HTTP, which may become WebSocket, or JSON alone. Once it is
 * known not to be JSON-RPC, done is true.
 *
 * The two talks parse bytes and call send, recv and fail with the JSON-RPC
 * messages that they find.
 */
class Connection {
  /**
   * @param {import('node:net').Socket} socket
   * @param {object} around
   * @param {import('./log.js').Log} around.log
   * @param {{path?: string}} [around.origin] set if this process connected it
   * @param {WeakSet<object>} around.undici the sockets of undici
   * @param {Buffer} around.place for the bytes of what is written as text
   */
  constructor (socket, { log, origin, undici, place }) {
    this.socket = socket
    this.log = log
    this.origin = origin
    this.undici = undici
    this.place = place
    this.talk = undefined
    this.sniffed = Buffer.alloc(0)
    this.done = false
    this.pending = undefined // what is written while the socket connects
    this.ended = false // by the peer
    this.inUse = false // a JSON-RPC message was seen
    this.url = undefined
    this.names = '' // members that name the connection, for this url
    this.sends = undefined // members of a line about a message, up to that
    this.receives = undefined
    this.status = undefined // that stands in the latter
  }

  /** What a write holds: chunks of bytes or text, as Writable passes them. */
  sent (chunks, time) {
    for (const { chunk, encoding } of chunks) {
      if (this.done || chunk === '') continue
      if (typeof chunk === 'string') this.sentText(chunk, encoding, time)
      else this.sentOne(chunk, chunk.length, time)
    }
  }

  sentText (text, encoding, time) {
    const { place } = this
    const size = encoding === 'utf8' ? place.utf8Write(text, 0) : place.write(text, 0, encoding)
    if (size < place.length - wide) return this.sentOne(place, size, time)
    const data = Buffer.from(text, encoding)
    this.sentOne(data, data.length, time)
  }

  // sentOne is told of data up to size, good until it returns.
  sentOne (data, size, time) {
    if (this.talk) return this.talk.sent(data, size, time)
    this.sniffed = Buffer.concat([this.sniffed, data.subarray(0, size)])
    if (this.sniff()) this.talk.sent(this.sniffed, this.sniffed.length, time)
    if (this.talk || this.done) this.sniffed = undefined
  }

  sniff () {
    const first = this.sniffed[0]
    if (first === 0x7b || first === 0x5b) { // { or [
      this.done = !this.origin && !this.socket.remoteAddress // a pipe to a child
      if (!this.done) this.talk = new StreamTalk(this)
    } else {
      const start = this.sniffed.subarray(0, maxSniff).latin1Slice()
      if (requestLine.test(start)) this.talk = new HTTPTalk(this)
      else this.done = start.length === maxSniff || !startOfLine.test(start)
    }
    return this.talk
  }

  /** What was read: bytes, or null at the end. */
  received (chunk, time) {
    if (!this.talk) return
    if (chunk === null) {
      this.ended = true
      this.talk.ended(time)
    } else if (chunk.length > 0) {
      this.talk.received(chunk, time)
    }
  }

  /** The socket is connected: what waited is written now. */
  release (time) {
    const chunks = this.pending
    this.pending = undefined
    if (chunks) this.sent(chunks, time)
  }

  /** The program's own time limit on the socket is over. */
  timedOut () {
    this.talk?.timedOut()
  }

  /** The program or the system closes the socket. */
  destroyed (err, time) {
    this.release(time)
    if (!this.talk) return
    this.talk.ended(time)
    this.talk.gone(reason(err, this.ended), time)
    if (this.inUse) this.line(time, 'close', '')
  }

  /** A message goes out: json is it, url the endpoint as it is. */
  send (time, json, url) {
    if (!this.inUse || url !== this.url) this.name(url, json.text)
    if (!this.inUse && this.origin) this.line(time, 'open', '')
    this.inUse = true
    this.log.add(time, this.sends, json.line)
  }

  /** A message came in, with a status if by HTTP: exactly one of json and raw, which isn't JSON. */
  recv (time, { json, raw }, status) {
    if (status !== this.status) this.answers(status)
    if (json) this.log.add(time, this.receives, json.line)
    else this.line(time, 'recv', (status ? `,"status":${status}` : '') + rawMembers(raw))
  }

  /** A call gets no reply; id is one of ids, undefined for a batch. */
  fail (time, err, id) {
    this.line(time, 'fail', `,"err":${JSON.stringify(redactText(err))}` + (id === undefined ? '' : `,"id":${id}`))
  }

  line (time, event, members) {
    this.log.add(time, this.members(event) + members)
  }

  // members are those with which a line of an event begins.
  members (event) {
    return `${this.log.who},"ev":"${event}"${this.names}`
  }

  name (url, text) {
    this.url = url
    const { local, peer } = this.ends()
    const list = [
      ['ino', this.inode()],
      ['local', local && JSON.stringify(redactURL(local))],
      ['peer', peer && JSON.stringify(redactURL(peer))],
      ['opener', this.origin && process.pid],
      ['url', JSON.stringify(redactURL(url))],
      ['client', JSON.stringify(clientOf(text, this.undici.has(this.socket)))]
    ]
    this.names = list.map(([key, value]) => value ? `,"${key}":${value}` : '').join('')
    this.sends = Buffer.from(this.members('send') + ',"msg":')
    this.answers(this.status)
  }

  answers (status) {
    this.status = status
    this.receives = Buffer.from(this.members('recv') + (status ? `,"status":${status}` : '') + ',"msg":')
  }

  // ends is both ends. A Unix socket's own end has no name: its path stands for
  // it, so that the inode beside it names the connection.
  ends () {
    if (this.origin?.path) return { local: this.origin.path }
    const { localAddress, localPort, remoteAddress, remotePort } = this.socket
    return { local: address(localAddress, localPort), peer: address(remoteAddress, remotePort) }
  }

  inode () {
    const fd = this.socket._handle?.fd
    if (!(fd >= 0)) return 0n
    try {
      return fs.fstatSync(fd, { bigint: true }).ino
    } catch {
      return 0n
    }
  }
}

function address (host, port) {
  if (!host || !port) return undefined
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

// reason says why a connection with calls in flight is no more.
function reason (err, ended) {
  const code = err?.code ?? ''
  if (/TIMEDOUT|TIMEOUT/.test(code) || err?.name === 'TimeoutError') return 'timeout'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'reset'
  if (code === 'ECONNREFUSED') return 'refused'
  if (ended || !err) return 'closed'
  return String(code || err.message || err.name || 'closed').slice(0, 200)
}

function rawMembers (raw) {
  const text = raw.toString()
  if (!text.includes('\ufffd') || Buffer.from(text).equals(raw)) return `,"raw":${JSON.stringify(redactMessage(text))}`
  return `,"raw":"${Buffer.from(redactMessage(raw.latin1Slice()), 'latin1').toString('base64')}","enc":"base64"`
}

module.exports = { Connection }
