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

/** @param {import('./log.js').Log} log */
function watchSockets (log) {
  const watched = new WeakMap()
  const opened = new WeakMap() // sockets that this process connected, and to where
  const undici = new WeakSet()

  // guard runs the recorder's part: if it fails, the socket is watched no more.
  function guard (socket, part) {
    try {
      part()
    } catch {
      watched.set(socket, ignored)
      log.lose(1)
    }
  }

  function meet (socket) {
    if (socket.server || socket._server) return ignored // accepted by a server of ours
    const origin = opened.get(socket) ?? opened.get(socket._parent)
    return new Connection(socket, { log, origin, undici })
  }

  function sending (socket, chunks) {
    const time = clock.now()
    let c = watched.get(socket)
    if (c === undefined) watched.set(socket, c = meet(socket))
    if (c === ignored) return
    if (socket.connecting) { // the write itself waits for this, too
      c.pending = chunks
      socket.once('connect', () => guard(socket, () => {
        c.release(clock.now())
        log.flush()
      }))
    } else {
      c.sent(chunks, time)
    }
    if (c.done) watched.set(socket, ignored)
  }

  function around (name, before, after) {
    const proto = net.Socket.prototype
    const own = Object.getOwnPropertyDescriptor(proto, name)
    const inherited = Object.getPrototypeOf(proto)
    if (typeof (own ? own.value : inherited[name]) !== 'function') return
    const method = {
      [name] (...args) {
        if (watched.get(this) !== ignored) guard(this, () => before(this, args))
        const original = own ? own.value : inherited[name]
        const result = Reflect.apply(original, this, args)
        if (after) after()
        return result
      }
    }[name]
    Object.defineProperty(method, 'length', { value: (own ? own.value : inherited[name]).length })
    Object.defineProperty(proto, name, {
      configurable: true, writable: true, enumerable: own ? own.enumerable : false, value: method
    })
  }

  around('connect', (socket, args) => opened.set(socket, destination(args)))
  around('_write', (socket, [chunk, encoding]) => sending(socket, [{ chunk, encoding }]), () => log.flush())
  around('_writev', (socket, [chunks]) => sending(socket, chunks), () => log.flush())
  around('push', (socket, [chunk]) => {
    const c = watched.get(socket)
    if (!c) return
    c.received(chunk, clock.now())
    log.flush()
  })
  around('_onTimeout', socket => watched.get(socket)?.timedOut())
  around('_destroy', (socket, [err]) => {
    const c = watched.get(socket)
    if (!c) return
    watched.set(socket, ignored)
    c.destroyed(err, clock.now())
    log.flush()
  })
  diagnostics.subscribe('undici:client:connected', ({ socket }) => { socket && undici.add(socket) })
}

// destination is the path of a Unix socket that connect(args) goes to, if any.
// net.connect passes its arguments as one array.
function destination (args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  if (first !== null && typeof first === 'object') return { path: first.path || undefined }
  return { path: typeof first === 'string' && !(Number(first) >= 0) ? first : undefined }
}

module.exports = { watchSockets }
