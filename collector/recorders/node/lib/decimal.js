'use strict'

// Numbers written as ASCII digits where they are to stand: to make a string of
// each first takes several times as long. Each function says where they end.

const zero = 0x30

/** Writes n, an integer from 0 on. */
function writeInteger (bytes, at, n) {
  if (n >= 1e9) {
    const high = Math.floor(n / 1e9)
    return writeNine(bytes, writeInteger(bytes, at, high), n - high * 1e9)
  }
  let width = 1
  for (let power = 10; n >= power; power *= 10) width++
  return writeDigits(bytes, at, n, width)
}

/**
 * Writes a time in nanoseconds.
 *
 * @param {import('./clock.js').Time} time
 */
function writeTime (bytes, at, time) {
  const seconds = time[0]
  const ns = time[1]
  return seconds > 0 ? writeNine(bytes, writeInteger(bytes, at, seconds), ns) : writeInteger(bytes, at, ns)
}

const writeNine = (bytes, at, n) => writeDigits(bytes, at, n, 9)

// writeDigits writes the last digits of n, which is less than 10^9.
function writeDigits (bytes, at, n, width) {
  for (let i = at + width - 1; i >= at; i--) {
    const tenth = (n / 10) | 0
    bytes[i] = zero + n - tenth * 10
    n = tenth
  }
  return at + width
}

module.exports = { writeInteger, writeTime }
