package ethereum

import "github.com/sessiontop/sessiontop/model"

// scalar is the fingerprint of a string: its kind, a word as a transaction
// hash, an address, a number, and the digest of the whole.
func scalar(s []byte) model.Fingerprint {
	d, ok := hexDigits(s)
	if !ok {
		return model.Fingerprint{Kinds: plainKind(s), Aux: model.Digest(s)}
	}
	f := model.Fingerprint{Kinds: hexKind(d), Aux: hexDigest(noZeros(d))}
	switch {
	case len(d) == wordDigits:
		f.Tx = hexDigest(d)
	case len(d) == addressDigits:
		f.Addr = hexDigest(d)
	case len(d) <= 16:
		f.Lo = hexNumber(s)
		f.Hi = f.Lo
	}
	return f
}

// plainKind is the kind of a string that is not hex.
func plainKind(s []byte) model.Kinds {
	for _, c := range s {
		if c < '0' || c > '9' {
			return kindText
		}
	}
	if len(s) == 0 {
		return kindText
	}
	return kindDecimal
}

// hexKind is the kind of a hex string by its digits.
func hexKind(d []byte) model.Kinds {
	odd, zero := len(d)%2 == 1, len(d) > 0 && d[0] == '0'
	switch n := len(d); {
	case n == 0:
		return kindHexEmpty
	case n <= 16:
		return either(odd, kindShortOdd, kindShortEven)
	case n == addressDigits:
		return either(zero, kindAddress0, kindAddress)
	case n == wordDigits:
		return either(zero, kindWord0, kindWord)
	case n == 130:
		return kindSignature
	case n > wordDigits:
		return either(odd, kindText, kindBytes)
	case zero && !odd:
		return kindZeroBytes
	case n <= 32:
		return either(odd, kindMidOdd, kindMidEven)
	}
	return either(odd, kindLongOdd, kindLongEven)
}

func either(cond bool, a, b model.Kinds) model.Kinds {
	if cond {
		return a
	}
	return b
}
