'use strict'
// The WebSocket that Node.js itself has from 22 on, else that of ws: calls, and
// a message that is no JSON-RPC.
const WebSocket = globalThis.WebSocket ?? require('../client.js').load('ws')
const socket = new WebSocket(process.argv[2].replace('http', 'ws'))
let left = 6
socket.onopen = () => {
  for (let id = 1; id <= 5; id++) socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_blockNumber', params: [] }))
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 6, method: 'eth_getCode', params: ['0x1', 100000] }))
}
socket.onmessage = () => { if (--left === 0) { socket.close(); setTimeout(() => process.exit(0), 50) } }
socket.onerror = err => { console.error(err); process.exit(1) }
