'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')
const { temporary } = require('../testkit/folder.js')
const { Server } = require('../testkit/server.js')
const { record } = require('../testkit/run.js')

test('what is no JSON-RPC is not recorded', async () => {
  const server = await new Server().start()
  const { code, stdout, stderr, lines } = await record('other.js', [server.url])
  server.stop()
  assert.equal(code, 0, stderr)
  assert.equal(stdout, 'done\n')
  assert.deepEqual(lines.filter(l => !['fork', 'exec', 'exit'].includes(l.ev)), [])
})

test('a folder that cannot be written to does not disturb the program', async () => {
  const file = path.join(temporary(), 'file')
  fs.writeFileSync(file, '')
  const server = await new Server().start()
  const { code, stderr } = await record('http.js', [server.url], { env: { SESSIONTOP_LOG_DIR: path.join(file, 'logs') } })
  server.stop()
  assert.equal(code, 0, stderr)
  assert.equal(server.read.length, 12)
  assert.equal(stderr.match(/no session log/g).length, 1)
})

test('a secret does not reach the log', async () => {
  const server = await new Server().start()
  const { code, lines } = await record('secrets.js', [server.url])
  server.stop()
  assert.equal(code, 0)
  assert.equal(server.read.filter(text => text.includes('hunter2')).length, 2)
  const sends = lines.filter(l => l.ev === 'send')
  assert.equal(sends.length, 2)
  assert.deepEqual(sends[0].msg.params, ['0xab', '<redacted>', 300])
  for (const l of lines) assert.doesNotMatch(l.text, /hunter2/)
})

test('a line that stands in the log belongs to one write', async () => {
  // A program that is killed in the middle leaves no half line.
  const server = await new Server().start()
  const { signal, lines } = await record('killed.js', [server.url])
  server.stop()
  assert.equal(signal, 'SIGKILL')
  assert.deepEqual(lines.map(l => l.ev), ['open', 'send', 'recv'])
})
