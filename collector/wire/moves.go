package wire

// What a byte between two tokens of JSON does.
const (
	wrong = iota
	stay
	text // begins a string
	name // begins a key
	colon
	nextItem
	nextName
	object // begins one
	array  // begins one
	leave  // ends one of both
	scalar // begins a literal or number
)

// Classes of bytes between tokens.
const (
	otherByte = iota
	spaceByte
	quoteByte
	colonByte
	commaByte
	openBrace
	closeBrace
	openBracket
	closeBracket
	scalarByte
	numClasses
)

var classOf = [256]uint8{
	' ': spaceByte, '\t': spaceByte, '\r': spaceByte, '\n': spaceByte,
	'"': quoteByte, ':': colonByte, ',': commaByte,
	'{': openBrace, '}': closeBrace, '[': openBracket, ']': closeBracket,
	't': scalarByte, 'f': scalarByte, 'n': scalarByte, '-': scalarByte,
	'0': scalarByte, '1': scalarByte, '2': scalarByte, '3': scalarByte, '4': scalarByte,
	'5': scalarByte, '6': scalarByte, '7': scalarByte, '8': scalarByte, '9': scalarByte,
}

// moves says what a class of bytes does in a state up to scanNextMember.
var moves = [scanString][numClasses]uint8{
	scanValue:      {spaceByte: stay, quoteByte: text, openBrace: object, openBracket: array, scalarByte: scalar},
	scanFirstItem:  {spaceByte: stay, quoteByte: text, openBrace: object, openBracket: array, scalarByte: scalar, closeBracket: leave},
	scanFirstKey:   {spaceByte: stay, quoteByte: name, closeBrace: leave},
	scanKey:        {spaceByte: stay, quoteByte: name},
	scanColon:      {spaceByte: stay, colonByte: colon},
	scanNextItem:   {spaceByte: stay, commaByte: nextItem, closeBracket: leave},
	scanNextMember: {spaceByte: stay, commaByte: nextName, closeBrace: leave},
}
