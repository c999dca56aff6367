package tail

import "sync"

// Block is some whole lines of one source.
type Block struct {
	// Source is the SourceInfo.ID of the file or stream.
	Source uint32
	// Offset is where Data begins in the source, in bytes, decompressed.
	Offset int64
	// Data is whole lines with their newlines; the last lacks its newline only
	// at the real end of the source. It is empty where a turn went into bytes
	// that are passed over (a line that is too long). Valid until Release.
	Data []byte

	buf  *[]byte
	pool *bufferPool
}

// Release gives the buffer of Data back. Call it at most once; a block that is
// never released is merely garbage.
func (b Block) Release() {
	if b.buf != nil {
		b.pool.put(b.buf)
	}
}

// bufferPool hands out buffers of one size.
type bufferPool struct {
	size int
	pool sync.Pool
}

func (p *bufferPool) get() *[]byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return b
	}
	b := make([]byte, p.size)
	return &b
}

func (p *bufferPool) put(b *[]byte) { p.pool.Put(b) }
