package live

import (
	"bytes"
	"debug/elf"
	"runtime"
)

// goTLS is where in a Go program's file the functions of crypto/tls stand that
// are watched: where they begin, and all their RETs. An uprobe at a return
// address would break a Go program, which moves its stacks.
type goTLS struct {
	read, write goFunction
}

// findGoTLS finds them; false where the program has none.
func findGoTLS(f *elf.File) (goTLS, bool) {
	text := f.Section(".text")
	section := f.Section(".gopclntab")
	if section == nil {
		section = f.Section(".data.rel.ro.gopclntab") // of a position-independent program
	}
	if text == nil || section == nil {
		return goTLS{}, false
	}
	table, ok := parsePclntab(contentOf(section))
	if !ok {
		return goTLS{}, false
	}
	read, ok := table.find("crypto/tls.(*Conn).Read")
	write, also := table.find("crypto/tls.(*Conn).Write")
	if !ok || !also {
		return goTLS{}, false
	}
	base, ok := goBase(text, &read, &write)
	if !ok {
		return goTLS{}, false
	}
	return goTLS{read: inFile(f, text, base, &read), write: inFile(f, text, base, &write)}, true
}

// inFile is the function as it stands in the file, with its RETs alone.
func inFile(f *elf.File, text *elf.Section, base uint64, fn *goFunction) goFunction {
	found := goFunction{entry: offsetOf(f, base+fn.entry)}
	for _, pc := range fn.returns {
		if isReturn(text, base+pc) {
			found.returns = append(found.returns, offsetOf(f, base+pc))
		}
	}
	return found
}

// goBase is the address from which Go's program counters count. It is that of
// the program's text but where a C linker put something before Go's: then it is
// where, of both functions, all but the last bare places are RETs. (Those behind
// the last RET of a function call for more stack.)
func goBase(text *elf.Section, read, write *goFunction) (uint64, bool) {
	const align, reach = 16, 1 << 16
	for base := text.Addr; base < text.Addr+reach; base += align {
		fits := 0
		for _, fn := range []*goFunction{read, write} {
			n := len(fn.returns)
			for i, pc := range fn.returns {
				if isReturn(text, base+pc) {
					fits++
				} else if i < n-1 {
					fits = -n
					break
				}
			}
		}
		if fits > 1 {
			return base, true
		}
	}
	return 0, false
}

// isReturn says whether the instruction at an address is RET.
func isReturn(text *elf.Section, address uint64) bool {
	ret := []byte{0xc3}
	if runtime.GOARCH == "arm64" {
		ret = []byte{0xc0, 0x03, 0x5f, 0xd6}
	}
	b := make([]byte, len(ret))
	_, err := text.ReadAt(b, int64(address-text.Addr))
	return err == nil && bytes.Equal(b, ret)
}
