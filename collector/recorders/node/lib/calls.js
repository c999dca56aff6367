'use strict'

const maxOpen = 10000 // a server that never answers must not fill the memory

/** The calls in flight on a connection that may answer in any order. */
class Calls {
  constructor () {
    this.byId = new Map()
  }

  /** @param {import('./rpc.js').Request} request */
  asked (request) {
    if (this.byId.size + request.ids.length > maxOpen) return
    for (const id of request.ids) this.byId.set(id, request)
  }

  /** @param {import('./json-text.js').JSONText} [reply] a message or batch */
  answered (reply) {
    if (this.byId.size === 0 || !reply) return
    for (const id of reply.ids) {
      const request = this.byId.get(id)
      for (const other of request?.ids ?? []) this.byId.delete(other)
    }
  }

  /** Tells of each call, or batch, that has no reply, once. */
  giveUp (tell) {
    for (const request of new Set(this.byId.values())) tell(request.single)
    this.byId.clear()
  }
}

module.exports = { Calls }
