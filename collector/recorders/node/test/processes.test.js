'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')
const { Server } = require('../testkit/server.js')
const { record } = require('../testkit/run.js')
const { silent } = require('../testkit/check.js')

test('children by cluster and spawn, and a worker thread, are recorded too', async () => {
  const server = await new Server().start()
  const run = await record('fleet.js', [], { env: { URL_OF_SERVER: server.url, SESSIONTOP_HOST: 'box "1"' } })
  server.stop()
  assert.equal(run.code, 4, run.stderr)
  const { lines, pid } = run
  const sends = lines.filter(l => l.ev === 'send')
  assert.deepEqual(sends.map(l => l.msg.id).sort(), [1, 2, 3])
  assert.ok(lines.every(l => l.host === undefined || l.host === 'box "1"'))

  const children = lines.filter(l => l.ev === 'fork').map(l => l.child)
  assert.equal(children.length, 3)
  assert.deepEqual(lines.filter(l => l.ev === 'exec').map(l => l.pid).sort(), children.slice().sort())
  for (const { pid: who, ppid, msg, file, tid } of sends) {
    assert.equal(msg.id === 3 ? who : ppid, pid)
    if (msg.id === 3 && tid) assert.match(file, new RegExp(`\\.${tid}-${pid}\\.jsonl$`))
  }
  const exits = lines.filter(l => l.ev === 'exit')
  assert.equal(exits.find(l => l.pid === pid).code, 4)
  assert.equal(exits.length, 3) // "true" has no recorder, and ended by itself
  for (const file of run.files) {
    const numbers = lines.filter(l => l.file === file).map(l => l.seq)
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1))
    assert.equal(fs.statSync(path.join(run.folder, file)).mode & 0o777, 0o600)
  }
  silent(run.folder)
})

test('the end of a child by a signal is told by its parent', async () => {
  const server = await new Server().start()
  const { lines, pid } = await record('shared.js', [server.url])
  server.stop()
  const child = lines.find(l => l.ev === 'fork').child
  assert.equal(lines.find(l => l.ev === 'exit' && l.pid === child).code, -9)
  assert.equal(lines.find(l => l.ev === 'exit' && l.pid === pid).code, 3)
})
