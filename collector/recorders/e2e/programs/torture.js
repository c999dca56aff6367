'use strict'
// calls N rm|unlink, as torture.py has it.
const fs = require('node:fs')
const path = require('node:path')
const [, , port, , count, how] = process.argv
const folder = process.env.SESSIONTOP_LOG_DIR
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))

async function call (n) {
  const id = `${process.pid}-${n}`
  const params = ['0x00000000219ab540356cbb839cbe05303d7705fa', 'latest']
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_getTransactionCount', params })
  const reply = await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).json()
  if (reply.id !== id) throw new Error(`${reply.id} is not ${id}`)
}

async function main () {
  let n = 0
  while (n < Number(count)) await call(n++)
  if (how === 'rm') fs.rmSync(folder, { recursive: true })
  else fs.unlinkSync(path.join(path.dirname(folder), 'filler'))
  await sleep(100)
  for (let i = 0; i < 5; i++) await call(n++)
}

main().then(() => process.exit(0), err => { console.error(err); process.exit(1) })
