'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const test = require('node:test')
const clock = require('../lib/clock.js')
const { writeInteger, writeTime } = require('../lib/decimal.js')
const { Log } = require('../lib/log.js')
const { self, fileName } = require('../lib/self.js')
const { temporary } = require('../testkit/folder.js')

const who = { pid: 7, comm: 'w', main: true }
const lines = log => fs.readFileSync(log.path, 'utf8').trimEnd().split('\n').map(l => JSON.parse(l))

function write (log, members) {
  log.add(clock.now(), `${log.who},${members}`)
}

test('a file is made for its owner alone, by the first line', () => {
  const folder = path.join(temporary(), 'logs')
  const log = new Log(folder, who)
  assert.equal(fs.existsSync(folder), false)
  fs.mkdirSync(folder)
  fs.writeFileSync(log.path, '', { mode: 0o644 })
  write(log, '"ev":"send"')
  write(log, '"ev":"recv"')
  assert.equal(fs.statSync(log.path).mode & 0o777, 0o600)
  const [a, b] = lines(log)
  assert.deepEqual([a.v, a.seq, a.pid, a.ev, b.v, b.seq], [1, 1, 7, 'send', undefined, 2])
  assert.ok(BigInt(/"ts":(\d+)/.exec(fs.readFileSync(log.path))[1]) > 10n ** 18n)
})

test('a line begins on a line of its own where the file ends within one', () => {
  for (const [before, want] of [['', ''], ['{}\n', '{}\n'], ['{"v":1,"ts"', '{"v":1,"ts"\n']]) {
    const log = new Log(temporary(), who)
    fs.writeFileSync(log.path, before)
    write(log, '"ev":"send"')
    const text = fs.readFileSync(log.path, 'utf8')
    assert.ok(text.startsWith(want), text)
    assert.equal(JSON.parse(text.slice(want.length)).seq, 1)
  }
})

test('a symbolic link is not followed', t => {
  t.mock.method(process, 'emitWarning', () => {})
  const folder = temporary()
  fs.writeFileSync(path.join(folder, 'target'), '')
  fs.symlinkSync(path.join(folder, 'target'), path.join(folder, 'w-7.jsonl'))
  write(new Log(folder, who), '"ev":"send"')
  assert.equal(fs.readFileSync(path.join(folder, 'target'), 'utf8'), '')
})

test('what cannot be written is counted and told', t => {
  const log = new Log(temporary(), who)
  write(log, '"ev":"send"')
  const real = fs.writeSync
  let room = 0
  const full = t.mock.method(fs, 'writeSync', (fd, data, at, size) => {
    if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const n = Math.min(room, size)
    room -= n
    return real(fd, data, at, n)
  })
  write(log, '"ev":"recv"')
  room = 20 // and then half a line
  write(log, '"ev":"recv"')
  full.mock.restore()
  write(log, '"ev":"close"')
  const text = fs.readFileSync(log.path, 'utf8').trimEnd().split('\n')
  assert.equal(text.length, 4)
  const [first, lost, close] = [0, 2, 3].map(i => JSON.parse(text[i]))
  assert.deepEqual([first.ev, lost.ev, lost.n, close.ev], ['send', 'lost', 2, 'close'])
  assert.deepEqual([first.seq, lost.seq, close.seq], [1, 2, 3])
})

test('a log that is removed with its folder is made again', () => {
  const folder = path.join(temporary(), 'logs')
  const log = new Log(folder, who)
  write(log, '"ev":"send"')
  fs.rmSync(folder, { recursive: true })
  log.until = 0 // as after some ms
  write(log, '"ev":"recv"')
  assert.deepEqual(lines(log).map(l => [l.v, l.ev, l.seq]), [[1, 'recv', 1]])
})

test('a log that cannot be made is tried again, and told of once', t => {
  const warn = t.mock.method(process, 'emitWarning', () => {})
  const folder = path.join(temporary(), 'logs')
  fs.writeFileSync(folder, 'no folder')
  const log = new Log(folder, who)
  write(log, '"ev":"send"')
  log.until = 0
  write(log, '"ev":"recv"')
  fs.rmSync(folder)
  log.until = 0
  write(log, '"ev":"close"')
  assert.equal(warn.mock.callCount(), 1)
  assert.deepEqual(lines(log).map(l => [l.ev, l.n]), [['lost', 2], ['close', undefined]])
})

test('a line past the readers\' limit is dropped, and a long one is not', () => {
  const log = new Log(temporary(), who)
  write(log, `"ev":"recv","raw":"${'é'.repeat(1 << 20)}"`)
  write(log, `"ev":"recv","raw":"${'x'.repeat(64 << 20)}"`)
  write(log, '"ev":"close"')
  assert.deepEqual(lines(log).map(l => [l.ev, l.n]), [['recv', undefined], ['lost', 1], ['close', undefined]])
})

test('numbers are written as JSON has them', () => {
  const bytes = Buffer.alloc(40)
  const text = end => bytes.latin1Slice(0, end)
  for (const n of [0, 7, 10, 99, 999999999, 1e9, 1e9 + 1, 12345678901, Number.MAX_SAFE_INTEGER]) {
    assert.equal(text(writeInteger(bytes, 0, n)), String(n))
  }
  for (const [time, want] of [[[0, 0], '0'], [[0, 120], '120'], [[1, 0], '1000000000'], [[35, 7], '35000000007'],
    [[1795432662, 999999999], '1795432662999999999']]) assert.equal(text(writeTime(bytes, 0, time)), want)
})

test('names of files', () => {
  for (const [comm, want] of [['worker', 'worker-7.jsonl'], ['', '_-7.jsonl'], ['..', '_..-7.jsonl'],
    ['../../etc/passwd', '_.._.._etc_passwd-7.jsonl'], ['a'.repeat(99), 'a'.repeat(64) + '-7.jsonl']]) {
    assert.equal(fileName({ pid: 7, comm, main: true }), want)
  }
  assert.equal(fileName({ pid: 7, tid: 9, comm: 'w', main: false }), 'w.9-7.jsonl')
})

test('who this is', { skip: process.platform !== 'linux' && 'only Linux has /proc' }, () => {
  const me = self('box')
  assert.deepEqual([me.host, me.pid, me.ppid, me.tid, me.main], ['box', process.pid, process.ppid, process.pid, true])
  assert.ok(Number(me.start) > 0)
  assert.match(me.comm, /node/)
})

test('the clock is the system\'s, to some milliseconds, and mono never steps back', () => {
  let last = 0
  for (let i = 0; i < 1000; i++) {
    const before = Date.now()
    const t = clock.now()
    const [s, ns] = clock.wall(t)
    const ms = Math.floor(s * 1e3 + ns / 1e6)
    const mono = t[0] * 1e9 + t[1]
    assert.ok(mono >= last)
    assert.ok(ns >= 0 && ns < 1e9)
    assert.ok(before - 3 <= ms && ms <= Date.now() + 3)
    last = mono
  }
})
