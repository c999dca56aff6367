'use strict'

// What no recorder can do without: for each message that a socket writes or
// reads, one write to a log of a line that holds it.

const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')

const others = 300 // bytes of a line about its process and connection
const lines = Buffer.alloc(2 << 20, ' ')
const fd = fs.openSync(path.join(process.env.SESSIONTOP_LOG_DIR, `floor-${process.pid}`), 'a')
const write = size => fs.writeSync(fd, lines, 0, others + size)

const { _write, _writev } = net.Socket.prototype
const { push } = Object.getPrototypeOf(net.Socket.prototype)
Object.assign(net.Socket.prototype, {
  _write (chunk, encoding, callback) {
    const result = _write.call(this, chunk, encoding, callback)
    write(chunk.length)
    return result
  },
  _writev (chunks, callback) {
    const size = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0)
    const result = _writev.call(this, chunks, callback)
    write(size)
    return result
  },
  push (chunk, encoding) {
    if (chunk) write(chunk.length)
    return push.call(this, chunk, encoding)
  }
})
