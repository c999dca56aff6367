'use strict'

const fs = require('node:fs')
const path = require('node:path')
const clock = require('./clock.js')
const { fileName } = require('./self.js')

const version = 1
const maxLine = 64 << 20 // readers skip a longer line
const sure = 10_000_000n // ns for which the file need not be looked at again
const retry = 1_000_000_000n // ns until a file that cannot be opened is tried again
const none = Buffer.alloc(0)

/**
 * The session log of one thread of this process. Each line is written by one
 * write to a file opened with O_APPEND. No method throws; what cannot be written
 * is dropped, counted, and told by a "lost" line as soon as one can be written.
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
    this.until = 0n // when to look at the file again, by clock.now
    this.warned = false // that it cannot be opened
    this.begun = false // something has been written
    this.seq = 0 // of the last line in the file
    this.lost = 0
    this.torn = false // the file ends within a line
    this.buffer = Buffer.allocUnsafe(64 << 10)
  }

  /**
   * Writes a line: members, which begin with those of a process (identity), then
   * value, which is the JSON of the last one of them, then more members.
   *
   * @param {bigint} time a moment of clock.now
   * @param {string} members JSON members without the braces
   * @param {Buffer} [value]
   * @param {string} [more]
   */
  add (time, members, value = none, more = '') {
    if (this.lost > 0 && this.write(time, `${this.who},"ev":"lost","n":${this.lost}`, none, '')) this.lost = 0
    if (this.lost > 0 || !this.write(time, members, value, more)) this.lost++
  }

  /** Counts n events that are not in the log. */
  lose (n) {
    this.lost += n
  }

  /** Says whether the line is whole in the file. */
  write (time, members, value, more) {
    try {
      if (!this.ready(time)) return false
      const begin = `${this.torn ? '\n{' : '{'}${this.seq === 0 ? `"v":${version},` : ''}"ts":${clock.wall(time)},"mono":${time},${members}`
      return this.append(begin, value, `${more},"seq":${this.seq + 1}}\n`)
    } catch {
      return false
    }
  }

  /** Says whether the file is open. One that was deleted is made again. */
  ready (now) {
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

  append (begin, value, end) {
    const { buffer } = this
    let size, n
    if ((begin.length + end.length) * 3 + value.length <= buffer.length) { // no character takes more in UTF-8
      size = buffer.utf8Write(begin, 0)
      size += value.copy(buffer, size)
      size += buffer.utf8Write(end, size)
      n = fs.writeSync(this.fd, buffer, 0, size)
    } else {
      const parts = [Buffer.from(begin), value, Buffer.from(end)]
      size = parts[0].length + value.length + parts[2].length
      if (size > maxLine) return false
      n = fs.writevSync(this.fd, parts)
    }
    if (n > 0) this.torn = n < size && !(this.torn && n === 1)
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
