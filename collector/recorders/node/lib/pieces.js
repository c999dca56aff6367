'use strict'

const { maxLine } = require('./log.js')

const least = 64 << 10 // of a place
const most = 4 << 20 // that is asked for before it is needed, or kept for the next one
const nothing = Buffer.alloc(0)

let spare = nothing // a place to use again: new memory costs more than to copy

/** Bytes that come in pieces; they are copied to one place. */
class Pieces {
  constructor () {
    this.place = nothing
    this.size = 0
  }

  /** Adds bytes of data; so many more are known to come. Past maxLine they are only counted. */
  add (data, from, to, more) {
    const at = this.size
    this.size += to - from
    if (this.size > maxLine) {
      this.place = nothing
      return
    }
    if (this.size > this.place.length) this.grow(Math.max(this.size, Math.min(this.size + more, most)), at)
    data.copy(this.place, at, from, to)
  }

  grow (size, used) {
    const old = this.place
    if (spare.length >= size) {
      this.place = spare
      spare = nothing
    } else {
      this.place = Buffer.allocUnsafeSlow(Math.max(least, size, 2 * old.length))
    }
    old.copy(this.place, 0, 0, used)
  }

  /** Calls use(bytes, from, to) with all of it, good until that returns; with null if it is too much. */
  take (use) {
    const { place, size } = this
    this.place = nothing
    this.size = 0
    use(size > maxLine ? null : place, 0, size)
    if (place.length > spare.length && place.length <= most) spare = place
  }
}

module.exports = { Pieces }
