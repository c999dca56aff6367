'use strict'

const path = require('node:path')
const { createRequire } = require('node:module')

/** Loads a package from the folder that has the libraries. */
const load = createRequire(path.join(process.env.SESSIONTOP_TEST_MODULES, 'x.js'))

const methods = ['eth_chainId', 'eth_accounts', 'eth_syncing', 'eth_blockNumber', 'eth_gasPrice']

/** Makes the same calls by any library: one after the other, then all at once. */
async function several (how, call, execute) {
  const all = async () => {
    const replies = methods.map(method => call(method, []))
    await execute?.()
    return Promise.all(replies)
  }
  if (how !== 'batch') {
    for (let i = 0; i < 3; i++) for (const method of methods) await call(method, [])
    await call('eth_getCode', ['0x0000000000000000000000000000000000030d40', 'latest']) // long, of the tests' own server
  }
  console.log(JSON.stringify(await all()))
}

/** Runs main and ends the process, for some libraries keep it alive. */
function finish (main) {
  main().then(() => process.exit(0), err => { console.error(err); process.exit(1) })
}

module.exports = { load, several, finish }
