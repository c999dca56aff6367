'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')

const binary = process.env.SESSIONTOP_BIN

/** A reason to skip what only the reader can tell; else false. */
const noReader = binary ? false : 'SESSIONTOP_BIN names no sessiontop: go build -o … ./cmd/sessiontop'

/** What sessiontop check says of a folder of logs: {findings, summary}. */
function check (folder) {
  const { status, stdout, stderr } = spawnSync(binary, ['check', '--json', folder], { encoding: 'utf8' })
  assert.ok(status === 0 || status === 1, stderr)
  const all = stdout.trim().split('\n').map(line => JSON.parse(line))
  return { findings: all.filter(f => f.finding), summary: all.at(-1).summary }
}

/** Asserts that sessiontop, where there is one, has nothing to say. */
function silent (folder) {
  if (!binary) return
  const { findings, summary } = check(folder)
  assert.deepEqual(findings, [])
  assert.equal(summary.malformed, 0)
  assert.equal(summary.lost, 0)
}

module.exports = { check, silent, noReader }
