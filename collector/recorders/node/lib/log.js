'use strict'

const fs = require('node:fs')
const path = require('node:path')
const clock = require('./clock.js')
const { fileName } = require('./self.js')

const version = 1
const maxLine = 64 << 20 // readers skip a longer line
const maxQueue = 1024
const sure = 10 // ms for which the file need not be looked at again
const retry = 1000 // ms until a file that cannot be opened is tried again

/**
 * The session log of one thread of this process. Lines are queued by add and
 * written by flush, each by one write to a file opened with O_APPEND. No
 * method throws; what cannot be written is dropped, counted, and told by a
 * "lost" line as soon as one can be written.
 */
class Log {
  /**
   * Makes no file: that is done for the first line.
   *
   * @param {string} folder
   * @param {import('./self.js').Process} who
   */
  constructor (folder, who) {
    this.path = path.join(folder, fileName(who))
    this.who = identity(who)
    this.fd = undefined // none yet, or it could not be opened
    this.until = 0 // when to look at the file again, by performance.now
    this.warned = false // that it cannot be opened
    this.begun = false // something has been written
    this.seq = 0 // of the last line in the file
    this.lost = 0
    this.torn = false // the file ends within a line
    this.queue = []
    this.buffer = Buffer.allocUnsafe(64 << 10)
  }

  /**
   * @param {bigint} time a moment of clock.now
   * @param {string} members from "ev" on: JSON members without the braces
   * @param {string} [who] members that name another process than this
   */
  add (time, members, who = this.who) {
    if (this.queue.length === maxQueue) return this.lose(1)
    this.queue.push({ time, members, who })
  }

  /** Counts n events that are not in the log. */
  lose (n) {
    this.lost += n
  }

  flush () {
    if (this.queue.length === 0) return
    const lines = this.queue
    this.queue = []
    for (const line of lines) {
      this.tellLost(line.time)
      if (this.lost > 0 || !this.write(line)) this.lost++
    }
  }

  tellLost (time) {
    if (this.lost === 0) return
    if (this.write({ time, members: `"ev":"lost","n":${this.lost}`, who: this.who })) this.lost = 0
  }

  /** Says whether the line is whole in the file. */
  write ({ time, members, who }) {
    try {
      if (!this.ready()) return false
      const line = (this.torn ? '\n{' : '{') + (this.seq === 0 ? `"v":${version},` : '') +
        `"ts":${clock.wall(time)},"mono":${time},${who},${members},"seq":${this.seq + 1}}\n`
      return this.append(line)
    } catch {
      return false
    }
  }

  /** Says whether the file is open. One that was deleted is made again. */
  ready () {
    const now = performance.now()
    if (now < this.until) return this.fd !== undefined
    if (this.fd !== undefined && fs.fstatSync(this.fd).nlink === 0) {
      fs.closeSync(this.fd)
      this.fd = undefined
    }
    if (this.fd === undefined) {
      this.until = now + retry
      this.fd = this.open()
      this.seq = 0
      this.torn = false
    }
    this.until = now + sure
    return true
  }

  open () {
    try {
      return open(this.path)
    } catch (err) {
      if (!this.warned) process.emitWarning(`no session log: ${err.message}`, 'sessiontop')
      this.warned = true
      throw err
    }
  }

  append (line) {
    let data = this.buffer
    let size
    if (line.length * 3 <= data.length) { // no character takes more in UTF-8
      size = data.utf8Write(line, 0)
    } else {
      data = Buffer.from(line)
      size = data.length
      if (size > maxLine) return false
    }
    const n = fs.writeSync(this.fd, data, 0, size)
    if (n > 0) this.torn = data[n - 1] !== 10
    if (n < size - 1) return false // without its "\n" a line is still whole
    this.begun = true
    this.seq++
    return true
  }
}

// open makes the log and its folder, for the owner alone. A file that was there
// before may be open to others; a symbolic link is not followed.
function open (file) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = fs.constants
  const fd = fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
  fs.fchmodSync(fd, 0o600)
  return fd
}

// identity is the members that name a process.
function identity (who) {
  const { host, pid, ppid, tid, start, comm } = who
  return [
    host && `"host":${JSON.stringify(host)}`,
    `"pid":${pid}`,
    ppid && `"ppid":${ppid}`,
    tid && `"tid":${tid}`,
    start && `"start":${start}`,
    comm && `"comm":${JSON.stringify(comm)}`
  ].filter(Boolean).join(',')
}

module.exports = { Log, identity, maxLine }
