// Package model is the domain of sessiontop: what was said on RPC sessions, by
// which process, and which replies were read by the wrong one.
//
// The way of the data, in dependency order:
//
//	Batch{Events, Messages} ─► Store.Apply ─► pair ─► judge ─► assign ─► Finding
//	                              │ every 50 ms, if anything changed
//	                              ▼
//	                           Snapshot ─► Query (filter, sort) ─► a screen
//
// The package has no I/O, starts no goroutine and reads no clock: time is the
// time of the events. A Store belongs to one goroutine at a time (Engine adds
// the lock); a Snapshot is immutable and may be read from any goroutine for as
// long as anyone likes.
package model
