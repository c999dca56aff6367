package wire

// Loss counts what could not be turned into messages.
type Loss struct {
	Gaps         uint64 // places where bytes are missing
	GapBytes     uint64 // how many, where it is known
	Skipped      uint64 // bytes passed over in search of a message's start, or ignored on purpose
	Resyncs      uint64 // searches begun
	TooLong      uint64 // messages longer than Options.MaxMessage, or headers longer than MaxHeader
	TooLongBytes uint64 // their bytes
	Duplicate    uint64 // bytes that came again (MSG_PEEK, retransmission) or too late
	Undecoded    uint64 // bodies that could not be decompressed
	Cut          uint64 // messages that a gap or the connection's end left unfinished
	Streams      uint64 // HTTP/2 streams given up: reset, or too many
	Pieces       uint64 // chunks whose process is not named since a message has too many pieces
	Evicted      uint64 // connections forgotten to stay within Options (in totals only)
}

// Add adds o to l.
func (l *Loss) Add(o Loss) {
	l.Gaps += o.Gaps
	l.GapBytes += o.GapBytes
	l.Skipped += o.Skipped
	l.Resyncs += o.Resyncs
	l.TooLong += o.TooLong
	l.TooLongBytes += o.TooLongBytes
	l.Duplicate += o.Duplicate
	l.Undecoded += o.Undecoded
	l.Cut += o.Cut
	l.Streams += o.Streams
	l.Pieces += o.Pieces
	l.Evicted += o.Evicted
}
