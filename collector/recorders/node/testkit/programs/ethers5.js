'use strict'
// ethers 5 by HTTP, batches, WebSocket and IPC.
const { load, several, finish } = require('../client.js')
const { providers } = load('ethers')
const [, , how, url, path] = process.argv
const network = { chainId: 1337, name: 'test' }

finish(async () => {
  const provider = how === 'websocket'
    ? new providers.WebSocketProvider(url.replace('http', 'ws'), network)
    : how === 'ipc'
      ? new providers.IpcProvider(path, network)
      : how === 'batch'
        ? new providers.JsonRpcBatchProvider(url, network)
        : new providers.StaticJsonRpcProvider(url, network)
  await several(how, (method, params) => provider.send(method, params))
  if (how === 'websocket') await provider.destroy()
})
