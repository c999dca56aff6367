'use strict'

const path = require('node:path')
const { isMainThread } = require('node:worker_threads')
const { Log } = require('./log.js')
const { self } = require('./self.js')
const { watchSockets } = require('./sockets.js')
const { watchProcess, handDown } = require('./processes.js')

const defaultFolder = './sessiontop-logs'

/**
 * Records this process from now on.
 *
 * SESSIONTOP_LOG_DIR is the folder of the logs and SESSIONTOP_HOST the "host"
 * of every line. Nothing here throws: a program runs the same with a recorder
 * that cannot do its work.
 *
 * @param {string} register path of the module that children load with --require
 */
function start (register) {
  try {
    const folder = path.resolve(process.env.SESSIONTOP_LOG_DIR || defaultFolder)
    const log = new Log(folder, self(process.env.SESSIONTOP_HOST))
    watchSockets(log)
    watchProcess(log, isMainThread)
    if (isMainThread) handDown(register, folder)
  } catch (err) {
    process.emitWarning(`nothing is recorded: ${err.message}`, 'sessiontop')
  }
}

module.exports = { start }
