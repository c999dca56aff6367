package strace

// leadingInt is the decimal number that b starts with and how many digits it
// has; 0 digits where there is none, or one too long to be meant.
func leadingInt(b []byte) (n int64, digits int) {
	const most = 18 // fit an int64
	for digits < len(b) && b[digits] >= '0' && b[digits] <= '9' {
		if digits == most {
			return 0, 0
		}
		n = n*10 + int64(b[digits]-'0')
		digits++
	}
	return n, digits
}

// fraction is the fraction of a second that b starts with, in nanoseconds, and
// its length; 0 where there is none.
func fraction(b []byte) (nanos int64, length int) {
	if len(b) < 2 || b[0] != '.' {
		return 0, 0
	}
	n, digits := leadingInt(b[1:])
	if digits == 0 || digits > 9 {
		return 0, 0
	}
	for range 9 - digits {
		n *= 10
	}
	return n, 1 + digits
}
