'use strict'
// Calls that get no reply: nobody listens, the server hangs up, the program
// gives up.
const http = require('node:http')
const [, , url, nobody] = process.argv
const call = (to, id, options) => new Promise(resolve => {
  const req = http.request(to, { method: 'POST', ...options }, res => res.resume().on('end', resolve).on('error', resolve))
  req.on('error', resolve)
  req.on('timeout', () => req.destroy(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })))
  req.end(JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_chainId', params: [] }))
})
async function main () {
  await call(nobody, 1)
  await call(url, 2)
  await call(url, 3, { timeout: 50 })
}
main()
