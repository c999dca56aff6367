'use strict'
// Traffic that is no JSON-RPC: pages, forms, other JSON, another protocol, a
// pipe to a child; and a server of its own, which is no client.
const { spawn } = require('node:child_process')
const http = require('node:http')
const net = require('node:net')
const url = process.argv[2]

async function main () {
  for (let i = 0; i < 3; i++) await (await fetch(url)).text()
  const server = http.createServer((req, res) => req.resume().on('end', () => res.end('{"jsonrpc":"2.0","id":1,"result":true}')))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const own = `http://127.0.0.1:${server.address().port}`
  for (const body of ['a=1', '{"query":"{ block }"}', '[]', '{"method":1}', '{broken "method"']) {
    await (await fetch(own, { method: 'POST', body })).text()
  }
  const echo = net.createServer(socket => socket.pipe(socket))
  await new Promise(resolve => echo.listen(0, '127.0.0.1', resolve))
  const socket = net.connect(echo.address().port, '127.0.0.1')
  for (const text of ['PING\r\n', '{"level":30,"msg":"x"}\n']) {
    socket.write(text)
    await new Promise(resolve => socket.once('data', resolve))
  }
  const cat = spawn('cat')
  cat.stdin.end('{"jsonrpc":"2.0","id":1,"method":"initialize"}\n')
  await new Promise(resolve => cat.on('close', resolve))
  console.log('done')
  process.exit(0)
}
main()
