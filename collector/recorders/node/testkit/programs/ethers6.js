'use strict'
// ethers 6 by HTTP (one call a request, and batches), WebSocket and IPC.
const { load, several, finish } = require('../client.js')
const { JsonRpcProvider, WebSocketProvider, IpcSocketProvider, Network } = load('ethers')
const [, , how, url, path] = process.argv
const network = Network.from(1337)
const options = { staticNetwork: network }

finish(async () => {
  const provider = how === 'websocket'
    ? new WebSocketProvider(url.replace('http', 'ws'), network, options)
    : how === 'ipc'
      ? new IpcSocketProvider(path, network, options)
      : new JsonRpcProvider(url, network, { ...options, batchMaxCount: how === 'batch' ? 10 : 1 })
  await several(how, (method, params) => provider.send(method, params))
  await provider.destroy()
})
