'use strict'
// web3.js 4 by HTTP, batches, WebSocket and IPC.
const { load, several, finish } = require('../client.js')
const { Web3 } = load('web3')
const [, , how, url, path] = process.argv

finish(async () => {
  let provider = how === 'websocket' ? url.replace('http', 'ws') : url
  if (how === 'ipc') provider = new (load('web3-providers-ipc').IpcProvider)(path)
  const web3 = new Web3(provider)
  if (how === 'batch') {
    const batch = new web3.BatchRequest()
    await several(how, (method, params) => batch.add({ method, params }), () => batch.execute({ timeout: 60000 }))
  } else {
    await several(how, (method, params) => web3.requestManager.send({ method, params }))
  }
})
