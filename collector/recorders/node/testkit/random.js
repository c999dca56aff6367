'use strict'

/** A source of random numbers that is the same every time: random(seed)(n) is below n. */
function random (seed) {
  let state = seed
  return n => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >> 8) % n
  }
}

module.exports = { random }
