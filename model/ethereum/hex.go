package ethereum

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"

	"github.com/sessiontop/sessiontop/model"
)

const (
	addressDigits = 40
	wordDigits    = 64
	lowerCase     = 0x2020202020202020 // turns A to F into a to f and leaves 0 to 9
)

// hexDigits cuts the 0x off s; false where s is not 0x and hex digits.
func hexDigits(s []byte) ([]byte, bool) {
	if len(s) < 2 || s[0] != '0' || s[1]|0x20 != 'x' {
		return nil, false
	}
	return s[2:], allHex(s[2:])
}

// allHex looks at eight digits at a time: adding 0x80-n sets the high bit of
// every byte that is n or more.
func allHex(s []byte) bool {
	const ones = 0x0101010101010101
	for ; len(s) >= 8; s = s[8:] {
		w := binary.LittleEndian.Uint64(s) | lowerCase
		if w&(ones<<7) != 0 {
			return false
		}
		digit := (w + ones*(0x80-'0')) &^ (w + ones*(0x80-'9'-1))
		letter := (w + ones*(0x80-'a')) &^ (w + ones*(0x80-'f'-1))
		if (digit|letter)&(ones<<7) != ones<<7 {
			return false
		}
	}
	for _, c := range s {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

// noZeros cuts leading zeros off, so that 0x0a and 0xa are the same value.
func noZeros(digits []byte) []byte {
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits
}

// hexDigest is the model.Digest of the digits in lower case; of more than 64,
// the digests of every 64 of them joined. Request and result both use it.
func hexDigest(digits []byte) uint64 {
	if len(digits) <= wordDigits {
		return blockDigest(digits)
	}
	h := uint64(len(digits))
	for len(digits) > 0 {
		n := min(wordDigits, len(digits))
		h = bits.RotateLeft64(h, 23)*0x9e3779b97f4a7c15 + blockDigest(digits[:n])
		digits = digits[n:]
	}
	return h | 1
}

func blockDigest(digits []byte) uint64 {
	var buf [wordDigits]byte
	i := 0
	for ; i+8 <= len(digits); i += 8 {
		binary.LittleEndian.PutUint64(buf[i:], binary.LittleEndian.Uint64(digits[i:])|lowerCase)
	}
	for ; i < len(digits); i++ {
		buf[i] = digits[i] | 0x20
	}
	return model.Digest(buf[:len(digits)])
}

// wordDigest is the hexDigest of 32 bytes.
func wordDigest(b [32]byte) uint64 {
	var buf [wordDigits]byte
	hex.Encode(buf[:], b[:])
	return model.Digest(buf[:])
}

// fixedDigest is the digest of a hex string of exactly n digits, else 0.
func fixedDigest(s []byte, n int) uint64 {
	if len(s) != n+2 {
		return 0
	}
	if d, ok := hexDigits(s); ok {
		return hexDigest(d)
	}
	return 0
}

// hexNumber is the value of a hex string + 1, 0 where it is none or does not
// fit.
func hexNumber(s []byte) uint64 {
	d, ok := hexDigits(s)
	if !ok || len(d) == 0 {
		return 0
	}
	if d = noZeros(d); len(d) > 16 {
		return 0
	}
	n := uint64(0)
	for _, c := range d {
		if c |= 0x20; c >= 'a' {
			c -= 'a' - '0' - 10
		}
		n = n<<4 | uint64(c-'0')
	}
	return n + 1
}

// decimalNumber is the value of a JSON integer + 1, 0 where it is none or does
// not fit.
func decimalNumber(s []byte) uint64 {
	if len(s) == 0 || len(s) > 18 {
		return 0
	}
	n := uint64(0)
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + uint64(c-'0')
	}
	return n + 1
}

// number reads a block number, a hex string or a JSON integer, + 1; anything
// else is skipped and 0.
func (c *cursor) number() uint64 {
	switch c.peek() {
	case '"':
		return hexNumber(c.text())
	case '{', '[':
		c.skipContainer()
		return 0
	}
	return decimalNumber(c.literal())
}

// digest reads a hex string of n digits; anything else is skipped and 0.
func (c *cursor) digest(n int) uint64 {
	if c.peek() != '"' {
		c.skip()
		return 0
	}
	return fixedDigest(c.text(), n)
}

// value reads a hex string of any length, leading zeros aside; anything else
// is skipped and 0.
func (c *cursor) value() uint64 {
	if c.peek() != '"' {
		c.skip()
		return 0
	}
	d, ok := hexDigits(c.text())
	if !ok || len(d) == 0 {
		return 0
	}
	return hexDigest(noZeros(d))
}
