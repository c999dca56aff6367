// Package synth makes JSON-RPC traffic of which the truth is known: session
// logs, and beside them, for every reply, who read it and whose it was.
//
// Nothing in it is scripted. It simulates, in virtual nanoseconds, what goes on
// between forked clients and a node:
//
//	program ─► process ─► socket ─► server   one request after the other, in
//	   ▲          │          │               the order of their bytes
//	   └── reads ◄┴─ wakes ◄─┘               one of the waiting readers gets it
//
// Over HTTP a process that waits for a reply takes the bytes that it gets for
// its own, as web3.py does; that is where swapped, stale, swallowed and torn
// replies come from. Over WebSocket and IPC it has several calls in flight, the
// server answers each when it is ready, notifications come in between, and a
// client drops the reply that has none of its ids: another process waits for it
// in vain. Faults of a server or a client library, which have no such
// mechanism, are drawn at a rate of their own and labelled.
//
// The log is another matter: its stamps are off, its lines come late or are
// lost, its hosts have clocks of their own, and it may know a connection by
// offsets, by a cookie, by addresses or not at all. Truth says which findings
// are due about what stands in it, Score compares.
//
// The same Config gives the same bytes on every run and on every machine.
// Nothing in the package is safe for concurrent use; separate calls do not
// touch each other.
package synth
