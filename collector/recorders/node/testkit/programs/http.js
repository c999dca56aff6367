'use strict'
// Calls the server given as first argument by node:http and by fetch.
const http = require('node:http')
const url = process.argv[2]
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
const call = (id, method, params = []) => JSON.stringify({ jsonrpc: '2.0', id, method, params })

const byHTTP = body => new Promise((resolve, reject) => {
  const req = http.request(url, { method: 'POST', agent, headers: { 'accept-encoding': 'gzip', 'content-type': 'application/json' } }, res => {
    const parts = []
    res.on('data', p => parts.push(p))
    res.on('end', () => resolve(Buffer.concat(parts).length))
  })
  req.on('error', reject)
  req.end(body)
})

async function main () {
  for (let i = 1; i <= 5; i++) await byHTTP(call(i, 'eth_chainId'))
  await byHTTP('[' + call(6, 'eth_accounts') + ', ' + call(7, 'eth_syncing') + ']')
  await byHTTP(call(8, 'eth_getCode', ['0x1', 300000, 'é'.repeat(70000)]))
  for (let i = 9; i <= 12; i++) await (await fetch(url, { method: 'POST', body: call(i, 'eth_blockNumber') })).json()
  await (await fetch(url)).text()
  await (await fetch(url, { method: 'POST', body: '{\n  "jsonrpc": "2.0",\n  "id": 13, "method": "eth_syncing", "params": [9007199254740993, 1.0]\n}' })).json()
  agent.destroy()
}
main().then(() => process.exit(0), err => { console.error(err); process.exit(1) })
