// Package wire turns the bytes that processes write to and read from their
// connections into messages, and says of each message which process wrote or
// read which part of it.
//
//	Chunk ─► order by offset ─► parser of the protocol ─► decode the body ─► Message
//	            (a flow: one direction of one connection)
//
// The protocol is found from the first bytes: HTTP/1.1, HTTP/2, WebSocket,
// JSON values one after another, and Content-Length framing as of the Language
// Server Protocol. A flow keeps its bytes in the order of the stream, whoever
// moved them, and so shows what the other end sees; but where processes write
// requests into each other, each one's own bytes are put together, and so show
// what it asked. A reply of which several read a part is one message, torn.
// Where bytes are missing or make no sense it goes on at the next plausible
// start of a message; whatever is skipped is counted in Loss.
//
// An Assembler does no I/O, starts no goroutine, has no clock, and holds no
// more than Options allow, whatever it is fed. It belongs to one goroutine.
package wire
