'use strict'
// undici as a package, all of whose connections it makes itself.
const { load, several, finish } = require('../client.js')
const { request, Pool } = load('undici')
const url = process.argv[3]
let id = 0
finish(async () => {
  const dispatcher = new Pool(url, { connections: 2 })
  await several('http', async (method, params) => {
    const { body } = await request(url, { method: 'POST', dispatcher, body: JSON.stringify({ id: ++id, method, params }) })
    return body.json()
  })
  await dispatcher.close()
})
