'use strict'

const { ChildProcess } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')
const clock = require('./clock.js')
const { identity } = require('./log.js')
const { stat } = require('./self.js')

/**
 * Tells of the children of this process and, in its main thread, of its end.
 *
 * @param {import('./log.js').Log} log
 * @param {boolean} main
 */
function watchProcess (log, main) {
  watchChildren(log)
  watchExec(log)
  if (!main) return
  process.on('exit', code => {
    if (!log.begun && log.lost === 0) return // nothing to tell of
    log.add(clock.now(), `${log.who},"ev":"exit","code":${Number(code) || 0}`)
  })
}

// Every child but those of spawnSync, which cannot outlive a call, is started
// by this method; cluster's are too. By the time it returns the child has
// become the other program, or there is none.
function watchChildren (log) {
  const original = ChildProcess.prototype.spawn
  ChildProcess.prototype.spawn = function spawn (options) {
    const result = Reflect.apply(original, this, arguments)
    try {
      if (this.pid) born(log, this, options)
    } catch {
      log.lose(1)
    }
    return result
  }
}

function born (log, child, options) {
  const { pid } = child
  const { start, comm = path.basename(String(options?.file ?? '')) } = stat(pid)
  const who = identity({ pid, ppid: process.pid, start, comm })
  const now = clock.now()
  log.add(now, `${log.who},"ev":"fork","child":${pid}`)
  log.add(now, `${who},"ev":"exec"`)
  child.once('exit', (code, signal) => {
    if (!signal) return // it can tell of its end itself
    log.add(clock.now(), `${who},"ev":"exit","code":${-os.constants.signals[signal]}`)
  })
}

// execve replaces the program without an end of it (from Node 22.15 on).
function watchExec (log) {
  const original = process.execve
  if (typeof original !== 'function') return
  process.execve = function execve () {
    if (log.begun) log.add(clock.now(), `${log.who},"ev":"exec"`)
    return Reflect.apply(original, this, arguments)
  }
}

/**
 * Has the Node.js programs that this one starts recorded too, into the same
 * folder, by the environment that they inherit.
 *
 * @param {string} register
 * @param {string} folder
 */
function handDown (register, folder) {
  process.env.SESSIONTOP_LOG_DIR = folder
  const options = process.env.NODE_OPTIONS ?? ''
  const plain = path.join(path.dirname(register), 'register.')
  if (options.includes(plain)) return
  process.env.NODE_OPTIONS = `${options} --require "${register.replace(/["\\]/g, '\\$&')}"`.trim()
}

module.exports = { watchProcess, handDown }
