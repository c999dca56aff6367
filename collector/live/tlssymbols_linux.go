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
		names, err := f.Sections[s.Link].Data()
		if err != nil || !bytes.Contains(names, []byte("\x00SSL_write\x00")) {
			continue
		}
		symbols, err := s.Data()
		if err != nil {
			continue
		}
		for ; len(symbols) >= elf.Sym64Size; symbols = symbols[elf.Sym64Size:] {
			// Elf64_Sym: name, info, other, section, value, size (elf(5))
			name := binary.LittleEndian.Uint32(symbols)
			value := binary.LittleEndian.Uint64(symbols[8:])
			if elf.ST_TYPE(symbols[4]) != elf.STT_FUNC || value == 0 || int(name) >= len(names) || !bytes.HasPrefix(names[name:], []byte("SSL_")) {
				continue
			}
			for _, n := range openSSLNames {
				if text, _, _ := bytes.Cut(names[name:], []byte{0}); string(text) == n.name {
					found[n.is] = offsetOf(f, value)
				}
			}
		}
	}
	return found
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
