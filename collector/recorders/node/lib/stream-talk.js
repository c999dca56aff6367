'use strict'

const { JSONReader } = require('./json-reader.js')
const { Request, parseRequest, parseReply } = require('./rpc.js')
const { Calls } = require('./calls.js')

/**
 * What a client says and hears where JSON texts follow one another, with line
 * ends between them or not: a node's Unix socket, or bare TCP.
 */
class StreamTalk {
  constructor (connection) {
    this.connection = connection
    this.url = connection.origin?.path ? `ipc:${connection.origin.path}` : undefined
    this.calls = new Calls()
    this.time = undefined
    this.out = new JSONReader(body => this.asked(body))
    this.in = new JSONReader(body => this.answered(body))
  }

  sent (data, size, time) {
    this.time = time
    this.out.feed(data.subarray(0, size))
  }

  received (data, time) {
    if (!this.connection.inUse) return
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
    if (json) {
      const { remoteAddress, remotePort } = this.connection.socket
      this.connection.send(this.time, json, this.url ?? `tcp://${remoteAddress}:${remotePort}`)
      this.calls.asked(new Request(json))
    } else if (!this.connection.inUse) {
      this.connection.done = true
    }
  }

  answered (body) {
    if (body === null) return this.connection.log.lose(1)
    const { json, raw } = parseReply(body)
    this.connection.recv(this.time, { json, raw })
    this.calls.answered(json)
  }
}

module.exports = { StreamTalk }
