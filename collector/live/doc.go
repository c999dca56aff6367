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
// A Unix socket has no such place. What is read of it is counted where the kernel
// copies it, under the reader's lock. What is written is seen when it has been
// queued, too late for the order of two that write at one moment. So where others
// than the process that connected it may hold a Unix socket, what its server reads
// of it is copied as well, and the writes are found in that by their bytes: a
// socketQueue. Which of two equal writes of nearly the same time was first is not
// known; they get no offset, nor does what the server does not read for 100 ms, or
// reads in a way that is not seen: it is told by its stamp. No event is handed over
// before one that waits.
//
// Offsets are written while several processes hold a connection: to judge by them
// costs the model twice as much, and one process alone knows its own order.
//
// What a connection carried before it was watched is not known, and that is said:
// a reply to it is nobody's fault.
//
// Only the client's end of a connection is shown. What is no JSON-RPC, or is
// the server's end, is soon passed over in the kernel.
//
// # TLS
//
// Of TLS, what the library is handed and returns is copied, by uprobes: OpenSSL
// 1.1 and 3 and its forks (SSL_read, SSL_write and their _ex), wherever they
// have names: in libssl as Python and curl load it, in the program as in
// Node.js; and Go's crypto/tls (Go 1.18 or later), stripped or not. Every file
// that a watched process maps is looked at once, at the start, after an exec,
// and when a process sends TLS of which nothing is seen; the system's libssl is
// looked at before anybody maps it. Of a program whose file is new, the first
// milliseconds are missed; its connections are then taken as ones that were there
// before. No offsets within other
// people's structures are known or guessed: which socket a session is on is told
// by what the same thread, or goroutine, sends and receives within the library's
// call; or just before or after it, where the program moves the ciphertext itself
// (Node.js, asyncio).
//
// Two processes cannot share a TLS connection for long: each goes on counting
// its records where the parent was, and the server ends it with bad_record_mac.
// Before that, either can decrypt what the other was to read. What is seen is that
// both used it, which reply went astray, and, mostly, that others never came.
//
// # What is not
//
// Bytes that pass without a buffer of the process (sendfile, splice, io_uring),
// by sendmmsg and recvmmsg, or in a 32-bit program are known by their number only:
// they are counted in Stats.Incomplete, and told of as lost. Other TLS libraries
// (rustls, GnuTLS, NSS, Java) and OpenSSL without names are not read; their
// connections are counted in Stats.Encrypted. TLS has no offsets, so there the
// order of two processes is that of their stamps.
//
// # Loss
//
// When the ring (16 MiB) is full, records are dropped, counted for each
// connection, and reported: as lost records, and in SourceStat.Lost. A message
// with a hole in it, or of more than 64 MiB, is not shown; it is counted in
// Stats.Incomplete. Each process on the connection is told of as one that may
// miss something, so that what was dropped accuses nobody.
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
// Where a kernel lacks one of them, and one that tells where a write stands
// (Linux 6.16), programs at the entries and ends of the functions which those
// tracepoints were put into do the same (fentry and fexit; with the helpers that
// are used otherwise, from 5.17 on, on arm64 from 6.4). Where the kernel's text is
// locked down as well, the stamps of the writes are their order before 6.16, and
// before 6.3 there is no live capture.
//
// Since Linux 7.0 tracepoints are preemptible, and the kernel passes over a
// program that it finds busy on a CPU. There the programs for bytes are attached
// twice; the second does what the first was passed over for.
//
// Uprobes are attached by uprobe_multi links (Linux 6.6), which need no other
// rights than the tracepoints, and before that one by one, to perf events. Go
// functions have no return probes, which would break a stack that moves: all
// their RETs are probed, found by the table that tells where the frame is gone.
//
// # What it costs
//
// Measured by BenchmarkCost on two shared cores of an AMD EPYC (Linux 6.18), one
// client and one server in Go, 300-byte messages, in alternating rounds against
// the same client unwatched: at 20,000 calls a second 1.00 of its rate (tcpdump
// 1.00, strace 0.31); as fast as both cores allow 0.85 (0.80 to 0.87 in a dozen
// runs; tcpdump 0.95, strace 0.19), of which the programs in the kernel take 0.03
// to 0.09. Two workers in Python, as fast as they can: 0.93 (tcpdump 0.99, strace
// 0.44). User space takes 4 to 6 µs for a call with its reply, findings included.
// Over TLS, a Go client as fast as it can (BenchmarkTLSCost): 0.93 in HTTP/1.1,
// 0.87 in HTTP/2.
//
// # Concurrency
//
// Attach returns a Capture that already captures; Run empties the ring and may
// be called once. Stats and Body may be called from any goroutine.
package live
