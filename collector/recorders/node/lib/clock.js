'use strict'

const { performance } = require('node:perf_hooks')

// process.hrtime counts CLOCK_MONOTONIC on Linux (uv_hrtime), so mono may be
// compared with that of other processes. The wall clock is mono plus an offset,
// for Date.now() has but milliseconds; it is set again when the two part, as
// when somebody sets the clock.
//
// A time is the pair that process.hrtime returns: nanoseconds since 1970 are too
// many for one number, and BigInts cost more than all else that a line does.

/** @typedef {[number, number]} Time seconds and nanoseconds, of which there are fewer than 10^9 */

const second = 1e9 // ns
const slackMs = 2
const readMs = 0.5 // in which both clocks can be read
const sureMs = 10 // for which the wall clock need not be looked at again
const mono = process.hrtime
const offset = [0, 0] // a time
let offsetMs = 0
let lookMs = 0 // when to look at it again, of mono

/** @returns {Time} CLOCK_MONOTONIC */
const now = () => mono()

/** @returns {Time} the wall clock at a time of now, since 1970 */
function wall (time) {
  if (milliseconds(time) >= lookMs) look()
  const ns = time[1] + offset[1]
  return ns < second ? [time[0] + offset[0], ns] : [time[0] + offset[0] + 1, ns - second]
}

const milliseconds = time => time[0] * 1e3 + time[1] / 1e6

// look holds the offset against the wall clock, unless the process lost its
// processor between the two clocks: then the next line looks again.
function look () {
  const t = mono()
  const ms = Date.now()
  const at = milliseconds(t)
  if (milliseconds(mono()) - at > readMs) return
  lookMs = at + sureMs
  if (Math.abs(at + offsetMs - ms) > slackMs) set(t, ms)
}

// set has the wall clock be ms since 1970 at a time of mono.
function set (t, ms) {
  const whole = Math.floor(ms / 1e3)
  const ns = Math.round((ms - whole * 1e3) * 1e6) - t[1]
  const carry = Math.floor(ns / second)
  offset[0] = whole - t[0] + carry
  offset[1] = ns - carry * second
  offsetMs = milliseconds(offset)
}

set(mono(), performance.timeOrigin + performance.now())

module.exports = { now, wall }
