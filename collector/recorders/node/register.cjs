'use strict'

// node --require …/register.cjs app.js
//
// It may be loaded twice: by the command line and by NODE_OPTIONS.
const loaded = Symbol.for('sessiontop.record')
if (!globalThis[loaded]) {
  Object.defineProperty(globalThis, loaded, { value: true })
  require('./lib/recorder.js').start(__filename)
}
