'use strict'
// calls N rm|unlink, short N and killed N, as torture.py has them; its own
// children make calls without end ("endless") or one.
const { fork } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const [, , port, what, count, how] = process.argv
const folder = process.env.SESSIONTOP_LOG_DIR
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms))
const ended = child => new Promise(resolve => child.once('exit', resolve))

async function call (n) {
  const id = `${process.pid}-${n}`
  const params = ['0x00000000219ab540356cbb839cbe05303d7705fa', 'latest']
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'eth_getTransactionCount', params })
  const reply = await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).json()
  if (reply.id !== id) throw new Error(`${reply.id} is not ${id}`)
}

const programs = {
  async calls () {
    let n = 0
    while (n < Number(count)) await call(n++)
    if (how === 'rm') fs.rmSync(folder, { recursive: true })
    else fs.unlinkSync(path.join(path.dirname(folder), 'filler'))
    await sleep(100)
    for (let i = 0; i < 5; i++) await call(n++)
  },

  async short () {
    await call(0)
    let left = Number(count)
    await Promise.all(Array.from({ length: 4 }, async () => {
      while (left-- > 0) {
        const code = await ended(fork(__filename, [port, 'one']))
        if (code !== 0) throw new Error(`a child ended with ${code}`)
      }
    }))
  },

  async killed () {
    for (let i = 0; i < Number(count); i++) {
      const child = fork(__filename, [port, 'endless'])
      await new Promise(resolve => child.once('message', resolve))
      await sleep(20 * Math.random())
      child.kill('SIGKILL')
      await ended(child)
    }
  },

  one: () => call(0),

  async endless () {
    for (let n = 0; ; n++) {
      await call(n)
      if (n === 0) process.send('begun')
    }
  }
}

programs[what]().then(() => process.exit(0), err => { console.error(err); process.exit(1) })
