'use strict'

const fs = require('node:fs')
const path = require('node:path')

// How each library begins the messages that it makes, and where it is
// installed. The file says its version; a program that has none of it installed
// does not use it, however much a message looks like it.
const libraries = [
  { name: 'ethers', folder: 'ethers', begins: /^\[?\{"method":"[^"]*","params":/ },
  { name: 'web3.js', folder: 'web3', begins: /^\[?\{"jsonrpc":"2\.0","id":"[0-9a-f]{8}-[0-9a-f-]{27}","method":/ },
  { name: 'viem', folder: 'viem', begins: /^\[?\{"jsonrpc":"2\.0","id":\d+,"method":/ }
]

const versions = new Map() // by folder; undefined: not installed

/**
 * The library that sends on a connection, with its version, as well as its
 * first message tells; else what carries it.
 *
 * @param {string} text the message
 * @param {boolean} undici the connection is undici's
 * @returns {string}
 */
function clientOf (text, undici) {
  const begin = text.slice(0, 200)
  for (const { name, folder, begins } of libraries) {
    if (!begins.test(begin)) continue
    const version = versionOf(folder)
    if (version) return `${name}/${version}`
  }
  return undici ? 'undici' : `node/${process.versions.node}`
}

function versionOf (folder) {
  if (!versions.has(folder)) versions.set(folder, loadedVersion(folder) ?? installedVersion(folder))
  return versions.get(folder)
}

// loadedVersion goes by the modules that require has loaded; import leaves no
// such list.
function loadedVersion (folder) {
  const inside = path.join('node_modules', folder) + path.sep
  for (const file of Object.keys(require.cache)) {
    const at = file.lastIndexOf(inside)
    if (at >= 0) return packageVersion(file.slice(0, at + inside.length))
  }
  return undefined
}

// installedVersion goes by what the program's main module would load.
function installedVersion (folder) {
  let from = process.cwd()
  try {
    from = path.dirname(fs.realpathSync(process.argv[1]))
  } catch {} // no file: -e, or standard input
  for (let last; from !== last; last = from, from = path.dirname(from)) {
    const version = packageVersion(path.join(from, 'node_modules', folder))
    if (version) return version
  }
  return undefined
}

function packageVersion (folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version
  } catch {
    return undefined
  }
}

module.exports = { clientOf }
