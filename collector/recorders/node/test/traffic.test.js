'use strict'

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const https = require('node:https')
const path = require('node:path')
const test = require('node:test')
const { temporary } = require('../testkit/folder.js')
const { Server } = require('../testkit/server.js')
const { record, messageText, missing, installed, root } = require('../testkit/run.js')
const { silent } = require('../testkit/check.js')

/** Runs a program against a server and holds its log to what the server saw. */
async function same (program, args, options, settings) {
  const server = await new Server(options).start()
  try {
    const run = await record(program, args(server), settings)
    assert.equal(run.code, 0, run.stderr)
    const oneLine = text => text.replaceAll('\n', ' ')
    const texts = ev => run.lines.filter(l => l.ev === ev).map(messageText).sort()
    assert.ok(server.read.length > 0)
    assert.deepEqual(texts('send'), server.read.map(oneLine).sort())
    assert.deepEqual(texts('recv'), server.wrote.slice().sort())
    assert.ok(run.lines.every((l, i) => l.seq === i + 1 && (l.v === 1) === (i === 0)))
    silent(run.folder)
    return { ...run, server }
  } finally {
    server.stop()
  }
}

for (const options of [{}, { chunked: true }, { gzip: true }]) {
  test(`node:http and fetch, ${JSON.stringify(options)}`, async () => {
    const { lines, server, pid } = await same('http.js', s => [s.url], options)
    assert.equal(server.read.length, 12)
    for (const line of lines.filter(l => l.ev === 'send' || l.ev === 'recv')) {
      assert.equal(line.peer, `127.0.0.1:${server.port}`)
      assert.match(line.local, /^127\.0\.0\.1:\d+$/)
      assert.equal(line.opener, pid)
      assert.equal(line.url, server.url + '/')
      if (process.platform === 'linux') assert.ok(line.ino > 0 && line.tid === pid && line.start > 0 && line.mono > 0)
      if (line.ev === 'recv') assert.equal(line.status, 200)
    }
    const clients = new Set(lines.map(l => l.client).filter(Boolean))
    assert.deepEqual([...clients].sort(), [`node/${process.versions.node}`, 'undici'])
  })
}

test('by --require and by NODE_OPTIONS', async () => {
  const register = path.join(root, 'register.cjs')
  await same('http.js', s => [s.url], {}, { how: ['--require', register] })
  await same('http.js', s => [s.url], {}, { how: [], env: { NODE_OPTIONS: `--require ${register}` } })
  await same('http.js', s => [s.url], {}, { how: ['--require', register, '--import', path.join(root, 'register.mjs')] })
})

const anyWebSocket = globalThis.WebSocket ? false : missing('ws')
for (const deflate of [false, true, 'no-takeover']) {
  test(`WebSocket, deflate ${deflate}`, { skip: anyWebSocket }, async () => {
    const { lines } = await same('websocket.js', s => [s.url], { deflate })
    assert.match(lines[0].url, /^ws:\/\/127\.0\.0\.1:\d+\/$/)
  })
}

const ways = ['http', 'batch', 'websocket', 'ipc']
const libraries = [
  ['ethers6.js', 'ethers', '6.', ways, 'ethers'],
  ['ethers5.js', 'ethers', '5.', ways, 'ethers'],
  ['viem.js', 'viem', '2.', ways, 'viem'],
  ['web3.js', 'web3', '4.', ways, 'web3.js'],
  ['undici.js', 'undici', '', ['http'], 'undici']
]

for (const [program, name, version, hows, client] of libraries) {
  for (const how of hows) {
    test(`${name} ${version} by ${how}`, { skip: otherVersion(name, version) }, async () => {
      for (const options of how === 'websocket' ? [{}, { deflate: true }] : [{ gzip: true }]) {
        const { lines, stdout } = await same(program, s => [how, s.url, s.path], options)
        assert.match(stdout, /0x539/)
        const sends = lines.filter(l => l.ev === 'send')
        assert.ok(sends.every(l => l.client.startsWith(name === 'undici' ? client : `${client}/${version}`)), sends[0].client)
        if (how === 'batch') assert.ok(sends.some(l => Array.isArray(l.msg) && l.msg.length === 5))
      }
    })
  }
}

function otherVersion (name, version) {
  const found = installed(name)
  if (!found) return missing(name)
  if (!found.version.startsWith(version)) return `${name} ${found.version} is installed, not ${version}`
  const needs = /\d+/.exec(found.engines?.node)?.[0] ?? 0
  return process.versions.node.split('.')[0] < Number(needs) && `${name} ${found.version} needs Node.js ${found.engines.node}`
}

test('TLS', async t => {
  const folder = temporary()
  const key = path.join(folder, 'key.pem')
  const cert = path.join(folder, 'cert.pem')
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost',
      '-keyout', key, '-out', cert, '-days', '2'], { stdio: 'ignore' })
  } catch {
    return t.skip('openssl is not installed: no certificate can be made')
  }
  const server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (req, res) => {
    req.resume().on('end', () => res.end('{"jsonrpc":"2.0","id":1,"result":"0x539"}'))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  const { code, stderr, lines } = await record('tls.js', [`https://127.0.0.1:${port}/`])
  server.close()
  assert.equal(code, 0, stderr)
  assert.deepEqual(lines.map(l => l.ev).filter(ev => ev === 'send' || ev === 'recv'), ['send', 'recv', 'send', 'recv'])
  for (const l of lines.filter(l => l.ev === 'send')) {
    assert.equal(l.url, `https://127.0.0.1:${port}/`)
    assert.equal(l.opener, l.pid)
    assert.ok(l.ino > 0 || process.platform !== 'linux')
  }
})
