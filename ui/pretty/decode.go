package pretty

import (
	"math/big"
	"strings"
	"time"
)

// Decode says in words what the hex quantity value of the field key is, "" where
// value is none: "0x10d4f" is 68,943. A quantity is what Ethereum's JSON-RPC
// calls one: 0x, then at most 32 digits with no leading zero; hashes, addresses
// and data are left alone.
func Decode(key, value string) string {
	digits, ok := strings.CutPrefix(value, "0x")
	if !ok || digits == "" || len(digits) > 32 || digits[0] == '0' && len(digits) > 1 {
		return ""
	}
	n, ok := new(big.Int).SetString(digits, 16)
	if !ok {
		return ""
	}
	switch key {
	case "timestamp":
		if n.IsInt64() && n.Int64() < 1<<35 {
			return time.Unix(n.Int64(), 0).UTC().Format("2006-01-02 15:04:05 UTC")
		}
	case "value", "balance":
		return scaled(n, 18) + " ether"
	case "gasPrice", "baseFeePerGas", "maxFeePerGas", "maxPriorityFeePerGas", "effectiveGasPrice":
		return scaled(n, 9) + " gwei"
	}
	return Thousands(n.String())
}

// scaled is n / 10^places in decimal, without zeros at its end.
func scaled(n *big.Int, places int) string {
	s := n.String()
	if len(s) <= places {
		s = strings.Repeat("0", places+1-len(s)) + s
	}
	whole, frac := s[:len(s)-places], strings.TrimRight(s[len(s)-places:], "0")
	if frac == "" {
		return Thousands(whole)
	}
	return Thousands(whole) + "." + frac
}

// Thousands puts a comma between each three digits of a decimal number.
func Thousands(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}
