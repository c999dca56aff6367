'use strict'

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { createRequire } = require('node:module')
const { temporary } = require('./folder.js')

const root = path.join(__dirname, '..')
const modules = process.env.SESSIONTOP_TEST_MODULES ?? root

/**
 * Runs a program under the recorder and waits for its end.
 *
 * @returns {Promise<{code, signal, stdout, stderr, folder, lines, files}>}
 */
async function record (program, args = [], { env = {}, how = ['--import', path.join(root, 'register.mjs')], cwd } = {}) {
  const folder = temporary()
  const file = path.isAbsolute(program) ? program : path.join(__dirname, 'programs', program)
  const child = spawn(process.execPath, [...how, file, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', SESSIONTOP_LOG_DIR: path.join(folder, 'logs'), SESSIONTOP_TEST_MODULES: modules, ...env }
  })
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', d => { out[name] += d })
  const limit = setTimeout(() => child.kill('SIGKILL'), 120000)
  const [code, signal] = await new Promise(resolve => child.on('close', (...end) => resolve(end)))
  clearTimeout(limit)
  return { code, signal, ...out, pid: child.pid, folder: path.join(folder, 'logs'), ...read(path.join(folder, 'logs')) }
}

function read (folder) {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []
  const lines = files.flatMap(name => fs.readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n')
    .map(text => ({ file: name, text, ...JSON.parse(text) })))
  return { files, lines }
}

/** The text of a line's msg, as it stands there. */
function messageText (line) {
  const at = line.text.indexOf(',"msg":') + ',"msg":'.length
  for (let end = line.text.length - 1; end > at; end--) {
    try {
      JSON.parse(line.text.slice(at, end))
      return line.text.slice(at, end)
    } catch {}
  }
}

/** The package.json of a package that programs load; undefined where it is not installed. */
function installed (name) {
  try {
    const file = createRequire(path.join(modules, 'x.js')).resolve(name)
    const inside = path.join('node_modules', name, path.sep)
    const folder = file.slice(0, file.lastIndexOf(inside) + inside.length)
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'))
  } catch {
    return undefined
  }
}

/** A reason to skip where the package is not installed; else false. */
const missing = name => installed(name)
  ? false
  : `${name} is not installed: npm install it and name the folder in SESSIONTOP_TEST_MODULES`

module.exports = { record, messageText, missing, installed, root }
