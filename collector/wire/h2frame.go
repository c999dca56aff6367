package wire

import "encoding/binary"

// Types of HTTP/2 frames (RFC 9113, 6).
const (
	frameData         = 0
	frameHeaders      = 1
	framePriority     = 2
	frameReset        = 3
	frameSettings     = 4
	framePushPromise  = 5
	framePing         = 6
	frameGoAway       = 7
	frameWindowUpdate = 8
	frameContinuation = 9

	flagEndStream  = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20

	frameHeader = 9 // bytes
)

// frame is the header of an HTTP/2 frame.
type frame struct {
	length int
	kind   uint8
	flags  uint8
	stream uint32
}

// parseFrame reads the frame header that b starts with; it has frameHeader
// bytes at least.
func parseFrame(b []byte) frame {
	return frame{
		length: int(b[0])<<16 | int(b[1])<<8 | int(b[2]), kind: b[3], flags: b[4],
		stream: binary.BigEndian.Uint32(b[5:]),
	}
}

// plausible is whether a frame may look so; it decides where a search finds one.
func (h frame) plausible() bool {
	const longest = 1 << 20
	odd := h.stream&1 == 1 && h.stream < 1<<31
	switch h.kind {
	case frameData:
		return odd && h.length <= longest && h.flags&^(flagEndStream|flagPadded) == 0
	case frameHeaders:
		return odd && h.length > 0 && h.length <= maxHeader &&
			h.flags&^(flagEndStream|flagEndHeaders|flagPadded|flagPriority) == 0
	case framePriority:
		return odd && h.length == 5 && h.flags == 0
	case frameReset:
		return odd && h.length == 4 && h.flags == 0
	case frameSettings:
		return h.stream == 0 && h.length%6 == 0 && h.flags <= 1 && h.length <= 6*64
	case framePing:
		return h.stream == 0 && h.length == 8 && h.flags <= 1
	case frameGoAway:
		return h.stream == 0 && h.length >= 8 && h.length <= maxHeader && h.flags == 0
	case frameWindowUpdate:
		return (odd || h.stream == 0) && h.length == 4 && h.flags == 0
	}
	return false
}

// unpad is the payload b of a frame without its padding; false: there is more
// padding than payload.
func (h frame) unpad(b []byte) ([]byte, bool) {
	if h.flags&flagPadded == 0 {
		return b, true
	}
	if len(b) == 0 || int(b[0]) >= len(b) {
		return nil, false
	}
	return b[1 : len(b)-int(b[0])], true
}
