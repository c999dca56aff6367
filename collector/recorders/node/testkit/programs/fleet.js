'use strict'
// A primary and its children, each of which makes one call: by cluster, by
// spawn, and in a worker thread.
const cluster = require('node:cluster')
const { spawn } = require('node:child_process')
const { Worker, isMainThread, workerData } = require('node:worker_threads')
const url = process.env.URL_OF_SERVER
const call = async id => (await fetch(url, { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_chainId', params: [] }) })).text()
const ended = (what, event) => new Promise(resolve => what.on(event, resolve))

async function primary () {
  const spawned = ended(spawn(process.execPath, [__filename, 'spawned']), 'exit')
  const worker = ended(cluster.fork(), 'exit')
  const thread = ended(new Worker(__filename, { workerData: 3 }), 'exit')
  const other = ended(spawn('true'), 'exit')
  await Promise.all([spawned, worker, thread, other])
  process.exitCode = 4
}

if (!isMainThread) call(workerData)
else if (cluster.isWorker) call(2).then(() => process.exit(0))
else if (process.argv[2] === 'spawned') call(1)
else primary()
