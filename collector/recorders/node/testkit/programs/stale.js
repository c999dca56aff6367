'use strict'
// A client of its own on a keep-alive connection, which gives up on the first
// call after a time limit and goes on using the connection: every later reply
// that it reads is that of the call before.
const net = require('node:net')
const url = new URL(process.argv[2])
const socket = net.connect(url.port, url.hostname)
const bodies = []
let text = ''
let wake = () => {}

socket.setEncoding('latin1').on('data', chunk => {
  text += chunk
  for (let m; (m = /\r\n\r\n(\{.*?\})(?=HTTP|$)/s.exec(text)); text = text.slice(m.index + m[0].length)) bodies.push(m[1])
  if (bodies.length) wake()
})

function call (id, method, ms) {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: [] })
  socket.write(`POST / HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  return new Promise((resolve, reject) => {
    wake = () => resolve(bodies.shift())
    if (ms) socket.setTimeout(ms, () => { socket.setTimeout(0); wake = () => {}; reject(new Error('timeout')) })
    else if (bodies.length) wake()
  })
}

async function main () {
  await call(1, 'eth_chainId')
  await call(2, 'eth_syncing', 100).catch(() => {})
  for (let id = 3; id <= 5; id++) console.log(id, await call(id, ['eth_accounts', 'eth_blockNumber', 'eth_chainId'][id - 3]))
  socket.destroy()
}
main()
