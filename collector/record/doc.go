// Package record writes session logs, version 1: what one process saw of its
// JSON-RPC sessions, one JSON object per line, one file per process.
//
// AppendRecord encodes one line and does nothing else. A Writer adds what a
// program needs to log itself: the file, its stamps, its redaction, and the
// promise that a full disk never reaches the program: what cannot be written
// is dropped, counted, and reported in the log as soon as it can be.
//
// A Folder keeps the logs of many processes within limits: it rotates them by
// size and age, packs what was rotated, and removes the oldest.
//
// Transport is the recorder of Go programs for HTTP; package tap has the one
// for WebSocket and IPC.
//
// AppendRecord, Self and ConnOf may be called from any goroutine, and so may
// every method of a Writer and of a Folder.
package record
