package decode

import "math"

// integer is a whole number as magnitude and sign, for socket cookies take all
// 64 bits.
type integer struct {
	mag uint64
	neg bool
}

// parseInteger is the value of a valid JSON value if that is a whole number of
// at most 64 bits and a sign. It goes by value: 10, 10.0 and 1e1 are the same.
func parseInteger(raw []byte) (n integer, ok bool) {
	i := 0
	if raw[0] == '-' {
		n.neg, i = true, 1
	}
	if !isDigit(raw[i]) {
		return n, false // no number
	}
	if len(raw)-i > 18 { // may not fit, or has a long fraction
		return parseDecimal(raw)
	}
	for ; i < len(raw); i++ {
		if !isDigit(raw[i]) {
			return parseDecimal(raw)
		}
		n.mag = n.mag*10 + uint64(raw[i]-'0')
	}
	return n, true
}

// parseDecimal is parseInteger for numbers with a fraction, an exponent or
// many digits. It counts where the decimal point goes, so it is exact.
func parseDecimal(raw []byte) (n integer, ok bool) {
	if raw[0] == '-' {
		n.neg, raw = true, raw[1:]
	}
	exp, mantissa := exponent(raw)
	zeros := 0 // at the end of the digits so far: they only count if more follow
	point := false
	for _, c := range mantissa {
		if c == '.' {
			point = true
			continue
		}
		if point {
			exp--
		}
		if c == '0' {
			zeros++
			continue
		}
		if !n.shift(zeros+1) || n.mag > math.MaxUint64-uint64(c-'0') {
			return n, false
		}
		n.mag += uint64(c - '0')
		zeros = 0
	}
	exp += zeros
	return n, n.mag == 0 || exp >= 0 && n.shift(exp)
}

// shift multiplies by ten to the power of by and says whether that fits.
func (n *integer) shift(by int) bool {
	if n.mag == 0 {
		return true
	}
	for ; by > 0; by-- {
		if n.mag > math.MaxUint64/10 {
			return false
		}
		n.mag *= 10
	}
	return true
}

// exponent splits a number without its sign into exponent and mantissa. An
// exponent out of all proportion stops growing.
func exponent(raw []byte) (exp int, mantissa []byte) {
	const enough = 1 << 40 // far more than a line has digits
	for i, c := range raw {
		if c|0x20 != 'e' {
			continue
		}
		digits, neg := raw[i+1:], false
		if digits[0] == '-' || digits[0] == '+' {
			neg, digits = digits[0] == '-', digits[1:]
		}
		for _, d := range digits {
			if exp < enough {
				exp = exp*10 + int(d-'0')
			}
		}
		if neg {
			exp = -exp
		}
		return exp, raw[:i]
	}
	return 0, raw
}

// int64 is the integer as an int64, if it is one.
func (n integer) int64() (int64, bool) {
	if n.neg {
		return int64(-n.mag), n.mag <= 1<<63
	}
	return int64(n.mag), n.mag <= math.MaxInt64
}
