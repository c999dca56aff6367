'use strict'

const assert = require('node:assert/strict')
const test = require('node:test')
const cases = require('../testdata/redact.json')
const { redactURL, redactText } = require('../lib/redact-url.js')
const { redactMessage } = require('../lib/redact-message.js')

const redact = { url: redactURL, text: redactText, message: redactMessage }

test('redacts as the reader does', () => {
  for (const { kind, in: text, want } of cases) {
    assert.equal(redact[kind](text), want, `${kind} ${text}`)
    assert.equal(redact[kind](want), want, `${kind} ${text}, twice`)
  }
})
