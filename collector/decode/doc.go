// Package decode turns the lines of a session log into events. It is the
// hottest path of the program.
//
//	block of whole lines
//	   │ line.go, guess.go      one pass: is it JSON, where does each value end?
//	   │   └ message.go         the same inside "msg": ids, methods, classes
//	   ▼ event.go, identity.go  fields → Event, ProcInfo, ConnInfo
//	Out{Events, Messages, Stats}
//
// # Concurrency
//
// A Decoder belongs to one goroutine. From block to block it keeps nothing but
// caches of immutable values, so several Decoders may decode the blocks of one
// file in any order: a line yields what that line says and no more. They share
// the model.Interner alone.
//
// # What is accepted
//
// A line is one JSON object by RFC 8259, in any order of keys, with any white
// space; a key that stands twice counts by its last value, an unknown key is
// nothing, null is as good as absent. Whole numbers count by value, so 1, 1.0
// and 1e0 are the same pid and the same id. It differs from encoding/json on
// purpose in two points: a value nests at most 512 deep, and bytes that are no
// UTF-8 stay as they are.
//
// All else makes a line malformed, which is counted with the reason of the
// block's first: a line without ts, pid or ev, a known key with a value of
// another type or out of range, a line longer than MaxLine, a batch of more
// than MaxBatch items, a line of a later version of the log, whatever it holds. A
// key only matters on the events that have it, so a "child" on a send may be
// anything.
//
// Texts are bounded: 256 bytes of a method's name or of an err, 1 KiB of a
// host, an address, a URL.
//
// # Why a scanner of its own
//
// An event needs the extents of msg, params and result in the line: to read
// bodies back later, and because a model.Dialect takes them raw. valyala/fastjson,
// the fastest parser for such lines, builds a tree and does not say where its
// values stood. To scan for extents alone is also less work. Measured on one
// core of an AMD EPYC (Zen 4, 2.6 GHz) by BenchmarkBlock and BenchmarkFastjson,
// the latter without times, ids, classes and identities:
//
//	                                            Block                fastjson
//	requests and small replies, 225 bytes    218 ns  1030 MB/s    443 ns   508 MB/s
//	the same, 64 processes in one file       278 ns   810 MB/s    513 ns   440 MB/s
//	replies of 10 KB, 4.6 KB a line         1956 ns  2340 MB/s   2624 ns  1750 MB/s
//	batches of 20, 1.9 KB a line            1887 ns  1000 MB/s   2424 ns   780 MB/s
//
// per line, with model.NoDialect and without allocation.
package decode
