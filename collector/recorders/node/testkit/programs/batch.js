'use strict'
// A client that takes the n-th reply of a batch for that to its n-th call.
const methods = ['eth_chainId', 'eth_accounts', 'eth_syncing', 'eth_blockNumber']
const batch = methods.map((method, i) => ({ jsonrpc: '2.0', id: i + 1, method, params: [] }))
fetch(process.argv[2], { method: 'POST', body: JSON.stringify(batch) })
  .then(reply => reply.json())
  .then(replies => console.log(methods.map((method, i) => [method, replies[i]?.result])))
