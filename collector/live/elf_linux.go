package live

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"io"
)

// readELF reads a program or library of this machine's kind, and so much of its
// tables as they may be long: a process may map whatever it likes, and what a
// sparse file says of itself costs nothing to write.
func readELF(file io.ReaderAt) (*elf.File, error) {
	const (
		size        = 64 // Elf64_Ehdr (elf(5))
		maxSegments = 256
	)
	var h [size]byte
	if _, err := file.ReadAt(h[:], 0); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	sections, segments := le.Uint16(h[60:]), le.Uint16(h[56:])
	switch {
	case elf.Class(h[elf.EI_CLASS]) != elf.ELFCLASS64, elf.Data(h[elf.EI_DATA]) != elf.ELFDATA2LSB:
		return nil, errors.New("a file of another kind of machine")
	case sections == 0, segments > maxSegments: // 0: none, or more than the header can say
		return nil, errors.New("no tables that a linker makes")
	}
	return elf.NewFile(&bounded{file, maxRead})
}

// bounded reads so many bytes of a file, and no more.
type bounded struct {
	io.ReaderAt
	left int64
}

func (b *bounded) ReadAt(p []byte, off int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errors.New("its tables are too long")
	}
	return b.ReaderAt.ReadAt(p, off)
}
