// Package decode turns the lines of a session log into events: the hottest
// path of the program.
//
//	block of whole lines ─► scanner (one pass: valid? where do values end?)
//	                     ─► fields ─► Event          (line → event.go)
//	                     └► msg    ─► Messages ─► Fingerprint by the dialect
//
// A Decoder belongs to one goroutine and keeps nothing from block to block but
// caches, so the blocks of a file may be decoded by several Decoders, in any
// order: a line yields what that line says and no more.
package decode
