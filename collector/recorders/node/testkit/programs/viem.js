'use strict'
// viem by HTTP, batches, WebSocket and IPC.
const { load, several, finish } = require('../client.js')
const { createPublicClient, http, webSocket } = load('viem')
const { ipc } = load('viem/node')
const [, , how, url, path] = process.argv

finish(async () => {
  const transport = how === 'websocket'
    ? webSocket(url.replace('http', 'ws'))
    : how === 'ipc' ? ipc(path) : http(url, { batch: how === 'batch' })
  const client = createPublicClient({ transport, cacheTime: 0 })
  await several(how, (method, params) => client.request({ method, params }, { dedupe: false }))
})
