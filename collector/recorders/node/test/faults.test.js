'use strict'

const assert = require('node:assert/strict')
const net = require('node:net')
const test = require('node:test')
const { Server } = require('../testkit/server.js')
const { record } = require('../testkit/run.js')
const { check, noReader } = require('../testkit/check.js')

async function run (program, args, options) {
  const server = await new Server(options).start()
  try {
    return await record(program, args(server))
  } finally {
    server.stop()
  }
}

const kinds = folder => new Set(check(folder).findings.map(f => f.finding))

test('a stale reply, after a time limit on the socket', { skip: noReader }, async () => {
  const { folder, lines } = await run('stale.js', s => [s.url], { hold: 2 })
  const fail = lines.find(l => l.ev === 'fail')
  assert.deepEqual([fail.err, fail.id], ['timeout', 2])
  assert.deepEqual([...kinds(folder)], ['stale-reply'])
})

test('a connection that a process hands to its child', { skip: noReader }, async () => {
  const { folder, lines } = await run('shared.js', s => [s.url])
  assert.equal(new Set(lines.filter(l => l.ino).map(l => `${l.ino} ${l.local}`)).size, 1)
  assert.ok(kinds(folder).has('shared-session'))
  const shared = check(folder).findings.find(f => f.finding === 'shared-session')
  assert.equal(shared.certainty, 'proven')
})

test('a batch by position of which a reply is missing', { skip: noReader }, async () => {
  const { folder } = await run('batch.js', s => [s.url], { batch: replies => replies.slice(1) })
  assert.deepEqual([...kinds(folder)], ['batch-mismatch'])
})

test('calls without a reply', async () => {
  const hangsUp = net.createServer(socket => socket.once('data', data => {
    if (!/"id":3/.test(data)) socket.end()
  }))
  await new Promise(resolve => hangsUp.listen(0, '127.0.0.1', resolve))
  const port = hangsUp.address().port
  const { lines } = await record('failing.js', [`http://127.0.0.1:${port}`, 'http://127.0.0.1:1'])
  hangsUp.close()
  assert.deepEqual(lines.filter(l => l.ev === 'fail').map(l => [l.id, l.err]), [[1, 'refused'], [2, 'closed'], [3, 'timeout']])
  assert.deepEqual(lines.filter(l => l.ev === 'send').map(l => l.msg.id), [1, 2, 3])
})
