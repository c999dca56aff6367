'use strict'

const { HTTPReader, Malformed, keep, skip, none, skipNone, stop } = require('./http-reader.js')
const { Request, parseRequest, parseReply } = require('./rpc.js')
const { decode } = require('./content.js')
const { WebSocketTalk } = require('./websocket-talk.js')

const version = /^HTTP\/1\.[01]$/
const maxGarbage = 4096 // bytes of what is no HTTP that stand in the log

/**
 * What a client says and hears on an HTTP/1.1 connection: the n-th response
 * answers the n-th request. Only requests that are JSON-RPC are told of, and
 * the responses to them.
 */
class HTTPTalk {
  constructor (connection) {
    this.connection = connection
    this.requests = new HTTPReader('none', head => this.request(head), (body, from, to) => this.requested(body, from, to))
    this.responses = new HTTPReader('end', head => this.response(head), (body, from, to) => this.responded(body, from, to))
    this.waiting = [] // requests without their response
    this.asking = undefined // the one that is being sent
    this.answer = undefined // the response that is being read
    this.time = undefined // of the chunk at hand
    this.deaf = false // what comes in is no HTTP
  }

  sent (data, size, time) {
    this.time = time
    try {
      this.requests.feed(data, size)
    } catch (err) {
      if (!(err instanceof Malformed)) throw err
      this.connection.done = true
    }
  }

  received (data, time) {
    if (this.deaf) return
    this.time = time
    try {
      const rest = this.responses.feed(data)
      if (rest?.length) this.connection.received(rest, time) // goes to the WebSocketTalk
    } catch (err) {
      if (!(err instanceof Malformed)) throw err
      this.deaf = true
      if (this.connection.inUse) this.connection.recv(time, { raw: data.subarray(0, maxGarbage) })
    }
  }

  ended (time) {
    this.time = time
    this.responses.end()
  }

  timedOut () {
    for (const r of this.waiting) r.late = true
  }

  gone (err, time) {
    for (const r of this.waiting) this.giveUp(r, err, time)
    this.waiting = []
  }

  giveUp (r, err, time) {
    if (r.rpc && r.rpc.ids.length && !r.failed) this.connection.fail(time, err, r.rpc.single)
    r.failed = true
  }

  request (head) {
    const known = head.known ??= this.about(head)
    this.asking = { known, rpc: undefined, late: false, failed: false } // rpc: unknown until its body has been sent
    this.waiting.push(this.asking)
    return known.method === 'POST' ? keep : skip
  }

  // about is what a head says of the request, which the next one often says again.
  about (head) {
    const [method, target] = head.start
    return {
      method,
      url: urlOf(head, target, this.connection.socket.encrypted === true),
      coding: head.coding,
      webSocket: /^websocket$/i.test(head.upgrade)
    }
  }

  requested (body, from, to) {
    const r = this.asking
    const { coding } = r.known
    const json = !body ? null : coding ? parseRequest(decode(body.subarray(from, to), coding)) : parseRequest(body, from, to)
    r.rpc = json && new Request(json)
    if (body === null) this.connection.log.lose(1)
    if (!json) return
    // To go on after a time limit without the reply is to give up on it.
    for (const earlier of this.waiting) if (earlier.late) this.giveUp(earlier, 'timeout', this.time)
    this.connection.send(this.time, json, r.known.url)
  }

  response (head) {
    const status = head.known ??= statusOf(head)
    const to = this.waiting[0]
    if (status === 101) return this.upgraded(head, to)
    if (to?.known.method === 'CONNECT' && status < 300 && status >= 200) { // a tunnel: TLS is a socket of its own
      this.connection.done = this.deaf = true
      return stop
    }
    if (status < 200) { // the response is still to come
      this.answer = undefined
      return skipNone
    }
    this.answer = { status, to, coding: head.coding }
    const wanted = to ? to.rpc !== null : this.connection.inUse
    if (to?.known.method === 'HEAD' || status === 204 || status === 304) return wanted ? none : skipNone
    return wanted ? keep : skip
  }

  responded (body, from, to) {
    const { answer } = this
    this.answer = undefined
    if (!answer) return
    if (answer.to) this.waiting.shift()
    if (body === null) this.connection.log.lose(1)
    if (!body || answer.to && !answer.to.rpc || !answer.to && !this.connection.inUse) return
    if (answer.to && answer.to.rpc.ids.length === 0 && from === to) return // to a notification
    const { coding, status } = answer
    const reply = coding ? parseReply(decode(body.subarray(from, to), coding)) : parseReply(body, from, to)
    this.connection.recv(this.time, reply, status)
  }

  upgraded (head, to) {
    if (!to?.known.webSocket) {
      this.connection.done = this.deaf = true
    } else {
      this.connection.talk = new WebSocketTalk(this.connection, to.known.url.replace(/^http/, 'ws'), head.extensions)
    }
    return stop
  }
}

function statusOf ({ start }) {
  const status = Number(start[1])
  if (!(status >= 100 && status <= 999) || !version.test(start[0])) throw new Malformed('no status line')
  return status
}

function urlOf (head, target, encrypted) {
  if (/^https?:\/\//i.test(target)) return target // by way of a proxy
  return `${encrypted ? 'https' : 'http'}://${head.host}${target}`
}

module.exports = { HTTPTalk }
