'use strict'

const { performance } = require('node:perf_hooks')

// process.hrtime counts CLOCK_MONOTONIC on Linux (uv_hrtime), so mono may be
// compared with that of other processes. The wall clock is mono plus an offset,
// for Date.now() has but milliseconds; it is set again when the two part, as
// when somebody sets the clock.
const slackMs = 2
const mono = process.hrtime.bigint
let offset = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)) - mono()
let offsetMs = Number(offset) / 1e6

/** @returns {bigint} CLOCK_MONOTONIC, nanoseconds */
function now () {
  const t = mono()
  const ms = Date.now()
  if (Math.abs(Number(t) / 1e6 + offsetMs - ms) > slackMs) {
    offset = BigInt(ms) * 1000000n - t
    offsetMs = Number(offset) / 1e6
  }
  return t
}

/** @returns {bigint} the wall clock at a moment of now, Unix nanoseconds */
const wall = t => t + offset

module.exports = { now, wall }
