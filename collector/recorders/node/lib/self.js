'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { isMainThread } = require('node:worker_threads')

/**
 * This process and thread.
 *
 * @typedef {object} Process
 * @property {string} [host] machine name
 * @property {number} pid
 * @property {number} [ppid]
 * @property {number} [tid] native thread id
 * @property {string} [start] start time in clock ticks since boot
 * @property {string} comm process name
 * @property {boolean} main the main thread
 *
 * @param {string} [host]
 * @returns {Process}
 */
function self (host) {
  const { comm, start } = stat(process.pid)
  return {
    host: host || undefined,
    pid: process.pid,
    ppid: process.ppid,
    tid: threadId(),
    start,
    comm: threadNames.test(comm) ? programName() : comm || programName(),
    main: isMainThread
  }
}

// From Node 24 on the main thread, and so the process, has a name that says
// nothing.
const threadNames = /^(node-)?MainThread$/

const programName = () => path.basename(process.argv0 || process.execPath)

/**
 * The name and the start time of a process, from /proc/PID/stat: the second
 * field is the name in parentheses, whatever it contains, and the 22nd the
 * start (proc_pid_stat(5)). Both are undefined where there is no /proc.
 *
 * @param {number} pid
 * @returns {{comm?: string, start?: string}}
 */
function stat (pid) {
  let text
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return {}
  }
  const open = text.indexOf('(')
  const end = text.lastIndexOf(')')
  const rest = text.slice(end + 2).split(' ') // begins with the third field
  return { comm: text.slice(open + 1, end), start: /^\d+$/.test(rest[19]) ? rest[19] : undefined }
}

function threadId () {
  try {
    return Number(path.basename(fs.readlinkSync('/proc/thread-self'))) || undefined
  } catch {
    return undefined
  }
}

/**
 * The name of the process's log: <comm>-<pid>.jsonl. A worker thread writes a
 * file of its own, for lines are numbered per file.
 *
 * @param {Process} who
 */
function fileName (who) {
  let comm = who.comm.replace(/[^A-Za-z0-9._-]/gu, '_').slice(0, 64)
  if (/^($|[.-])/.test(comm)) comm = '_' + comm
  return `${comm}${who.main ? '' : `.${who.tid}`}-${who.pid}.jsonl`
}

module.exports = { self, stat, fileName }
