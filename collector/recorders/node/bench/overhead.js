'use strict'

// The cost of recording: the rate of calls with the recorder by the rate
// without, in alternating rounds, so that a machine that grows slower or faster
// meanwhile does not count. The server is a process of its own, and the calls
// are such that it keeps another core busy.
//
//   node bench/overhead.js [rounds] [calls a round] [way]
//
// Each line is one way to call: the medians of the rounds' ratios, by the clock
// and by the client's CPU time, with the recorder and with what no recorder can
// do without (floor.cjs), and the rate without either. ethers and viem are
// measured where SESSIONTOP_TEST_MODULES names a folder that has them.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const http = require('node:http')
const { createRequire } = require('node:module')
const os = require('node:os')
const path = require('node:path')

const preloads = { alone: [], recorded: [path.join(__dirname, '..', 'register.cjs')], floor: [path.join(__dirname, 'floor.cjs')] }
const body = (id, method) => `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":["0x00000000000000000000000000000000000000aa","latest"]}`

const ways = {
  'node:http': () => {
    const agent = new http.Agent({ keepAlive: true })
    return (url, id, method) => new Promise((resolve, reject) => {
      const req = http.request(url, { method: 'POST', agent }, res => {
        let text = ''
        res.setEncoding('utf8').on('data', d => { text += d }).on('end', () => resolve(JSON.parse(text)))
      })
      req.on('error', reject)
      req.end(body(id, method))
    })
  },
  fetch: () => async (url, id, method) => (await fetch(url, { method: 'POST', body: body(id, method) })).json(),
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
async function client (url, way, atOnce, calls, method) {
  const call = ways[way]()
  let id = 0
  const until = n => Promise.all(Array.from({ length: atOnce }, async () => { while (id < n) await call(url, ++id, method) }))
  await until(calls / 4)
  const start = process.hrtime.bigint()
  const cpu = process.cpuUsage()
  await until(calls + calls / 4)
  const { user, system } = process.cpuUsage(cpu)
  console.log(Number(process.hrtime.bigint() - start) / 1e9, (user + system) / 1e6)
  process.exit(0)
}

const log = '{"address":"0x00000000219ab540356cbb839cbe05303d7705fa","topics":["0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5"],' +
  `"data":"0x${'00'.repeat(256)}","blockNumber":"0xa95f2f","transactionIndex":"0x1","removed":false}`
const results = { eth_getBalance: '"0xde0b6b3a7640000"', eth_getLogs: `[${Array(1300).fill(log)}]` } // the latter 1 MB

function server () {
  http.createServer((req, res) => {
    let text = ''
    req.setEncoding('utf8').on('data', d => { text += d }).on('end', () => {
      const { id, method } = JSON.parse(text)
      res.end(`{"jsonrpc":"2.0","id":${id},"result":${results[method]}}`)
    })
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
}

function start (args, preload, folder) {
  const child = spawn(process.execPath, [...preload.flatMap(file => ['--require', file]), __filename, ...args],
    { env: { ...process.env, SESSIONTOP_LOG_DIR: folder }, stdio: ['ignore', 'pipe', 'inherit'] })
  const output = new Promise(resolve => child.stdout.once('data', d => resolve(String(d).trim().split(' ').map(Number))))
  return { child, output }
}

const median = list => list.slice().sort((a, b) => a - b)[list.length >> 1]

async function measure (url, way, atOnce, calls, method, rounds) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sessiontop-bench-'))
  const measured = { alone: [], recorded: [], floor: [] }
  for (let i = 0; i < rounds; i++) {
    const order = Object.keys(preloads)
    for (const how of i % 2 ? order.reverse() : order) {
      measured[how].push(await start(['client', url, way, atOnce, calls, method].map(String), preloads[how], folder).output)
      for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name))
    }
  }
  fs.rmSync(folder, { recursive: true })
  const ratios = how => [0, 1].map(k => median(measured.alone.map((m, i) => m[k] / measured[how][i][k])).toFixed(3))
  const cost = how => (median(measured[how].map(([, cpu], i) => cpu - measured.alone[i][1])) / calls * 1e6).toFixed(1)
  const of = how => `${ratios(how).join(', of CPU ')}, ${cost(how)} µs of CPU a call`
  const rate = (calls / median(measured.alone.map(([seconds]) => seconds))).toFixed(0)
  console.log(`${way}, ${method}, ${atOnce} at once: ratio ${of('recorded')}; floor ${of('floor')}; ${rate} calls/s alone`)
}

async function main (rounds = 9, calls = 4000, only = '') {
  const { child, output } = start(['server'], [], os.tmpdir())
  const url = `http://127.0.0.1:${(await output)[0]}`
  for (const way of Object.keys(ways)) {
    const library = way === 'ethers' || way === 'viem'
    if (library && !process.env.SESSIONTOP_TEST_MODULES || !way.includes(only)) continue
    for (const atOnce of [1, 8]) await measure(url, way, atOnce, calls, 'eth_getBalance', rounds)
    if (!library) await measure(url, way, 1, Math.ceil(calls / 20), 'eth_getLogs', rounds)
  }
  child.kill()
}

const [role, ...args] = process.argv.slice(2)
if (role === 'server') server()
else if (role === 'client') client(args[0], args[1], Number(args[2]), Number(args[3]), args[4])
else main(Number(role ?? 9), Number(args[0] ?? 4000), args[1])
