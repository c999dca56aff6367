package live

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// tlsFunction is a function of a TLS library; the numbers are those of
// bpf/tls.h.
type tlsFunction uint64

const (
	tlsRead tlsFunction = iota + 1
	tlsReadEx
	tlsWrite
	tlsWriteEx
	tlsHandshake
	tlsFree
	tlsGoRead
	tlsGoWrite
)

// openSSLNames are the functions of OpenSSL and its forks that are watched.
var openSSLNames = [...]struct {
	name string
	is   tlsFunction
}{
	{"SSL_read", tlsRead}, {"SSL_read_ex", tlsReadEx}, {"SSL_write", tlsWrite}, {"SSL_write_ex", tlsWriteEx},
	{"SSL_do_handshake", tlsHandshake}, {"SSL_free", tlsFree},
}

// openSSL finds OpenSSL's functions in a program or library, each by where it
// stands in the file.
func openSSL(f *elf.File) map[tlsFunction]uint64 {
	found := map[tlsFunction]uint64{}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_DYNSYM && s.Type != elf.SHT_SYMTAB || int(s.Link) >= len(f.Sections) {
			continue
		}
		names := contentOf(f.Sections[s.Link])
		if !bytes.Contains(names, []byte("\x00SSL_write\x00")) {
			continue
		}
		for symbols := contentOf(s); len(symbols) >= elf.Sym64Size; symbols = symbols[elf.Sym64Size:] {
			// Elf64_Sym: name, info, other, section, value, size (elf(5))
			name := binary.LittleEndian.Uint32(symbols)
			at := offsetOf(f, binary.LittleEndian.Uint64(symbols[8:]))
			if elf.ST_TYPE(symbols[4]) != elf.STT_FUNC || at == 0 || int(name) >= len(names) || !bytes.HasPrefix(names[name:], []byte("SSL_")) {
				continue
			}
			for _, n := range openSSLNames {
				if text, _, _ := bytes.Cut(names[name:], []byte{0}); string(text) == n.name {
					found[n.is] = at
				}
			}
		}
	}
	return found
}

// Bounds of what is read of a section, and of a file: the largest programs have
// tables of a hundred megabytes.
const (
	maxContent = 128 << 20
	maxRead    = 256 << 20
)

// contentOf is what stands in a section; nil where it is not plain, or is too
// long.
func contentOf(s *elf.Section) []byte {
	if s.Flags&elf.SHF_COMPRESSED != 0 || s.Type == elf.SHT_NOBITS || s.FileSize > maxContent {
		return nil
	}
	if s.FileSize == 0 {
		return nil
	}
	if _, err := s.ReadAt(make([]byte, 1), int64(s.FileSize)-1); err != nil {
		return nil // no memory is taken for what is not there, or will not be read
	}
	b := make([]byte, s.FileSize)
	if _, err := s.ReadAt(b, 0); err != nil {
		return nil
	}
	return b
}

// offsetOf is where in the file stands what is loaded at an address; 0: nowhere.
func offsetOf(f *elf.File, address uint64) uint64 {
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && address >= p.Vaddr && address-p.Vaddr < p.Filesz {
			return address - p.Vaddr + p.Off
		}
	}
	return 0
}
