package wire

import (
	"encoding/binary"
	"math/bits"
)

// Opcodes of WebSocket frames (RFC 6455, 11.8).
const (
	wsContinuation = 0
	wsText         = 1
	wsBinary       = 2
	wsClose        = 8
	wsPong         = 10
)

// wsFrame is the header of a WebSocket frame.
type wsFrame struct {
	length     int64
	mask       [4]byte
	opcode     uint8
	fin        bool
	masked     bool
	compressed bool // RSV1
	padded     bool // the length is written longer than RFC 6455, 5.2, allows
}

// parseWSFrame reads the frame header that b starts with and returns its
// length; 0: b is too short, -1: it is none.
func parseWSFrame(b []byte) (h wsFrame, n int) {
	if len(b) < 2 {
		return h, 0
	}
	h.fin, h.compressed, h.opcode = b[0]&0x80 != 0, b[0]&0x40 != 0, b[0]&0x0f
	h.masked, h.length = b[1]&0x80 != 0, int64(b[1]&0x7f)
	control := h.opcode >= wsClose
	if b[0]&0x30 != 0 || h.opcode > wsPong || h.opcode > wsBinary && !control ||
		control && (!h.fin || h.length > 125 || h.compressed) {
		return h, -1
	}
	n = 2
	switch h.length {
	case 126:
		if n = 4; len(b) < n {
			return h, 0
		}
		h.length = int64(binary.BigEndian.Uint16(b[2:]))
		h.padded = h.length < 126
	case 127:
		if n = 10; len(b) < n {
			return h, 0
		}
		if h.length = int64(binary.BigEndian.Uint64(b[2:])); h.length < 0 || h.length > maxOff {
			return h, -1
		}
		h.padded = h.length < 1<<16
	}
	if h.masked {
		if len(b) < n+4 {
			return h, 0
		}
		n += copy(h.mask[:], b[n:n+4])
	}
	return h, n
}

// unmask takes the mask off b, the payload's bytes from n on.
func (h *wsFrame) unmask(b []byte, n int64) {
	m := bits.RotateLeft32(binary.LittleEndian.Uint32(h.mask[:]), -8*int(n&3))
	wide := uint64(m)<<32 | uint64(m)
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^wide)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= byte(m >> (8 * (i & 3)))
	}
}
