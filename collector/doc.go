// Package collector turns the outside into model events: it follows files,
// decodes them in parallel and merges them by time.
//
//	tail.Set ─► lane (one a file: blocks, decoded by a pool) ─► merge by time ─► emit     cold
//	tail.Set ─► decode ─► reorder (100 ms) ─► emit                                       live
//
// A source that begins like the log of another program is translated between
// tail and the decoder (feed, translation; package foreign); its bodies are read
// back from the translation, and Place says where they stand in the log itself.
//
// A Source's Run owns the goroutines it starts and returns when all have ended.
// emit is called from one goroutine at a time, and blocks while the model is
// behind.
package collector
