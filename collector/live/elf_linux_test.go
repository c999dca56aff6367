package live

import (
	"encoding/binary"
	"io"
	"os"
	"testing"
)

// boastful is a file that says of itself whatever a test wants, and is zero
// beyond that.
type boastful struct {
	head []byte
	read int64
}

func (b *boastful) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	if off < int64(len(b.head)) {
		copy(p, b.head[off:])
	}
	b.read += int64(len(p))
	return len(p), nil
}

// withTables is such a file: with so many sections, each a table of symbols of
// size bytes, whose names are in the first.
func withTables(segments, sections uint16, size uint64) *boastful {
	const header, section = 64, 64 // Elf64_Ehdr, Elf64_Shdr (elf(5))
	le := binary.LittleEndian
	b := make([]byte, header+section*int(max(sections, 2)))
	copy(b, "\x7fELF\x02\x01\x01")
	le.PutUint16(b[16:], 3)
	le.PutUint16(b[18:], 62)
	le.PutUint32(b[20:], 1)
	le.PutUint64(b[32:], header)
	le.PutUint64(b[40:], header)
	le.PutUint16(b[54:], 56)
	le.PutUint16(b[56:], segments)
	le.PutUint16(b[58:], section)
	le.PutUint16(b[60:], sections)
	le.PutUint16(b[62:], 1)
	names := uint64(len(b))
	if sections == 0 { // their number, and that of the names, stand in the first
		le.PutUint64(b[header+32:], 1<<40)
	}
	for i := 1; i < int(sections); i++ {
		h := b[header+section*i:]
		le.PutUint64(h[24:], names)
		if i == 1 {
			le.PutUint32(h[4:], 3) // SHT_STRTAB
			le.PutUint64(h[32:], 100)
			continue
		}
		le.PutUint32(h[4:], 11) // SHT_DYNSYM
		le.PutUint64(h[32:], size)
		le.PutUint32(h[40:], uint32(i))
	}
	return &boastful{head: append(b, "\x00SSL_write\x00"...)}
}

// TestBoastfulELF: of a file that claims tables without end no more is read than
// of the largest that there are.
func TestBoastfulELF(t *testing.T) {
	for name, file := range map[string]*boastful{
		"many tables":      withTables(0, 2000, 8<<20),
		"long tables":      withTables(0, 100, 1<<50),
		"sections beyond":  withTables(0, 0, 0),
		"segments no end":  withTables(65535, 3, 1<<20),
		"another's header": {head: []byte("\x7fELF\x02\x02\x01")},
	} {
		t.Run(name, func(t *testing.T) {
			if f, err := readELF(file); err == nil && len(openSSL(f)) > 0 {
				t.Error("found what is not there")
			}
			if file.read > maxRead+1<<20 {
				t.Errorf("read %d bytes", file.read)
			}
		})
	}
}

// TestReadELF: this program's tables are read.
func TestReadELF(t *testing.T) {
	file, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	f, err := readELF(io.NewSectionReader(file, 0, 1<<40))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := findGoTLS(f); !ok {
		t.Error("this program's crypto/tls isn't found")
	}
}
