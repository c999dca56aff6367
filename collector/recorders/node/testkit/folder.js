'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const made = []
process.on('exit', () => { for (const folder of made) fs.rmSync(folder, { recursive: true, force: true }) })

/** Makes a folder that goes when this process does. */
function temporary () {
  made.push(fs.mkdtempSync(path.join(os.tmpdir(), 'st-node-')))
  return made.at(-1)
}

module.exports = { temporary }
