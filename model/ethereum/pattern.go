package ethereum

import (
	"bytes"
	"regexp"
	"strconv"

	"github.com/sessiontop/sessiontop/model"
)

var (
	decimalPattern = regexp.MustCompile(`^\^(\(0\|\[1-9\](\[0-9\]|\\d)\*\)|(\[0-9\]|\\d)[*+])\$$`)
	// hexPattern is 0x and digits of one class, or a quantity: 0, or such
	// digits after one that is not 0.
	hexPattern = regexp.MustCompile(`^\^0x(` + digitClass + repeat + `|\(0\|\[1-9a-f(A-F)?\](` + digitClass + repeat + `)?\)|\(\[1-9a-f(A-F)?\](` + digitClass + repeat + `)?\|0\))\$$`)
	counts     = regexp.MustCompile(`[0-9]{2,}`)
)

const (
	digitClass = `\[(0-9a-f|0-9a-fA-F|0-9A-Fa-f|a-f0-9|a-fA-F\\d|a-fA-F0-9|A-Fa-f0-9)\]`
	repeat     = `([*+]|\{\d+(,\d*)?\})`
)

// patternKinds is the kinds of the strings that match the pattern: those of
// Ethereum's hex strings and decimal numbers are recognised, any other pattern
// may match every string.
func patternKinds(pattern string) model.Kinds {
	switch {
	case decimalPattern.MatchString(pattern):
		return kindDecimal | kindText // "" of a pattern with *
	case hexPattern.MatchString(pattern):
		if compiled, err := regexp.Compile(pattern); err == nil {
			return hexKinds(compiled, lengths(pattern))
		}
	}
	return anyString
}

// lengths are numbers of digits enough to meet every kind, and those that the
// pattern itself mentions.
func lengths(pattern string) []int {
	var all []int
	for n := range 140 {
		all = append(all, n)
	}
	all = append(all, 1000)
	for _, count := range counts.FindAllString(pattern, -1) {
		if n, err := strconv.Atoi(count); err == nil && n <= 1000 {
			all = append(all, n, n+1)
		}
	}
	return all
}

// hexKinds tries a string of each length, with and without leading zero: the
// digits of these patterns are all of one class, so one stands for all.
func hexKinds(pattern *regexp.Regexp, lengths []int) (k model.Kinds) {
	for _, n := range lengths {
		digits := bytes.Repeat([]byte{'1'}, n)
		for _, lead := range []byte("01") {
			if n > 0 {
				digits[0] = lead
			}
			if pattern.Match(append([]byte("0x"), digits...)) {
				k |= hexKind(digits)
			}
		}
	}
	return k
}
