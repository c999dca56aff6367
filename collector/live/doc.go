// Package live watches running processes: what they write to and read from
// their connections, and who forks whom. It needs no help from them: no
// restart, no proxy, no recorder, and it leaves no trace when it ends.
//
//	tracepoints (bpf/) ─► ring ─► sample ─► tracker ─► record ─► line ─► event ─► sink
//	                                                 │  wire.Assembler       │
//	                                                 └ processes, connections └ spill (model.Bodies)
//
// # What is seen
//
// Bytes are copied in the kernel, in the process's own context, when a write to
// or a read from a TCP or Unix stream socket returns, and their place in a TCP
// stream is taken under the socket's lock. So the order of two processes that
// share a connection is that of the wire, whatever their clocks say. A message
// of which two processes moved parts becomes one partial record for each.
//
// Only the client's end of a connection is shown. What is no JSON-RPC, or is
// the server's end, or is encrypted, is soon passed over in the kernel.
//
// # What is not
//
// Bytes that pass without a buffer of the process (sendfile, splice, io_uring)
// are known by their number only, and TLS not at all. A Unix socket has no
// offsets, so there the order of two processes is that of their stamps.
//
// # Loss
//
// When the ring (16 MiB) is full, records are dropped, counted for each
// connection, and reported: as lost records, and in SourceStat.Lost. A message
// with a hole in it is not shown; it is counted in Stats.Incomplete.
//
// # Why tracepoints
//
// sock_send_length and sock_recv_length (Linux 6.3) see TCP and Unix sockets
// alike, after the copy, in the caller's context; they patch no kernel text, as
// kprobes and fentry do, so they work where that is locked down. Records are
// reserved in sizes that are powers of two, at most 64 KiB, and what is longer
// becomes several: that needs no helper that 6.3 does not have, and the ring
// does not drop long messages first.
//
// # What it costs
//
// Measured by BenchmarkCost on two shared cores of an AMD EPYC (Linux 6.18), one
// client and one server in Go, 300-byte messages, in alternating rounds against
// the same client unwatched: at 20,000 calls a second 1.00 of its rate (tcpdump
// 1.00, strace 0.37); as fast as both cores allow 0.83 (tcpdump 0.96, strace
// 0.31). User space takes 6.5 µs for a call with its reply, findings included.
//
// # Concurrency
//
// Attach returns a Capture that already captures; Run empties the ring and may
// be called once. Stats and Body may be called from any goroutine.
package live
