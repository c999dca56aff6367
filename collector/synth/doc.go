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
// A process that waits for a reply takes the bytes that it gets for its own, as
// web3.py does; that is where swapped, stale, swallowed and torn replies come
// from. Faults of a server or a client library, which have no such mechanism,
// are drawn at a rate of their own and labelled.
//
// The same Config gives the same bytes on every run and on every machine.
// Nothing in the package is safe for concurrent use; separate calls do not
// touch each other.
package synth
