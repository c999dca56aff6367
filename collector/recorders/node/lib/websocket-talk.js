'use strict'

const { FrameReader } = require('./frame-reader.js')
const { Request, parseRequest, parseReply, mayBeMessage } = require('./rpc.js')
const { Calls } = require('./calls.js')

/**
 * What a client says and hears on a WebSocket. Messages that go out are told of
 * if they are JSON-RPC; from then on, those that come in.
 */
class WebSocketTalk {
  /**
   * @param {import('./connection.js').Connection} connection
   * @param {string} url
   * @param {string} extensions that the server agreed to
   */
  constructor (connection, url, extensions) {
    this.connection = connection
    this.url = url
    this.calls = new Calls()
    this.time = undefined
    const deflate = /permessage-deflate/i.test(extensions)
    const keeps = side => deflate && !new RegExp(`${side}_no_context_takeover`, 'i').test(extensions)
    this.out = new FrameReader(body => this.asked(body), { deflate, takeover: keeps('client') })
    this.in = new FrameReader(body => this.answered(body), { deflate, takeover: keeps('server') })
  }

  sent (data, size, time) {
    this.time = time
    this.out.feed(data.subarray(0, size))
  }

  received (data, time) {
    this.time = time
    this.in.feed(data)
  }

  ended () {}

  timedOut () {}

  gone (err, time) {
    this.calls.giveUp(id => this.connection.fail(time, err, id))
  }

  asked (body) {
    const json = body && parseRequest(body)
    if (body === null && this.connection.inUse) this.connection.log.lose(1)
    if (!json) return
    this.connection.send(this.time, json, this.url)
    this.calls.asked(new Request(json))
  }

  answered (body) {
    if (!this.connection.inUse) return
    if (body === null) return this.connection.log.lose(1)
    if (!mayBeMessage(body) && this.calls.byId.size === 0) return // nobody waits for it
    const { json, raw } = parseReply(body)
    this.connection.recv(this.time, { json, raw })
    this.calls.answered(json)
  }
}

module.exports = { WebSocketTalk }
