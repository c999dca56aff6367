'use strict'

const fs = require('node:fs')
const path = require('node:path')
const clock = require('./clock.js')
const { writeInteger, writeTime } = require('./decimal.js')
const { fileName } = require('./self.js')

const version = 1
const maxLine = 64 << 20 // readers skip a longer line
const sure = 10e6 // ns for which the file need not be looked at again
const retry = 1e9 // ns until a file that cannot be opened is tried again
const short = 256 // bytes up to which a loop copies faster than a native call
const own = 128 // bytes of a line, at most, that are the log's own
const none = { bytes: Buffer.alloc(0), from: 0, to: 0 }


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
    this.until = 0 // when to look at the file again, ns of clock.now
    this.warned = false // that it cannot be opened
    this.begun = false // something has been written
    this.seq = 0 // of the last line in the file
    this.lost = 0
    this.torn = false // the file ends within a line
    this.buffer = Buffer.allocUnsafe(64 << 10)
  }

  /**
   * Writes a line: members, which begin with those of a process (identity), and
   * end with a value.
   *
   * @param {import('./clock.js').Time} time of clock.now
   * @param {string | Buffer} members JSON members without the braces; of the
   *   last one only the name, if there is a value
   * @param {{bytes: Buffer, from: number, to: number}} [value] JSON, as a part of bytes
   */
  add (time, members, value = none) {
    const start = typeof members === 'string' ? Buffer.from(members) : members
    if (this.lost > 0 && this.write(time, Buffer.from(`${this.who},"ev":"lost","n":${this.lost}`), none)) this.lost = 0
    if (this.lost > 0 || !this.write(time, start, value)) this.lost++
  }

  /** Counts n events that are not in the log. */
  lose (n) {
    this.lost += n
  }

  /** Says whether the line is whole in the file. */
  write (time, members, value) {
    try {
      return this.ready(time) && this.append(time, members, value)
    } catch {
      return false
    }
  }

  /** Says whether the file is open. One that was deleted is made again. */
  ready (time) {
    const now = time[0] * 1e9 + time[1]
    if (now < this.until) return this.fd !== undefined
    if (this.fd !== undefined && fs.fstatSync(this.fd).nlink === 0) {
      fs.closeSync(this.fd)
      this.fd = undefined
    }
    if (this.fd === undefined) {
      this.until = now + retry
      this.fd = this.open()
      this.seq = 0
      this.torn = endsTorn(this.fd)
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

  append (time, members, value) {
    const { buffer } = this
    const begin = this.begin(time)
    let size = members.length + value.to - value.from + own
    let n
    if (size <= buffer.length) {
      buffer.set(members, begin)
      size = this.end(copy(value, buffer, begin + members.length))
      n = fs.writeSync(this.fd, buffer, 0, size)
    } else {
      const end = this.end(begin)
      const parts = [buffer.subarray(0, begin), members, value.bytes.subarray(value.from, value.to), buffer.subarray(begin, end)]
      size += end - own
      if (size > maxLine) return false
      n = fs.writevSync(this.fd, parts)
    }
    if (n > 0) this.torn = n < size && !(this.torn && n === 1)
    if (n < size - 1) return false // without its "\n" a line is still whole
    this.begun = true
    this.seq++
    return true
  }

  // begin puts into the buffer what stands before the members, and says where
  // it ends.
  begin (time) {
    const { buffer } = this
    let at = 0
    if (this.torn) buffer[at++] = 0x0a
    at = put(this.seq === 0 ? `{"v":${version},"ts":` : '{"ts":', buffer, at)
    at = writeTime(buffer, at, clock.wall(time))
    at = writeTime(buffer, put(',"mono":', buffer, at), time)
    buffer[at++] = 0x2c // a comma
    return at
  }

  // end puts there what stands after them.
  end (at) {
    const { buffer } = this
    return put('}\n', buffer, writeInteger(buffer, put(',"seq":', buffer, at), this.seq + 1))
  }
}

// put puts ASCII text into the target, and says where it ends.
function put (text, target, at) {
  for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i)
  return at + text.length
}

function copy ({ bytes, from, to }, target, at) {
  if (to - from > short) return at + bytes.copy(target, at, from, to)
  for (let i = from; i < to; i++) target[at++] = bytes[i]
  return at
}

// open makes the log and its folder, for the owner alone. A file that was there
// before may be open to others; a symbolic link is not followed.
function open (file) {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = fs.constants
  const fd = fs.openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
  fs.fchmodSync(fd, 0o600)
  return fd
}

// endsTorn says whether a file ends within a line, as that of a process may which
// had the same name and PID and was killed while it wrote.
function endsTorn (fd) {
  const { size } = fs.fstatSync(fd)
  const last = Buffer.alloc(1)
  return size > 0 && fs.readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
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
