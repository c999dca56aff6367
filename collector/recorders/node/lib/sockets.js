'use strict'

const net = require('node:net')
const diagnostics = require('node:diagnostics_channel')
const clock = require('./clock.js')
const { Connection } = require('./connection.js')

// Everything that a Node.js program reads and writes by HTTP/1.1, WebSocket,
// TCP or Unix socket, with TLS or without, through node:http, fetch, undici, ws
// or by itself, passes these methods of net.Socket as plain bytes. The
// diagnostics channels do not do: no release before Node 24 gives the bodies of
// undici, and none those of node:http. Each method does what it did, with the
// same arguments; the recorder only looks.

const ignored = null // in place of a Connection
const textSize = 64 << 10 // bytes of a longer text are put where there is room

/** @param {import('./log.js').Log} log */
function watchSockets (log) {
  const watch = new Watch(log)
  const { _write, _writev, connect, _destroy, _onTimeout, push } = net.Socket.prototype
  const inherited = Object.getPrototypeOf(net.Socket.prototype)
  const ownPush = Object.hasOwn(net.Socket.prototype, 'push') ? push : undefined
  replace({
    connect (...args) {
      watch.connecting(this, args)
      return Reflect.apply(connect, this, args)
    },
    _write (chunk, encoding, callback) {
      const c = watch.of(this)
      if (c === ignored) return _write.call(this, chunk, encoding, callback)
      const time = clock.now()
      const result = _write.call(this, chunk, encoding, callback)
      watch.sent(this, c, time, [{ chunk, encoding }]) // while the bytes are on their way
      return result
    },
    _writev (chunks, callback) {
      const c = watch.of(this)
      if (c === ignored) return _writev.call(this, chunks, callback)
      const time = clock.now()
      const kept = chunks.slice() // for the original writes into the array
      const result = _writev.call(this, chunks, callback)
      watch.sent(this, c, time, kept)
      return result
    },
    push (chunk, encoding) {
      watch.received(this, chunk)
      return (ownPush ?? inherited.push).call(this, chunk, encoding)
    },
    _onTimeout (...args) {
      watch.timedOut(this)
      return Reflect.apply(_onTimeout, this, args)
    },
    _destroy (err, callback) {
      watch.destroyed(this, err)
      return _destroy.call(this, err, callback)
    }
  })
  diagnostics.subscribe('undici:client:connected', ({ socket }) => { if (socket) watch.undici.add(socket) })
}

// replace changes methods of net.Socket, where there are such, and nothing else
// that can be seen of them.
function replace (methods) {
  for (const [name, value] of Object.entries(methods)) {
    const original = net.Socket.prototype[name]
    if (typeof original !== 'function') continue
    const { enumerable } = Object.getOwnPropertyDescriptor(net.Socket.prototype, name) ?? { enumerable: false }
    Object.defineProperty(value, 'length', { value: original.length, configurable: true })
    Object.defineProperty(net.Socket.prototype, name, { configurable: true, writable: true, enumerable, value })
  }
}

/** The sockets that are looked at. Its methods never throw. */
class Watch {
  constructor (log) {
    this.log = log
    this.connections = new WeakMap()
    this.opened = new WeakMap() // sockets that this process connected, and to where
    this.undici = new WeakSet()
    this.place = Buffer.allocUnsafeSlow(textSize)
  }

  /** The connection of a socket: ignored, or undefined before it has sent. */
  of (socket) {
    return this.connections.get(socket)
  }

  connecting (socket, args) {
    this.safely(socket, () => this.opened.set(socket, destination(args)))
  }

  // sent is told of the chunks of a write. What a socket is told to write before
  // it is connected, it writes then.
  sent (socket, c, time, chunks) {
    if (!c || socket.connecting) return this.safely(socket, () => this.sentFirst(socket, time, chunks))
    try {
      c.sent(chunks, time)
      if (c.done) this.connections.set(socket, ignored)
    } catch {
      this.fault(socket)
    }
  }

  sentFirst (socket, time, chunks) {
    const c = this.connections.get(socket) ?? this.meet(socket)
    if (!c) return
    if (!socket.connecting) return this.look(c, 'sent', chunks, time)
    c.pending = chunks
    socket.prependOnceListener('connect', () => this.look(c, 'release', clock.now()))
  }

  received (socket, chunk) {
    const c = this.connections.get(socket)
    if (!c) return
    try {
      c.received(chunk, clock.now())
      if (c.done) this.connections.set(socket, ignored)
    } catch {
      this.fault(socket)
    }
  }

  timedOut (socket) {
    const c = this.connections.get(socket)
    if (c) this.look(c, 'timedOut')
  }

  destroyed (socket, err) {
    const c = this.connections.get(socket)
    if (!c) return
    this.look(c, 'destroyed', err, clock.now())
    this.connections.set(socket, ignored)
  }

  // look calls a method of a connection; sent and received are called where they
  // are told of, for a call by name costs more.
  look (connection, method, a, b) {
    try {
      connection[method](a, b)
      if (connection.done) this.connections.set(connection.socket, ignored)
    } catch {
      this.fault(connection.socket)
    }
  }

  meet (socket) {
    const accepted = socket.server || socket._server // by a server of this program
    const origin = this.opened.get(socket) ?? this.opened.get(socket._parent)
    const c = accepted ? ignored : new Connection(socket, { log: this.log, origin, undici: this.undici, place: this.place })
    this.connections.set(socket, c)
    return c
  }

  // safely keeps a fault of the recorder from the program.
  safely (socket, part) {
    try {
      part()
    } catch {
      this.fault(socket)
    }
  }

  // fault ends the watch of a socket.
  fault (socket) {
    this.connections.set(socket, ignored)
    this.log.lose(1)
  }
}

// destination is the path of a Unix socket that connect(args) goes to, if any.
// net.connect passes its arguments as one array.
function destination (args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  if (first !== null && typeof first === 'object') return { path: first.path || undefined }
  return { path: typeof first === 'string' && !(Number(first) >= 0) ? first : undefined }
}

module.exports = { watchSockets }
