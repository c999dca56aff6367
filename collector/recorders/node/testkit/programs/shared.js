'use strict'
// Two processes on one connection: the parent hands its socket to its child and
// goes on using it.
const { fork } = require('node:child_process')
const net = require('node:net')

const post = (socket, id, method) => {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: [] })
  socket.write(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
}

async function parent () {
  const url = new URL(process.argv[2])
  const socket = net.connect(url.port, url.hostname).on('data', () => {})
  post(socket, 1, 'eth_chainId')
  await new Promise(resolve => socket.once('data', resolve))
  const child = fork(__filename, ['child'])
  child.send('socket', socket, { keepOpen: true })
  await new Promise(resolve => child.once('message', resolve))
  for (let id = 2; id < 12; id++) {
    post(socket, id, 'eth_chainId')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  child.kill('SIGKILL') // it cannot tell of its end
  await new Promise(resolve => child.on('exit', resolve))
  process.exit(3)
}

function child () {
  process.on('message', (_, socket) => {
    socket.on('data', () => {})
    post(socket, 7, 'eth_accounts')
    process.send('sent')
  })
}

if (process.argv[2] === 'child') child()
else parent()
