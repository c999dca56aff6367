'use strict'

// The cost of recording: the rate of calls with the recorder by the rate
// without, in alternating rounds, so that a machine that grows slower or faster
// meanwhile does not count. The server is a process of its own.
//
//   node bench/overhead.js [rounds] [calls a round]
//
// Each line is one way to call: the medians of the rounds' ratios, by the clock
// and by the client's CPU time, and the rate without the recorder. ethers and
// viem are measured where SESSIONTOP_TEST_MODULES names a folder that has them.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const http = require('node:http')
const { createRequire } = require('node:module')
const os = require('node:os')
const path = require('node:path')

const register = path.join(__dirname, '..', 'register.cjs')
const body = id => `{"jsonrpc":"2.0","id":${id},"method":"eth_getBalance","params":["0x00000000000000000000000000000000000000aa","latest"]}`

const ways = {
  'node:http': () => {
    const agent = new http.Agent({ keepAlive: true })
    return (url, id) => new Promise((resolve, reject) => {
      const req = http.request(url, { method: 'POST', agent }, res => {
        let text = ''
        res.setEncoding('utf8').on('data', d => { text += d }).on('end', () => resolve(JSON.parse(text)))
      })
      req.on('error', reject)
      req.end(body(id))
    })
  },
  fetch: () => async (url, id) => (await fetch(url, { method: 'POST', body: body(id) })).json(),
  ethers: () => {
    const { JsonRpcProvider, Network } = load('ethers')
    let provider
    return url => {
      provider ??= new JsonRpcProvider(url, 1337, { staticNetwork: Network.from(1337), batchMaxCount: 1, cacheTimeout: -1 })
      return provider.getBalance('0x00000000000000000000000000000000000000aa')
    }
  },
  viem: () => {
    const { createPublicClient, http: transport } = load('viem')
    let provider
    return url => {
      provider ??= createPublicClient({ transport: transport(url), cacheTime: 0 })
      return provider.getBalance({ address: '0x00000000000000000000000000000000000000aa' })
    }
  }
}

const load = name => createRequire(path.join(process.env.SESSIONTOP_TEST_MODULES ?? '/', 'x.js'))(name)

// client makes calls, several at a time, and prints the seconds that they took,
// after some that do not count.
async function client (url, way, atOnce, calls) {
  const call = ways[way]()
  let id = 0
  const until = n => Promise.all(Array.from({ length: atOnce }, async () => { while (id < n) await call(url, ++id) }))
  await until(calls / 4)
  const start = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  await until(calls + calls / 4)
  const { user, system } = process.cpuUsage(cpu)
  console.log(Number(process.hrtime.bigint() - start) / 1e9, (user + system) / 1e6)
  process.exit(0)
}

function server () {
  http.createServer((req, res) => {
    let text = ''
    req.setEncoding('utf8').on('data', d => { text += d }).on('end', () => {
      res.end(`{"jsonrpc":"2.0","id":${JSON.parse(text).id},"result":"0xde0b6b3a7640000"}`)
    })
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
}

function start (args, recorded, folder) {
  const child = spawn(process.execPath, [...(recorded ? ['--require', register] : []), __filename, ...args],
    { env: { ...process.env, SESSIONTOP_LOG_DIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] })
  const output = new Promise(resolve => child.stdout.once('data', d => resolve(String(d).trim().split(' ').map(Number))))
  return { child, output }
}

const median = list => list.slice().sort((a, b) => a - b)[list.length >> 1]

async function main (rounds = 9, calls = 4000) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sessiontop-bench-'))
  const { child, output } = start(['server'], false, folder)
  const url = `http://127.0.0.1:${(await output)[0]}`
  for (const way of Object.keys(ways)) {
    if ((way === 'ethers' || way === 'viem') && !process.env.SESSIONTOP_TEST_MODULES) continue
    for (const atOnce of [1, 8]) {
      const measured = { false: [], true: [] }
      for (let i = 0; i < rounds; i++) {
        for (const recorded of i % 2 ? [true, false] : [false, true]) {
          measured[recorded].push(await start(['client', url, way, atOnce, calls].map(String), recorded, folder).output)
          for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name))
        }
      }
      const [clock, time] = [0, 1].map(k => median(measured.false.map((m, i) => m[k] / measured.true[i][k])))
      const cost = median(measured.true.map(([, cpu], i) => (cpu - measured.false[i][1]) / calls * 1e6))
      const rate = calls / median(measured.false.map(([seconds]) => seconds))
      console.log(`${way}, ${atOnce} at once: ratio ${clock.toFixed(3)}, of CPU ${time.toFixed(3)}, ${cost.toFixed(1)} µs of CPU more a call, ${rate.toFixed(0)} calls/s without`)
    }
  }
  child.kill()
  fs.rmSync(folder, { recursive: true })
}

const [role, ...args] = process.argv.slice(2)
if (role === 'server') server()
else if (role === 'client') client(args[0], args[1], Number(args[2]), Number(args[3]))
else main(...process.argv.slice(2).map(Number))
